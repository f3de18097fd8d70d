"""What was taken and what ran where is told for the hours before; what would start with more, by the scheduler."""

import time

import pytest

from engine.errors import NotFoundError
from engine.records import Records, attempts, runs, usage, waits
from engine.records.attempts import AttemptRow
from engine.records.runs import RunRow
from engine.records.usage import UsageRow
from engine.records.waits import DecisionRow, WaitRow


@pytest.fixture
def bench(machine_of_four):
    return machine_of_four


@pytest.fixture
def records(bench):
    return Records.open(bench.workspace)


def decided(connection, at, what, node, devices=("gpu0",)):
    waits.decided(connection, [DecisionRow(at, "r1", node, "train", what, devices, "fgd", "peak", "", 0.0)])


def test_bars_end_where_a_stage_made_room_or_was_done(bench, records):
    now = time.time()
    with records.write() as connection:
        runs.add(connection, RunRow("r1", "p", {"name": "p", "nodes": {}}))
        attempts.add(connection, AttemptRow("r1", "fit", 1, "t1", "succeeded", now - 90, ended=now - 10, seconds=1.0))
        decided(connection, now - 90, "start", "fit")
        decided(connection, now - 60, "pause", "fit")
        decided(connection, now - 40, "start", "fit")
        decided(connection, now - 30, "start", "read", ())
    bars = bench.history()["placements"]
    assert [(one["device"], one["node"], one["to"] and round(now - one["to"])) for one in bars] == [
        ("gpu0", "fit", 60), ("gpu0", "fit", 10), ("CPU", "read", None)
    ]  # fmt: skip


def test_a_share_that_changed_has_a_bar_for_each(bench, records):
    now = time.time()
    with records.write() as connection:
        runs.add(connection, RunRow("r1", "p", {"name": "p", "nodes": {}}))
        attempts.add(connection, AttemptRow("r1", "fit", 1, "t1", "running", now - 90))
        for ago, what, share in ((90, "start", 10_000), (60, "resize", 5_000), (40, "resize", 10_000)):
            row = DecisionRow(now - ago, "r1", "fit", "train", what, ("gpu0",), "fgd", "peak", "", 0.0, share)
            waits.decided(connection, [row])
    bars = bench.history()["placements"]
    assert [(round(now - one["from"]), one["to"] and round(now - one["to"]), one["share"]) for one in bars] == [
        (90, 60, 10_000), (60, 40, 5_000), (40, None, 10_000)
    ]  # fmt: skip


def test_what_is_older_is_not_told_and_goes(bench, records):
    now = time.time()
    with records.write() as connection:
        usage.note(connection, [UsageRow(now - 7200, "train", 1, 0, 0, 1, 0), UsageRow(now, "train", 2, 0, 0, 1, 0)])
        usage.note(connection, [])
    assert [one["cpu"] for one in bench.history(1)["usage"]] == [2]
    assert [one["cpu"] for one in bench.history(3)["usage"]] == [1, 2]
    with records.write() as connection:
        usage.forget(connection, now - 3600)
    assert [one["cpu"] for one in bench.history(3)["usage"]] == [2]


@pytest.fixture
def queue(bench, records, monkeypatch):
    """One stage holds half a GPU, one waits for another half."""
    up = {"running": True, "ready": True, "pid": 1, "started": 0.0, "starting": False}
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.status", lambda desk: up)
    nodes = {name: {"operator": "x", "resources": {"gpu": 0.5, "cpu": 0.1}} for name in ("first", "second")}
    reason = {"code": "wait_share", "values": {}, "sentence": "It needs 0.5 GPU."}
    with records.write() as connection:
        runs.add(connection, RunRow("r1", "p", {"name": "p", "nodes": nodes}, status="running"))
        for at, name in enumerate(nodes):
            attempts.add(connection, AttemptRow("r1", name, 1, f"t{at}", "running", float(at)))
        waits.tell(connection, [WaitRow("t1", "train", reason, 1.0)])


@pytest.mark.usefixtures("queue")
def test_with_more_of_a_device_the_next_would_start(bench):
    assert bench.what_if("train")["waits"] == ["second"]
    found = bench.what_if("train", gpu=0.5)
    assert (found["starts"], found["waits"], found["quota"]["gpu"]) == (["second"], [], 10_000)


@pytest.mark.usefixtures("queue")
def test_an_unknown_environment_is_said(bench):
    with pytest.raises(NotFoundError, match="trian"):
        bench.what_if("trian", gpu=1)
