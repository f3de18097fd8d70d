"""A service that takes more memory than its share is stopped, with a word of why; its neighbour is not."""

import json
import subprocess
import sys
import time

import pytest

from engine.config import Workspace
from engine.records import services, waits
from engine.records.database import Records
from engine.records.services import ServiceRow
from engine.serving.reconciler import note_of
from engine.serving.replica import ReplicaOrder
from engine.serving.watch import ServiceWatch
from resources.enforcement.limits import Limits
from resources.shares import ResourceRequest
from tests.serving.serving_fakes import MemoryShares

MIB = 2**20
REPLICA = """
import json, sys, time
from engine.serving.replica import ReplicaOrder, hold
hold(ReplicaOrder(**json.loads(sys.argv[1])))
print(__import__("os").environ["CUDA_VISIBLE_DEVICES"], flush=True)
taken = bytearray(b"x" * int(sys.argv[2]))
time.sleep(60)
"""


@pytest.fixture
def records(tmp_path):
    return Records.open(Workspace.at(tmp_path / "workspace"))


@pytest.fixture
def serving(tmp_path, records):
    """Start a process that holds itself to a share of 64 MiB as a replica does, and then takes some memory."""
    workspace, started = Workspace.at(tmp_path / "workspace"), []

    def serve(name, takes):
        row = ServiceRow(name, "m", "1", "inference", {"cpu": 1_000}, status="healthy", devices=("gpu1",))
        with records.write() as connection:
            services.put_service(connection, row)
        note = note_of(workspace, row)
        note.parent.mkdir(parents=True, exist_ok=True)
        order = ReplicaOrder(
            str(workspace.root), name, "m", "1", "", {}, {"CUDA_VISIBLE_DEVICES": "1"},
            Limits(1, 64 * MIB).document(), str(note),
        )  # fmt: skip
        command = [sys.executable, "-c", REPLICA, json.dumps(order.document()), str(takes)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline().strip() == "1"
        return process

    yield serve
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def watch(tmp_path, records):
    shares = MemoryShares()
    shares.memory = 64 * MIB
    for name in ("greedy", "modest"):
        shares.lend("inference", name, ResourceRequest(cpu=1_000))
    watch = ServiceWatch(Workspace.at(tmp_path / "workspace"), records, shares)
    yield watch
    watch.close()


def test_who_takes_more_than_its_share_is_stopped_and_nobody_else(serving, watch, records):
    greedy, modest = serving("greedy", 256 * MIB), serving("modest", 8 * MIB)
    watch.look()
    assert greedy.wait(20) == -9
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not decided(records):
        time.sleep(0.05)
    [decision] = decided(records)
    assert (decision.what, decision.node, decision.why, decision.devices) == ("stop", "greedy", "over_share", ("gpu1",))
    assert "its share is 64 MiB" in decision.whom
    with records.read() as connection:
        rows = {row.name: row for row in services.every(connection)}
    assert rows["greedy"].status == "unhealthy"
    assert "of memory, and its share is 64 MiB" in rows["greedy"].message
    assert rows["modest"].status == "healthy"
    watch.look()
    time.sleep(0.6)  # two looks more
    assert modest.poll() is None
    assert len(decided(records)) == 1


def test_a_service_that_is_stopped_is_looked_at_no_more(serving, watch, records):
    process = serving("greedy", 8 * MIB)
    watch.look()
    with records.write() as connection:
        services.change(connection, "greedy", status="stopped")
    watch.look()
    assert not watch.followed
    assert process.poll() is None


def decided(records):
    with records.read() as connection:
        return waits.decisions(connection)
