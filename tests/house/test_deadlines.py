"""R11: whatever is on its way ends: each kind of job, and each state that is not the last one, has a deadline."""

import ast
import inspect
import threading
import time
from pathlib import Path

import pytest

from engine import Workbench
from engine.config import Settings
from engine.host import jobs as host
from engine.records import Records, jobs, runs, services
from engine.runs.state import OPEN
from engine.serving import reconciler
from engine.workbench import tasks
from tests.house.test_reliability_table import all_tests

HERE = Path(__file__).relative_to(Path(__file__).parents[1])
RUNS, SERVING, ENGINE = (
    "runs/test_cancelled_and_resumed.py",
    "serving/test_reconciler.py",
    "records/test_engine_deadlines.py",
)
ENDS = {
    "run queued": "It waits for its turn or its hour; cancelling ends it at once, also where no engine runs.",
    "run running": "It ends with its stages.",
    "stage waiting": "It waits for the stages before it.",
    "stage ready": "It is given out in the same round of the driver.",
    "stage running": f"{RUNS}::test_an_attempt_past_its_deadline_is_stopped_and_fails",
    "stage cancelled": f"{RUNS}::test_a_worker_that_does_not_stop_is_given_up",
    "job queued": "It waits for jobs that have deadlines; cancelling ends it at once, also where no engine runs.",
    "job running": f"{HERE}::test_a_job_of_any_kind_that_hangs_is_given_up",
    "job cancelled": f"{HERE}::test_a_cancelled_job_that_does_not_stop_is_given_up",
    "service waiting": "The next step of the reconciler begins it or says why it cannot.",
    "service starting": f"{SERVING}::test_a_version_that_never_starts_has_a_deadline",
    "service stopping": "Serve kills a replica that has not ended after STOP_SECONDS.",
    "engine starting": f"{ENGINE}::test_an_engine_that_never_gets_ready_is_told",
    "engine ending": f"{ENGINE}::test_a_process_that_ignores_being_asked_is_killed",
}
"""By state the test that holds its deadline, or why there is none."""


def states():
    """Return each state of the product out of which something has to come by itself."""
    found = [f"run {status}" for status in runs.LIVE] + [f"job {status}" for status in jobs.LIVE]
    found += [f"stage {status}" for status in OPEN] + [f"service {status}" for status in services.ON_THEIR_WAY]
    return {*found, "stage cancelled", "job cancelled", "engine starting", "engine ending"}


def words_of(module, keyword):
    """Return the literal values that a module gives to a keyword."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.keyword)]
    return {node.value.value for node in calls if node.arg == keyword and isinstance(node.value, ast.Constant)}


def test_each_state_has_a_deadline_or_says_why_not():
    assert set(ENDS) == states()
    assert [end for end in ENDS.values() if "::" in end and end not in all_tests()] == []


def names_in(module):
    """Return the values of the constants of a module that are one word."""
    return {value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}


def test_there_are_no_other_states():
    for module in (runs, jobs):
        assert names_in(module) == {*module.LIVE, *module.ENDED}
    assert words_of(reconciler, "status") <= {*services.ON_THEIR_WAY, *services.AT_REST}


@pytest.fixture
def hanging(tmp_path, monkeypatch):
    """A workspace and the loop over its jobs, all of which hang and listen to nobody until the test is over."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    monkeypatch.setattr(host, "STOP_WITHIN", 0.0)
    monkeypatch.setattr(host, "STOP_AGAIN", 0.02)
    monkeypatch.setattr(host, "POLL", 0.01)
    over = threading.Event()
    monkeypatch.setattr(tasks, "TASKS", dict.fromkeys(tasks.TASKS, lambda *_: over.wait(60)))
    bench = Workbench.open(tmp_path / "workspace")
    loop = host.JobLoop(bench.workspace, Records.open(bench.workspace), Settings.model_construct(job_s=0.1))
    yield bench, loop
    over.set()
    loop.stop()


def ended(bench, job):
    deadline = time.monotonic() + 30
    while (shown := bench.jobs.show(job))["status"] in jobs.LIVE:
        assert time.monotonic() < deadline, f"{shown['kind']} has no deadline"
        time.sleep(0.01)
    return shown


def test_a_job_of_any_kind_that_hangs_is_given_up(hanging):
    bench, loop = hanging
    asked = {kind: bench.jobs.begin(kind, {}) for kind in tasks.TASKS}
    loop.start()
    for job in asked.values():
        shown = ended(bench, job)
        assert shown["status"] == "failed"
        assert shown["error"]["sentence"] == "It took longer than 0.1 s, the limit of TANDEM_JOB_S."


def test_a_cancelled_job_that_does_not_stop_is_given_up(hanging, monkeypatch):
    bench, loop = hanging
    monkeypatch.setattr(loop, "_settings", Settings())
    job = bench.jobs.begin("profile", {})
    loop.start()
    while bench.jobs.show(job)["status"] != "running":
        time.sleep(0.01)
    bench.jobs.cancel(job)
    assert "did not stop within" in ended(bench, job)["error"]["sentence"]
