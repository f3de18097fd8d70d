"""What a script may take, with all that it starts, where it may write, and how its end is told."""

import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from operators import PythonScript
from operators.contract.errors import UserCodeError
from operators.contract.tables import collected, lazy
from operators.script import isolation
from operators.testing.local import LocalContext

ROOT = Path(__file__).parents[3]
PEOPLE = pl.DataFrame({"name": ["Ann", "Bo"], "age": [30, None]})
ALONE = pytest.mark.skipif(isolation.level() == "limits", reason="no namespaces on this machine")


def run(body, **parameters):
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    operator = PythonScript(code=f"def run(table):\n{lines}\n", **parameters)
    with LocalContext() as context:
        return collected(operator.run(lazy(PEOPLE), context))


FORKS = """
import os, time
children = []
for _ in range(4):
    child = os.fork()
    if not child:
        held = b"x" * (180 << 20)
        time.sleep(8)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
return table
"""
SHARED = """
import mmap, time
held = mmap.mmap(-1, 600 << 20)
for place in range(0, 600 << 20, 4096):
    held[place] = 1
time.sleep(2)
return table
"""
UNMAPPED = """
import os, time
held = os.memfd_create("held")
for _ in range(600):
    os.write(held, b"x" * (1 << 20))
time.sleep(2)
return table
"""


@pytest.mark.parametrize("body", [FORKS, SHARED, UNMAPPED], ids=["processes", "shared memory", "files in memory"])
def test_memory_counts_together_however_it_is_held(body):
    with pytest.raises(
        UserCodeError, match=r"took \d+ MiB of memory, all its processes together, and may take 512\."
    ) as e:
        run(body, memory_mb=512)
    assert "memory_mb" in e.value.hint


def test_memory_that_processes_share_counts_once():
    body = """
import mmap, os, time
held = mmap.mmap(-1, 300 << 20)
for place in range(0, 300 << 20, 4096):
    held[place] = 1
if not os.fork():
    for place in range(0, 300 << 20, 4096):
        held[place]
    time.sleep(1)
    os._exit(0)
os.wait()
return table
"""
    assert run(body, memory_mb=512).equals(PEOPLE)


@ALONE
def test_files_in_shared_memory_end_with_the_script_and_have_a_cap():
    body = "open('/dev/shm/tandem-left-3f', 'wb').write(b'x' * 1000)\nreturn table"
    assert run(body).equals(PEOPLE)
    assert not Path("/dev/shm/tandem-left-3f").exists()
    with pytest.raises(UserCodeError, match=r"No space left|of memory, all its processes"):
        run("for _ in range(600): open('/dev/shm/held', 'ab').write(b'x' * 2**20)\nreturn table", memory_mb=512)


@pytest.mark.parametrize("level", ["nobody", "limits"])
@pytest.mark.parametrize("folder", ["/tmp", "/var/tmp", "/dev/shm"])
def test_a_script_writes_in_its_own_folder_alone(monkeypatch, folder, level):
    if level == "limits":
        monkeypatch.setattr("operators.script.sandbox.level", lambda: "limits")
    place = Path(folder, "tandem-left-7c")
    with_file = f"try:\n    open({str(place)!r}, 'w').write('x')\nexcept PermissionError: pass\n"
    run(f"{with_file}open('own', 'w').write('x')\nimport tempfile\ntempfile.mkstemp()\nreturn table")
    left = place.exists()
    place.unlink(missing_ok=True)
    assert not left


def test_files_have_a_cap_together(monkeypatch):
    monkeypatch.setenv("TANDEM_SCRIPT_DISK_MB", "20")
    body = "import time\nfor n in range(5): open(str(n), 'wb').write(b'x' * 10**7)\ntime.sleep(3)\nreturn table"
    with pytest.raises(UserCodeError, match=r"took \d+ MiB of disk, and may take 20\.") as caught:
        run(body)
    assert "TANDEM_SCRIPT_DISK_MB" in caught.value.hint


PACKED = """
import json, os
import pyarrow as pa
from pyarrow import ipc
batch = pa.record_batch({"x": pa.array([0]).take(pa.array([0] * 1_000_000))})
with ipc.new_file("out.arrow", batch.schema, options=ipc.IpcWriteOptions(compression="zstd")) as out:
    for _ in range(80):
        out.write_batch(batch)
assert os.path.getsize("out.arrow") < 2**20
open("answer.json", "w").write(json.dumps({"error": None}))
os._exit(0)
"""


def test_a_result_counts_by_its_unpacked_size():
    with pytest.raises(UserCodeError, match="more than 512 MiB when it is unpacked") as caught:
        run(PACKED, memory_mb=512)
    assert "memory_mb" in caught.value.hint


def test_a_packed_result_of_a_fitting_size_is_taken():
    assert run(PACKED.replace("range(80)", "range(2)"), memory_mb=512).height == 2_000_000


def test_types_come_back_as_the_script_gave_them():
    body = "return table.select(pl.col('name').cast(pl.Categorical), pl.col('age').cast(pl.Decimal(10, 2)).alias('d'), "
    body += "e=pl.Series(['a', 'b'], dtype=pl.Enum(['a', 'b'])), s=pl.struct('name', 'age'), l=pl.concat_list('age'))"
    found = run(body)
    assert found.schema["e"] == pl.Enum(["a", "b"])
    assert found.rows()[0][2:] == ("a", {"name": "Ann", "age": 30}, [30])


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("open('answer.json', 'w').write('[' * 60000)\nimport os; os._exit(0)", "answer.json cannot be read"),
        ("open('answer.json', 'w').write('nonsense')\nimport os; os._exit(0)", "answer.json cannot be read"),
        ("open('answer.json', 'w').write('[]')\nimport os; os._exit(0)", "answer.json cannot be read"),
        ("import ctypes; ctypes.string_at(0)", r"The script crashed \(SIGSEGV\)\."),
        ("import os; os.abort()", r"The script crashed \(SIG(ABRT|SEGV)\)\."),
        ("import os; os._exit(3)", r"ended without an answer \(status 3\)\."),
    ],
)
def test_an_end_is_told_as_what_it_is(body, sentence):
    with pytest.raises(UserCodeError, match=sentence) as caught:
        run(body)
    assert "memory" not in str(caught.value)


def test_of_much_that_is_printed_beginning_and_end_are_kept(caplog):
    body = "print('the first')\nfor _ in range(100): print('x' * 10**6)\nprint('the last')\nreturn table"
    with caplog.at_level("INFO", logger="operators.script"):
        run(body)
    assert all(part in caplog.text for part in ("the first", "the last", "bytes of what was printed are left out"))
    assert len(caplog.text) < 10**5


PARENT = """
import sys, tempfile
import polars as pl
from operators.script.sandbox import Limits, run_script

tempfile.tempdir = sys.argv[1]
code = "def run(table):\\n    open('begun', 'w').write('x')\\n    import time; time.sleep(99)"
run_script(code, pl.DataFrame({"a": [1]}), Limits(100, 2**30), lambda: False)
"""


def test_a_script_whose_parent_was_killed_leaves_nothing_once_others_look(tmp_path, monkeypatch):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], cwd=ROOT)
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob("*/begun")) and time.monotonic() < deadline:
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run("return table")
    assert list(tmp_path.glob("*/begun")) == []


def test_a_script_that_goes_elsewhere_hands_its_result_back():
    assert run("import os\nos.mkdir('own')\nos.chdir('own')\nreturn table").equals(PEOPLE)
    assert run("import os\nos.chdir('/')\nreturn table").equals(PEOPLE)


def test_a_fault_after_going_elsewhere_is_told_too():
    with pytest.raises(UserCodeError, match="ValueError: lost"):
        run("import os\nos.chdir('/')\nraise ValueError('lost')")


def test_folders_of_any_depth_and_mode_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run("import os\nfor _ in range(2000):\n    os.mkdir('d')\n    os.chdir('d')\nos.chmod('.', 0)\nreturn table")
    assert list(tmp_path.glob("tandem-child-*")) == []


def test_empty_files_count_too(monkeypatch):
    monkeypatch.setenv("TANDEM_SCRIPT_DISK_MB", "10")
    with pytest.raises(UserCodeError, match="of disk, and may take 10"):
        run("import time\nfor n in range(5000): open(str(n), 'w').close()\ntime.sleep(3)\nreturn table")
