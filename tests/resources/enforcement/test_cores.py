"""A partitioned environment has cores of its own, whatever threads its work starts; others keep off them."""

import subprocess
import sys
from pathlib import Path

import pytest

from resources.device import Device
from resources.enforcement import mps
from resources.enforcement.binding import here
from resources.enforcement.cores import check_cores, cores_of
from resources.environments import EnvironmentSpec
from resources.errors import QuotaError
from resources.shares import WHOLE, Amount, ResourceRequest

ROOT = Path(__file__).parents[3]
BINDING = """
import os, subprocess, sys, threading
from resources.enforcement.limits import Limits, keep

found = []
go, stay = threading.Event(), threading.Event()
early = threading.Thread(target=lambda: (go.wait(), found.append(sorted(os.sched_getaffinity(0)))))
early.start()
cores = sorted(os.sched_getaffinity(0))
keep(Limits(cores=(cores[-1],)))
go.set()
early.join()
code = "import os; print(sorted(os.sched_getaffinity(0)))"
child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
print(found[0] == [cores[-1]], eval(child.stdout) == [cores[-1]])
keep(Limits())
print(sorted(os.sched_getaffinity(0)) == cores)
"""


def spec(name, cpu, level="capped"):
    return EnvironmentSpec(name, "elastic", ResourceRequest(round(cpu * WHOLE)), level=level)


def test_without_partitions_work_runs_anywhere():
    assert cores_of((0, 1, 2, 3), [spec("a", 1), spec("b", 2)]) == {"a": (), "b": ()}


def test_a_partition_has_whole_cores_and_the_rest_is_for_the_others():
    specs = [spec("a", 1), spec("b", 1.5, "partitioned"), spec("c", 0.5)]
    assert cores_of((0, 1, 2, 3), specs) == {"a": (0, 1), "b": (2, 3), "c": (0, 1)}
    check_cores((0, 1, 2, 3), specs)
    with pytest.raises(QuotaError, match=r"take 2 whole cores of 3, and the others have quotas of CPU 1\.5"):
        check_cores((0, 1, 2), specs)


def test_several_partitions_share_no_core():
    found = cores_of(tuple(range(8)), [spec(name, 2, "partitioned") for name in "abc"])
    assert len({core for cores in found.values() for core in cores}) == 6


@pytest.mark.skipif(len(here()) < 2, reason="on one core there is nothing to divide")
def test_every_thread_and_child_stays_on_the_cores_until_they_are_given_back():
    done = subprocess.run([sys.executable, "-c", BINDING], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True"]


CARD = Device(0, "A100", memory=40 << 30, logical=False)


def test_a_part_of_a_device_makes_a_client_of_mps_where_a_daemon_listens(monkeypatch, tmp_path):
    monkeypatch.setenv(mps.PIPES, str(tmp_path))
    quarter = Amount(WHOLE, 2_500, 0)
    assert mps.variables("partitioned", quarter, [CARD]) == {}
    (tmp_path / "control").touch()
    assert mps.variables("partitioned", quarter, [CARD]) == {mps.THREADS: "25", mps.MEMORY: "0=10240M"}
    assert mps.variables("partitioned", Amount(0, WHOLE), [CARD], 5_000) == {mps.THREADS: "100", mps.MEMORY: "0=20480M"}
    assert mps.variables("partitioned", Amount(0, WHOLE), [CARD]) == {}
    assert mps.variables("capped", quarter, [CARD]) == {}
    assert mps.variables("partitioned", quarter, [Device(0)]) == {}
