"""What a task may take follows from its level and share; levels that nothing here holds are refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from resources.device import Device
from resources.devices import Inventory
from resources.enforcement.levels import check_level, held, mechanisms, offered
from resources.enforcement.limits import Limits
from resources.environments import EnvironmentSpec
from resources.errors import LevelError
from resources.levels import LEVELS
from resources.shares import ResourceRequest

GIB = 1 << 30
BARE = Inventory.logical(cpus=4)
REAL = Inventory(40_000, GIB, (Device(0, "A100", memory=40 * GIB, logical=False), Device(1, memory=0)))


def test_an_advisory_share_has_no_limits():
    assert Limits.of("advisory", ResourceRequest(5_000, 5_000, GIB), REAL.devices[:1]) == Limits()


def test_a_capped_share_limits_threads_memory_and_the_part_of_its_device():
    limits = Limits.of("capped", ResourceRequest(15_000, 2_500, GIB), REAL.devices[:1])
    assert limits == Limits(threads=2, memory=GIB, gpus={0: 10 * GIB}, fraction=0.25)
    assert Limits.of_document(limits.document()) == limits
    assert limits.watched


def test_a_whole_device_has_no_limit_of_memory():
    limits = Limits.of("capped", ResourceRequest(10_000, 10_000), REAL.devices[:1])
    assert (limits.gpus, limits.fraction, limits.watched) == ({}, 0.0, False)


def test_a_device_whose_memory_nobody_knows_is_limited_by_part_only():
    limits = Limits.of("capped", ResourceRequest(10_000, 5_000), REAL.devices[1:])
    assert (limits.gpus, limits.fraction) == ({}, 0.5)


THREADS = """
import threadpoolctl, numpy
from resources.enforcement.limits import Limits, keep

def most():
    return max(one["num_threads"] for one in threadpoolctl.threadpool_info() if one["user_api"] == "blas")

keep(Limits(threads=1))
first = most()
keep(Limits())
print(first, most())
"""


@pytest.mark.skipif(os.cpu_count() == 1, reason="one core has one thread, limited or not")
def test_a_worker_keeps_to_the_threads_of_each_task():
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", THREADS], cwd=root, capture_output=True, text=True, check=True)
    first, then = map(int, done.stdout.split())
    assert first == 1
    assert then > 1


def test_without_a_gpu_what_only_one_shows_is_unknown():
    unknown = {one.name for one in mechanisms(BARE) if one.holds is None}
    assert unknown == {"torch_fraction", "gpu_memory_watch", "step_gate", "mps", "whole_device"}
    assert offered(BARE) == list(LEVELS)
    assert held(BARE) == ["advisory", "capped", "partitioned"]
    check_level("partitioned", BARE, 5_000)


def test_what_nothing_here_holds_is_refused(monkeypatch):
    monkeypatch.setattr("resources.enforcement.levels.here", lambda: ())
    assert offered(BARE) == ["advisory", "capped", "hardware"]
    with pytest.raises(LevelError, match="cannot bind work to cores"):
        check_level("partitioned", BARE)


def test_with_a_gpu_partitions_need_a_daemon(tmp_path, monkeypatch):
    monkeypatch.setenv("CUDA_MPS_PIPE_DIRECTORY", str(tmp_path))
    check_level("partitioned", REAL)
    with pytest.raises(LevelError, match="no MPS daemon runs"):
        check_level("partitioned", REAL, 5_000)
    (tmp_path / "control").touch()
    check_level("partitioned", REAL, 5_000)
    assert offered(REAL) == list(LEVELS)


def test_a_level_that_does_not_exist_is_refused():
    with pytest.raises(LevelError, match="no level 'tight'"):
        check_level("tight", BARE)


def test_at_the_level_of_hardware_only_whole_devices_are_given():
    stress = EnvironmentSpec("stress", "mixed", ResourceRequest(10_000, 10_000), level="hardware")
    assert stress.request({"gpu": 1}).gpu == 10_000
    with pytest.raises(LevelError, match="whole GPUs only"):
        stress.request({"gpu": 0.5})


@pytest.mark.parametrize(("policy", "level"), [("elastic", "capped"), ("mixed", "capped"), ("fixed", "capped")])
def test_the_policy_has_a_level_where_nobody_says(policy, level):
    assert EnvironmentSpec("e", policy, ResourceRequest(10_000)).level == level
