"""What could run text as code, or unpack over other files, is called where it is allowed by name and nowhere else."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "engine", "operators", "resources", "pages")
FORBIDDEN = {
    "eval", "exec", "compile", "__import__",
    "pickle.load", "pickle.loads", "pickle.Unpickler", "operators.contract.values.pickles.unpickled",
    "cloudpickle.load", "cloudpickle.loads", "joblib.load",
    "skops.io.load", "skops.io.loads", "operators.contract.values.codec.decoded",
    "torch.load", "yaml.load", "yaml.unsafe_load", "yaml.full_load", "marshal.loads", "shelve.open",
    "os.system", "os.popen", "extractall", "shutil.unpack_archive",
}  # fmt: skip
ALLOWED = {
    ("engine/graph/yaml_text.py", "yaml.load"): "a loader that makes what JSON can say, and nothing else",
    ("engine/stores/trained.py", "operators.contract.values.codec.decoded"): "signed here, and verified before",
    ("operators/contract/values/codec/formats.py", "operators.contract.values.pickles.unpickled"): "as `decoded`",
    ("operators/contract/values/codec/models.py", "operators.contract.values.pickles.unpickled"): "as `decoded`",
    ("operators/contract/values/codec/skops_format.py", "skops.io.loads"): "as `decoded`, and of listed types alone",
    ("operators/contract/values/pickles.py", "pickle.Unpickler"): "what is read was verified by who calls",
    ("operators/script/child.py", "exec"): "the code of a user, in a process that has nothing",
    ("operators/script/child.py", "compile"): "the code of a user, in a process that has nothing",
}


def names_of(tree):
    """Return what names stand for after imports: `{"loads": "pickle.loads"}`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {one.asname: one.name for one in node.names if one.asname}
    return found


def calls_in(text):
    """Return the dangerous calls of a text, as they are called in `FORBIDDEN`."""
    tree = ast.parse(text)
    meant = names_of(tree)
    found = set()
    for base in (base for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases):
        found |= {_meant(base, meant)} & FORBIDDEN
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = _meant(call.func, meant)
        found |= {name, name.rpartition(".")[2] if name.endswith("extractall") else name} & FORBIDDEN
        if any(one.arg == "shell" and not _is_false(one.value) for one in call.keywords):
            found.add("shell")
    return found


def _meant(node, meant):
    """Return what an expression such as `p.loads` is called where it comes from."""
    head, _, rest = ast.unparse(node).partition(".")
    return meant.get(head, head) + (f".{rest}" if rest else "")


def _is_false(value):
    return isinstance(value, ast.Constant) and value.value is False


def test_they_are_called_where_they_are_allowed_and_nowhere_else():
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found = {(str(path.relative_to(ROOT)), name) for path in files for name in calls_in(path.read_text())}
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import pickle\npickle.loads(b'')", "pickle.loads"),
        ("import pickle as p\np.load(f)", "pickle.load"),
        ("from pickle import loads as read\nread(b'')", "pickle.loads"),
        ("import pickle\nclass Reader(pickle.Unpickler): pass", "pickle.Unpickler"),
        ("eval('1')", "eval"),
        ("import subprocess\nsubprocess.run('ls', shell=True)", "shell"),
        ("import tarfile\ntarfile.open('x').extractall('.')", "extractall"),
        ("import yaml\nyaml.load('', Loader=yaml.Loader)", "yaml.load"),
    ],
)
def test_a_dangerous_call_is_seen_however_it_is_written(text, name):
    assert calls_in(text) == {name}
