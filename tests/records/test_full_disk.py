"""On a full disk everything can be looked at, and what would be written says that the disk is full."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.pages.conftest import ROOT

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
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
STEPS = """
mkdir disk && mount -t tmpfs -o size=4m tmpfs disk
"$1" -c "$2" "$4"
dd if=/dev/zero of=disk/fill bs=1k 2>/dev/null
"$1" -c "$3"
"""


def _can_mount():
    tried = [*NAMESPACE, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return (
        shutil.which("unshare") is not None and subprocess.run(tried, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not _can_mount(), reason="A small disk needs a namespace for mounts, which this machine refuses")
@pytest.mark.parametrize("ended", ["in order", "killed"])
def test_a_workspace_on_a_full_disk_can_be_looked_at(tmp_path, ended):
    asked = [*NAMESPACE, "sh", "-c", STEPS, "sh", sys.executable, MAKE, LOOK, ended]
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    found = subprocess.run(asked, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    assert (told["datasets"], told["runs"], told["query"]) == (["numbers"], [], [[1], [2]])
    assert told["wrong"] == ["disk"]
    assert "disk is full" in told["refused"]
