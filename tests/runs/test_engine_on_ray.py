"""A real engine on a real Ray: whatever is killed under a run, the run goes on; and no door is open."""

import os
import time

import polars as pl
import psutil
import pytest

from engine.config import Workspace
from engine.graph.pipeline import Pipeline
from engine.records import Records, events, runs
from engine.records.engine_process import EngineProcess
from engine.runs.orders import SourceRef
from engine.runs.requests import RunRequest, submit
from engine.stores.outputs import OutputStore
from operators.contract.tables import lazy
from operators.registry import BUILTIN
from resources.cluster import find_cluster
from resources.doors import listening
from resources.processes import ProcessId

pytestmark = pytest.mark.ray

WITHIN = 10.0
"""Seconds within which the second attempt is at work."""
SLOW = "import time\ndef run(table):\n    time.sleep({seconds})\n    return table"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return Workspace.at(tmp_path_factory.mktemp("engine") / "workspace", records_url="")


@pytest.fixture(scope="module")
def engine(workspace):
    """The engine of a workspace, with its own Ray; all of it ends with this file."""
    process = EngineProcess(workspace)
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def records(workspace):
    return Records.open(workspace)


@pytest.fixture
def ask(workspace, records, engine):
    """Ask for `read -> first -> slow`, where slow takes three seconds that are new each time; return the run."""
    table = OutputStore(workspace.outputs, workspace.key).put_table(lazy(pl.DataFrame({"age": [30, 40]})))
    source = SourceRef(hash=table.hash, table=table, label="people@1").model_dump(mode="json")
    pipeline = (
        Pipeline("slow")
        .add("read", BUILTIN.build("read_dataset", {"dataset": "people"}))
        .add("first", BUILTIN.build("python_script", {"code": SLOW.format(seconds=0)}), table="read")
        .add("slow", BUILTIN.build("python_script", {"code": SLOW.format(seconds=3 + time.time() % 1)}), table="first")
    )
    return submit(records, RunRequest(pipeline, sources={"dataset:people": source})).id


@pytest.fixture
def ray(workspace, engine):
    """The Ray that the engine uses now."""
    return find_cluster(workspace.root / "ray")


def worker_on(ray, stage, patience_s=60, but=0):
    """Return the pid of the worker that does a stage, as soon as one does that is not `but`."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        for process in ray.processes():
            try:
                if process.pid != but and psutil.Process(process.pid).name() == f"ray::{stage}":
                    return process.pid
            except psutil.Error:
                continue
        time.sleep(0.02)
    raise AssertionError(f"Nobody does {stage}.")


def ended(records, run, patience_s=90):
    """Wait for the end of a run; return its status, and (kind, stage, attempt) of what happened."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        with records.read() as connection:
            row, happened = runs.get(connection, run), events.of(connection, run)
        if row.status in runs.ENDED:
            return row.status, [(event.kind, event.node, event.attempt) for event in happened]
        time.sleep(0.05)
    raise AssertionError(f"{run} is still {row.status}.")


def check_only_the_slow_stage_was_done_twice(records, run):
    status, happened = ended(records, run)
    assert status == "succeeded"
    assert [attempt for kind, node, attempt in happened if (kind, node) == ("started", "slow")] == [1, 2]
    assert [node for kind, node, _ in happened if kind == "succeeded"].count("slow") == 1
    assert len([node for kind, node, _ in happened if kind == "started" and node == "first"]) <= 1


def test_a_killed_worker_is_replaced_and_the_run_goes_on(ask, ray, records):
    first = worker_on(ray, "slow")
    killed = time.monotonic()
    os.kill(first, 9)
    worker_on(ray, "slow", but=first)
    assert time.monotonic() - killed < WITHIN
    check_only_the_slow_stage_was_done_twice(records, ask)
    assert ray.alive


@pytest.mark.parametrize("which", ["gcs_server", pytest.param("raylet", marks=pytest.mark.slow)])
def test_a_killed_ray_is_replaced_and_the_run_goes_on(which, ask, ray, records, engine, workspace):
    pid = engine.status().pid
    worker_on(ray, "slow")
    os.kill(ray.vital[["gcs_server", "raylet"].index(which)].pid, 9)
    check_only_the_slow_stage_was_done_twice(records, ask)
    assert engine.status().pid == pid
    assert find_cluster(workspace.root / "ray").address != ray.address
    assert ray.processes() == []


def test_engine_and_ray_open_no_door_to_the_outside(ask, ray, engine, records):
    worker_on(ray, "slow")
    doors = listening([*ray.processes(), ProcessId.of(engine.status().pid)])
    assert doors
    assert [door for door in doors if not door.loopback] == []
    ended(records, ask)
