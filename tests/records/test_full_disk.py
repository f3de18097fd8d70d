"""On a full disk everything can be looked at, and what would be written says that the disk is full."""

import json

import pytest

from tests import small_disk

MAKE = """
import os, polars as pl, sys
from engine import Workbench
bench = Workbench.open("disk/workspace")
bench.datasets.put("numbers", pl.DataFrame({"n": [1, 2]}))
if sys.argv[1] == "killed":
    os._exit(0)  # the log of the records is still there
"""
LOOK = """
import json
from engine import Workbench
from engine.errors import EngineError
bench = Workbench.open("disk/workspace")
told = {"datasets": [one["name"] for one in bench.datasets.list()], "runs": bench.runs.list(),
        "query": bench.datasets.preview("numbers")["rows"],
        "wrong": [check["name"] for check in bench.doctor()["checks"] if not check["ok"]]}
try:
    bench.pipelines.create("p", {"name": "p", "nodes": {}})
except EngineError as error:
    told["refused"] = str(error)
print(json.dumps(told))
"""
STEPS = """
"$1" -c "$2" "$4"
dd if=/dev/zero of=disk/fill bs=1k 2>/dev/null
"$1" -c "$3"
"""


@pytest.mark.skipif(
    not small_disk.can_mount(), reason="A small disk needs a namespace for mounts, which this machine refuses"
)
@pytest.mark.parametrize("ended", ["in order", "killed"])
def test_a_workspace_on_a_full_disk_can_be_looked_at(tmp_path, ended):
    told = json.loads(small_disk.run(STEPS, tmp_path, MAKE, LOOK, ended))
    assert (told["datasets"], told["runs"], told["query"]) == (["numbers"], [], [[1], [2]])
    assert told["wrong"] == ["disk"]
    assert "disk is full" in told["refused"]
