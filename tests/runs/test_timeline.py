"""The bars of a run's chart: when each stage waited, when it worked, and what the run had to wait for."""

import pytest

from engine.records.attempts import AttemptRow
from engine.records.events import EventRow
from engine.records.runs import RunRow
from engine.runs.timeline import timeline

STAGES = [
    {"name": "split", "after": [], "nodes": ["read", "split"]},
    {"name": "slow", "after": ["split"], "nodes": ["slow"]},
    {"name": "quick", "after": ["split"], "nodes": ["quick"]},
    {"name": "score", "after": ["slow", "quick"], "nodes": ["score"]},
]
PLANNED = EventRow("r1", 0, 1000.0, "requested", payload={"stages": STAGES, "max_attempts": 3})


def attempt(stage, began, ended, seconds, number=1, status="succeeded"):
    return AttemptRow("r1", stage, number, f"{stage}{number}", status, began, ended=ended, seconds=seconds)


@pytest.fixture
def drawn():
    """Draw attempts of a run that was asked for at 1000: by stage its bars, and the critical path."""

    def drawn(*attempts, happened=(), now=1010.0):
        row = RunRow("r1", "p", {}, created=1000.0, ended=None)
        found = timeline(row, [PLANNED, *happened], attempts, now)
        bars = {one["stage"]: [(b["what"], b["from"], b["to"]) for b in one["bars"]] for one in found["stages"]}
        return bars, [one["stage"] for one in found["stages"] if one["critical"]]

    return drawn


def test_a_stage_waits_until_a_worker_has_it_and_then_works(drawn):
    bars, _ = drawn(attempt("split", 1001.0, 1005.0, 3.0))
    assert bars["split"] == [("waiting", 1.0, 2.0), ("done", 2.0, 5.0)]
    assert bars["score"] == []


def test_a_stage_without_an_answer_runs_until_now(drawn):
    bars, critical = drawn(attempt("split", 1001.0, None, None, status="running"))
    assert bars["split"] == [("running", 1.0, 10.0)]
    assert critical == ["split"]


def test_the_critical_path_goes_through_what_ended_last(drawn):
    _, critical = drawn(
        attempt("split", 1000.0, 1001.0, 1.0),
        attempt("slow", 1001.0, 1006.0, 5.0),
        attempt("quick", 1001.0, 1002.0, 1.0),
        attempt("score", 1006.0, 1007.0, 1.0),
    )
    assert critical == ["split", "slow", "score"]


def test_each_attempt_has_bars_of_its_own(drawn):
    bars, _ = drawn(
        attempt("split", 1000.0, 1001.0, 1.0, status="failed"), attempt("split", 1002.0, 1003.0, 1.0, number=2)
    )
    assert bars["split"] == [("failed", 0.0, 1.0), ("done", 2.0, 3.0)]


def test_what_was_reused_takes_no_time(drawn):
    bars, _ = drawn(happened=[EventRow("r1", 1, 1000.5, "reused", node="split")])
    assert bars["split"] == [("reused", 0.5, 0.5)]


def test_a_run_that_was_never_planned_has_no_bars():
    found = timeline(RunRow("r1", "p", {}, created=1000.0), [], [], 1003.0)
    assert found == {"seconds": 3.0, "stages": []}
