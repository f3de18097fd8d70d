"""What one script changes in Python is not seen by the next one, nor by us."""

import json
import sys

import polars as pl
import pytest

from operators import PythonScript
from operators.contract.tables import collected, lazy
from operators.testing.local import LocalContext

CHANGES = {
    "a module": "import json\n    json.loads = None",
    "a module of ours": "import polars\n    polars.DataFrame.head = None",
    "what is imported": "import sys\n    sys.modules['json'] = sys.modules['polars'] = None",
    "a builtin": "import builtins\n    builtins.len = lambda whatever: 7",
    "where is looked": "import sys\n    open('json.py', 'w').write('dumps = None')\n    sys.path.insert(0, '.')",
    "the folder": "import pathlib\n    pathlib.Path('polars.py').write_text('raise SystemExit(3)')",
    "the environment": "import os\n    os.environ['PYTHONPATH'] = os.getcwd()",
}
LOOKS = "import json, os\n    assert json.loads('2') == len([1, 2])\n    assert 'PYTHONPATH' not in os.environ\n"


def run(body):
    with LocalContext() as context:
        script = PythonScript(code=f"def run(table):\n    {body}\n    return table\n")
        return collected(script.run(lazy(pl.DataFrame({"n": [1, 2]})), context))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_next_script_sees_nothing_of_it(change):
    before = dict(sys.modules)
    run(change)
    assert run(LOOKS + "    table = table.head(1)")["n"].to_list() == [1]
    assert json.loads("2") == 2
    assert {name: sys.modules[name] for name in ("json", "polars")} == {
        name: before[name] for name in ("json", "polars")
    }
