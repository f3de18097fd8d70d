"""The ground of a workspace: found again, brought up again, and left to others where it is theirs."""

import os
import subprocess
import sys
import time

import pytest

import resources.ground
from resources import connection
from resources.cluster import Cluster, start_cluster
from resources.devices import Inventory
from resources.environments import EnvironmentSpec
from resources.errors import ClusterError, ClusterLostError, QuotaError
from resources.ground import Ground
from resources.placement import Loan
from resources.processes import ProcessId, end_marked
from resources.shares import ResourceRequest

pytestmark = pytest.mark.ray


@pytest.fixture
def ground(tmp_path, ray_cluster):
    """A ground with a Ray of its own; this process leaves the session's Ray for it."""
    from resources.connection import disconnect

    disconnect()
    ground = Ground(tmp_path / "ray", Inventory.logical(cpus=2))
    yield ground
    ground.stop()


def test_what_is_not_open_says_so(ground):
    assert not ground.alive
    with pytest.raises(ClusterLostError, match="Ray is not running"):
        _ = ground.placement
    with pytest.raises(ClusterLostError, match="Ray is not running"):
        _ = ground.cluster


def test_leaving_lets_ray_live_and_opening_finds_it(ground):
    ground.open()
    first = ground.cluster
    ground.leave()
    assert first.alive
    assert ground.running()
    ground.open()
    assert ground.cluster == first
    assert [holding.state for holding in ground.placement.holdings()] == ["CREATED"] * 3


def test_a_dead_ray_is_replaced_and_the_shares_are_reserved_again(ground):
    ground.open(lent={"inference": {"churn": Loan(ResourceRequest(cpu=1_000))}})
    first = ground.cluster
    os.kill(first.vital[1].pid, 9)
    while first.alive:
        pass
    assert not ground.alive
    ground.open()
    assert ground.alive
    assert first.processes() == []
    assert ground.placement.free("inference").cpu == 5_000
    assert len(ground.placement.holdings()) == 3


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_a_ray_that_dies_while_it_is_connected_to_is_replaced(ground, monkeypatch):
    """Ray itself would ask for its dead head for a quarter of an hour."""
    first = start_cluster(ground.home, ground.inventory)
    died = []

    def knock(address):
        if not died:
            died.extend(end_marked(first.mark))

    monkeypatch.setattr(connection, "_knock", knock)
    ground.open()
    assert died
    assert ground.alive
    assert ground.cluster.address != first.address


def test_a_ray_that_answers_no_more_and_is_still_there_is_replaced_once_it_is_gone(tmp_path, monkeypatch):
    """A process that was killed answers no more a moment before it is gone."""
    dying = subprocess.Popen(["sleep", "0.5"])
    clusters = iter([Cluster("127.0.0.1:1", vital=(ProcessId.of(dying.pid),)), Cluster("127.0.0.1:2")])
    asked = []

    def connect(cluster):
        asked.append(cluster.address)
        if cluster.vital:
            raise ClusterError("Nobody answers.")

    monkeypatch.setattr(resources.ground, "start_cluster", lambda *_: next(clusters))
    monkeypatch.setattr(resources.ground, "connect", connect)
    ground = Ground(tmp_path, Inventory.logical(cpus=2))
    ground._cluster = resources.ground.start_cluster()
    ground._connect()
    assert asked == ["127.0.0.1:1", "127.0.0.1:2"]
    dying.wait()


def test_a_ray_of_ours_that_cannot_be_connected_to_again_and_again_counts_as_lost(tmp_path, monkeypatch):
    """Whoever starts the engine then tries another one, as where one breaks off."""
    gone = subprocess.Popen(["sleep", "60"])
    vital = (ProcessId.of(gone.pid),)
    gone.kill()
    gone.wait()
    asked = []

    def connect(cluster):
        asked.append(cluster.address)
        raise ClusterError(f"Nobody answers at {cluster.address}.")

    monkeypatch.setattr(resources.ground, "start_cluster", lambda *_: Cluster("127.0.0.1:2", vital=vital))
    monkeypatch.setattr(resources.ground, "connect", connect)
    ground = Ground(tmp_path, Inventory.logical(cpus=2))
    ground._cluster = Cluster("127.0.0.1:1", vital=vital)
    with pytest.raises(ClusterLostError, match=r"Nobody answers at 127\.0\.0\.1:2"):
        ground._connect()
    assert asked == ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:2"]


def test_too_large_quotas_are_refused_before_anything_starts(tmp_path):
    greedy = [EnvironmentSpec("all", "elastic", ResourceRequest(cpu=30_000))]
    with pytest.raises(QuotaError, match="quotas of CPU 3"):
        Ground(tmp_path, Inventory.logical(cpus=2), greedy)


def test_a_foreign_ray_is_used_and_left_running(tmp_path, ray_driver):
    ground = Ground(tmp_path, Inventory.logical(cpus=64), address=ray_driver.address)
    ground.open()
    assert ground.inventory.cpus == 20_000
    assert [spec.quota.gpu for spec in ground.environments] == [10_000, 4_000, 6_000]
    ground.stop()
    assert ray_driver.alive


PHOENIX = """
import os, sys, time
from pathlib import Path
from resources.devices import Inventory
from resources.ground import Ground
from resources.placement import Loan
from resources.processes import replace_myself
ground = Ground(Path(sys.argv[1]), Inventory.logical())
ground.open()
print(os.getpid(), ground.cluster.vital[0].pid, flush=True)
while ground.alive:
    time.sleep(0.05)
replace_myself()
"""


@pytest.mark.slow
def test_a_process_that_replaces_itself_stands_on_a_new_ray(tmp_path):
    from resources.cluster import stop_cluster

    engine = subprocess.Popen([sys.executable, "-c", PHOENIX, tmp_path / "ray"], stdout=subprocess.PIPE, text=True)
    try:
        pid, head = map(int, engine.stdout.readline().split())
        os.kill(head, 9)
        again, other = map(int, engine.stdout.readline().split())
        assert again == pid == engine.pid
        assert other != head
    finally:
        engine.kill()
        engine.communicate()
        stop_cluster(tmp_path / "ray")


def free_in_time(**expected):
    """Whether Ray, which tells late what was taken, comes to say that this much is free."""
    import ray

    end = time.monotonic() + 30
    while time.monotonic() < end:
        if {name: ray.available_resources().get(name, 0) for name in expected} == expected:
            return True
        time.sleep(0.1)
    return False


def test_npus_are_reserved_by_rays_own_name_for_them(tmp_path, ray_cluster):
    import ray

    from resources.connection import disconnect

    disconnect()
    small = ResourceRequest(cpu=2_000, gpu=10_000)
    specs = [
        EnvironmentSpec("graphics", "elastic", small, {"model": "T4"}),
        EnvironmentSpec("neural", "elastic", ResourceRequest(cpu=2_000, gpu=20_000), {"kind": "NPU"}),
    ]
    ground = Ground(tmp_path / "ray", Inventory.logical(cpus=2, devices="A100,T4,2xAscend910B"), specs)
    try:
        ground.open()
        assert {one.environment: one.amount.gpu for one in ground.placement.holdings()} == {
            "graphics": 10_000, "neural": 20_000
        }  # fmt: skip
        total = ray.cluster_resources()
        assert (total["GPU"], total["NPU"]) == (2, 2)
        assert free_in_time(GPU=1, NPU=0)
    finally:
        ground.stop()
