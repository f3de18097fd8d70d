"""What holds a share and what waits for one, and why; from the records alone."""

import pytest

from engine.config import Workspace
from engine.records import Records, attempts, runs, waits
from engine.records.attempts import AttemptRow
from engine.records.runs import RunRow
from engine.records.waits import DecisionRow, WaitRow
from engine.workbench.claims import claims_of_runs
from resources.environments import EnvironmentSpec
from resources.shares import ResourceRequest

SPECS = {"train": EnvironmentSpec("train", "elastic", ResourceRequest(cpu=10_000, gpu=5_000))}


@pytest.fixture
def records(tmp_path):
    return Records.open(Workspace.at(tmp_path / "workspace"))


@pytest.fixture
def asked(records):
    """Write a run whose stages, by name, ask for shares, and which began in this order."""

    def asked(stages, status="running"):
        document = {
            "name": "p",
            "nodes": {name: {"operator": "x", "resources": share} for name, share in stages.items()},
        }
        with records.write() as connection:
            run = runs.add(connection, RunRow("r1", "p", document, status=status))
            for at, name in enumerate(stages if status == "running" else ()):
                attempts.add(connection, AttemptRow("r1", name, 1, f"t{at}", "running", float(at)))
        return run

    return asked


def test_stages_get_their_share_in_the_order_they_asked(records, asked):
    asked({"first": {"cpu": 0.6}, "second": {"cpu": 0.6}, "third": {"cpu": 0.2}})
    holding, waiting = claims_of_runs(records, SPECS, running=True)
    assert [claim.name for claim in holding] == ["first", "third"]
    assert [(claim.name, claim.reason) for claim in waiting] == [
        ("second", {"code": "wait_cpu", "values": {"needed": 0.6, "free": 0.4}})
    ]


def test_the_gpu_is_named_first_where_both_are_short(records, asked):
    asked({"first": {"cpu": 0.9, "gpu": 0.25}, "second": {"cpu": 0.9, "gpu": 0.5}})
    _, waiting = claims_of_runs(records, SPECS, running=True)
    assert waiting[0].reason == {"code": "wait_gpu", "values": {"needed": 0.5, "free": 0.25}}


def test_without_an_engine_everything_waits_for_it(records, asked):
    asked({"first": {"cpu": 0.1}})
    holding, waiting = claims_of_runs(records, SPECS, running=False)
    assert holding == []
    assert [claim.reason["code"] for claim in waiting] == ["wait_engine"]


def test_a_run_that_was_not_taken_on_says_its_place(records, asked):
    asked({"first": {}}, status="queued")
    _, waiting = claims_of_runs(records, SPECS, running=True)
    assert [(claim.kind, claim.run, claim.reason["values"]) for claim in waiting] == [("run", "r1", {"position": 1})]


def test_the_reason_is_what_the_scheduler_told(records, asked):
    asked({"first": {"cpu": 0.1}, "second": {"cpu": 0.1}})
    reason = {"code": "wait_order", "values": {"task": "first"}, "sentence": "It is the turn of first."}
    with records.write() as connection:
        waits.tell(connection, [WaitRow("t1", "train", reason, 1.0)])
    holding, waiting = claims_of_runs(records, SPECS, running=True)
    assert [claim.name for claim in holding] == ["first"]
    assert [(claim.name, claim.reason) for claim in waiting] == [("second", reason)]


def test_what_a_stage_has_is_what_the_scheduler_gave_it(records, asked):
    asked({"first": {"cpu": 0.2, "gpu": 0.5}, "second": {"cpu": 0.2}})
    with records.write() as connection:
        for at, share in ((1.0, 5_000), (2.0, 2_500)):
            what = "start" if share == 5_000 else "resize"
            row = DecisionRow(at, "r1", "first", "train", what, ("gpu1",), "fgd", "peak", "", 0.0, share)
            waits.decided(connection, [row])
    first, second = claims_of_runs(records, SPECS, running=True)[0]
    assert (first.share.gpu, first.devices) == (2_500, ("gpu1",))
    assert (second.share.gpu, second.devices) == (0, ())
