"""Runs that are cancelled, resumed or begin later, on a scripted executor."""

import time

import psutil
import pytest

from engine.records.events import of as events_of
from engine.runs import executor, report
from engine.runs.clock import Clock
from engine.runs.driver import Driver
from engine.runs.inline_executor import InlineExecutor
from engine.runs.requests import cancel, resume
from tests.runs.scripted import ScriptedExecutor, chain, drive, statuses


def test_a_cancelled_run_stops_its_workers(driver, records, scripted, ask):
    scripted.script = lambda order: None
    run = ask(chain("age + 1"))
    driver.turn(0)
    cancel(records, run)
    drive(driver)
    assert scripted.stopped == [scripted.orders[0].token]
    assert report.document(records, run)["status"] == "cancelled"
    assert statuses(records, run) == {"read": "skipped", "step1": "skipped"}


def test_work_that_fails_because_it_saw_the_cancellation_first_is_cancelled(workspace, records, store, ask):
    scripted = ScriptedExecutor(store, lambda order: None)
    driver = Driver(workspace, records, scripted)
    run = ask(chain("age + 1"))
    driver.turn(0)
    [order] = scripted.orders

    def answers(timeout):
        cancel(records, run)  # after the driver has looked, and before it gets the answer
        scripted.answers = lambda timeout: []
        return [executor.Failed(order.token, {"sentence": "The run was cancelled.", "node": order.stage})]

    scripted.answers = answers
    drive(driver)
    document = report.document(records, run)
    assert (document["status"], document["nodes"]["read"]["status"]) == ("cancelled", "skipped")


def test_a_run_that_nobody_began_is_cancelled_at_once(records, ask):
    run = ask(chain())
    assert cancel(records, run).status == "cancelled"


def test_cancelling_what_is_over_changes_nothing(driver, records, ask):
    run = ask(chain())
    drive(driver)
    assert cancel(records, run).status == "succeeded"


def test_a_worker_that_does_not_stop_is_given_up(workspace, records, scripted, ask):
    now = [0.0]
    driver = Driver(workspace, records, scripted, Clock(elapsed=lambda: now[0]))
    scripted.script = lambda order: None
    scripted.stop = lambda token: None
    run = ask(chain())
    driver.turn(0)
    cancel(records, run)
    driver.turn(0)
    now[0] = 6.0
    drive(driver)
    assert report.document(records, run)["status"] == "cancelled"
    driver.close()


def test_an_attempt_past_its_deadline_is_stopped_and_fails(workspace, records, scripted, ask):
    now = [0.0]
    driver = Driver(workspace, records, scripted, Clock(elapsed=lambda: now[0]))
    scripted.script = lambda order: None
    run = ask(chain(), options={"timeout_s": 30})
    driver.turn(0)
    now[0] = 31.0
    drive(driver)
    assert scripted.stopped == [scripted.orders[0].token]
    assert report.document(records, run)["error"]["sentence"] == "It took longer than 30 s."
    driver.close()


def test_the_wait_for_a_place_is_not_the_time_of_an_attempt(workspace, records, scripted, ask):
    now = [0.0]
    driver = Driver(workspace, records, scripted, Clock(elapsed=lambda: now[0]))
    scripted.script = lambda order: None
    run = ask(chain(), options={"timeout_s": 30})
    driver.turn(0)
    scripted.placeless = {scripted.orders[0].token, "of another run"}
    now[0] = 1000.0
    driver.turn(0)
    scripted.placeless = set()
    now[0] = 1029.0
    driver.turn(0)
    assert report.document(records, run)["status"] == "running"
    now[0] = 1031.0
    drive(driver)
    assert report.document(records, run)["error"]["sentence"] == "It took longer than 30 s."
    driver.close()


def test_a_failed_run_goes_on_under_its_id_and_keeps_what_is_done(driver, records, scripted, ask):
    scripted.script = lambda order: executor.Failed(order.token, {"sentence": "No."}) if order.stage == "step2" else ...
    run = ask(chain("age + 1", "age + 2", "age + 3"))
    drive(driver)
    scripted.script = lambda order: ...
    assert resume(records, run).status == "queued"
    drive(driver)
    assert scripted.done() == {"read": 1, "step1": 1, "step2": 2, "step3": 1}
    document = report.document(records, run)
    assert (document["status"], document["error"]) == ("succeeded", None)


def test_a_cancelled_run_can_be_resumed(driver, records, scripted, ask):
    run = ask(chain("age + 1"))
    cancel(records, run)
    resume(records, run)
    drive(driver)
    assert report.document(records, run)["status"] == "succeeded"


def test_a_run_that_succeeded_is_not_resumed(driver, records, ask):
    run = ask(chain())
    drive(driver)
    assert resume(records, run).status == "succeeded"


def test_a_resumed_run_does_again_what_is_gone(driver, records, store, scripted, ask):
    scripted.script = lambda order: executor.Failed(order.token) if order.stage == "step2" else ...
    run = ask(chain("age + 1", "age + 2"))
    drive(driver)
    (store.root / report.document(records, run)["nodes"]["step1"]["outputs"]["table"]["path"]).unlink()
    scripted.script = lambda order: ...
    resume(records, run)
    drive(driver)
    assert scripted.done() == {"read": 1, "step1": 2, "step2": 2}
    assert report.document(records, run)["status"] == "succeeded"


def test_a_resumed_run_has_no_error_while_it_goes_on(driver, records, scripted, ask):
    scripted.script = lambda order: executor.Failed(order.token, {"sentence": "No."})
    run = ask(chain())
    drive(driver)
    scripted.script = lambda order: None
    resume(records, run)
    driver.turn(0)
    document = report.document(records, run)
    assert (document["status"], document["error"], document["ended"]) == ("running", None, None)


def test_what_was_cancelled_before_it_began_is_never_given_to_a_worker(workspace, records, store, ask):
    """An heir that finds a cancelled run would start it and stop it in one round."""
    run = ask(chain())
    Driver(workspace, records, ScriptedExecutor(store, lambda order: None)).turn(0)
    cancel(records, run)
    heir = ScriptedExecutor(store, lambda order: None)
    drive(Driver(workspace, records, heir))
    assert (heir.orders, heir.stopped) == ([], [])
    assert report.document(records, run)["status"] == "cancelled"


def test_a_run_that_shall_begin_later_waits_for_its_time_and_for_nobody(workspace, records, store, ask):
    now = [1000.0]
    scripted = ScriptedExecutor(store)
    driver = Driver(workspace, records, scripted, Clock(now=lambda: now[0]))
    later = ask(chain("age + 1"), options={"not_before": 2000.0})
    sooner = ask(chain("age + 2", name="sooner"))
    drive(driver)
    assert [report.document(records, run)["status"] for run in (later, sooner)] == ["queued", "succeeded"]
    now[0] = 2000.0
    drive(driver)
    assert report.document(records, later)["status"] == "succeeded"


def test_a_run_that_waits_for_its_time_can_be_cancelled(workspace, records, store, ask):
    driver = Driver(workspace, records, ScriptedExecutor(store), Clock(now=lambda: 1000.0))
    later = ask(chain("age + 1"), options={"not_before": 2000.0})
    drive(driver)
    cancel(records, later)
    drive(driver)
    assert report.document(records, later)["status"] == "cancelled"


SLEEPY = """
import subprocess, time
def run(table):
    subprocess.Popen(["sleep", "617"])
    time.sleep(60)
"""


def sleepers():
    """Return the processes that the script above started."""
    return [one.pid for one in psutil.Process().children(recursive=True) if one.name() == "sleep"]


def until(holds, turn=lambda: None):
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "nothing happened"
        turn()
        time.sleep(0.001)


@pytest.mark.parametrize("events", [1, 2, 3, 4, 6, 7])
def test_a_run_that_is_cancelled_anywhere_ends_at_once_and_leaves_nothing(
    workspace, records, ask, tmp_path, monkeypatch, events
):
    """R12 in small: cancelled when so much has happened; at the last the script has started another process."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pipeline = chain("age + 1", "age + 2").add("script", "python_script", table="step2").set("script", code=SLEEPY)
    inline, run = InlineExecutor(), ask(pipeline)
    driver = Driver(workspace, records, inline)
    until(lambda: len(happened(records, run)) >= events and (events < 7 or sleepers()), lambda: driver.turn(0.01))
    asked = time.monotonic()
    cancel(records, run)
    until(lambda: report.document(records, run)["status"] == "cancelled", lambda: driver.turn(0.01))
    assert time.monotonic() - asked < 5
    places = {workspace.scratch: "*", workspace.outputs: "partial/*", tmp_path: "tandem-child-*"}
    until(lambda: not sleepers() and not [path for place, name in places.items() for path in place.glob(name)])
    inline.close()
    driver.close()


def happened(records, run):
    with records.read() as connection:
        return events_of(connection, run)
