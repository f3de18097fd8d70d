"""R1, R5 and R13 in small: the driver dies, the records fail, old answers come late."""

import contextlib

import pytest

from engine.errors import RecordsError
from engine.records import attempts, events, runs
from engine.records.database import Records
from engine.runs import executor, report
from engine.runs.driver import Driver
from tests.runs.scripted import ScriptedExecutor, chain, drive

PIPELINE = chain(*(f"age + {number}" for number in range(6)))


def ledger(records, run):
    with records.read() as connection:
        return events.of(connection, run)


def outputs_of(records, run):
    """Return the content hash of every output of a run."""
    nodes = report.document(records, run)["nodes"]
    return {name: {port: ref["hash"] for port, ref in node["outputs"].items()} for name, node in nodes.items()}


@pytest.mark.parametrize("turns", range(9))
def test_a_new_driver_finishes_what_a_dead_one_left(workspace, records, store, ask, turns):
    """However many rounds the first driver lived, what it had finished is not ordered again."""
    first = ScriptedExecutor(store)
    run = ask(PIPELINE)
    dying = Driver(workspace, records, first)
    for _ in range(turns):
        dying.turn(0)
    done = {event.node for event in ledger(records, run) if event.kind == "succeeded"}
    second = ScriptedExecutor(store)
    drive(Driver(workspace, records, second))
    assert report.document(records, run)["status"] == "succeeded"
    assert not done & second.done().keys()
    assert done | second.done().keys() == set(PIPELINE.nodes)


def test_outputs_after_a_death_are_those_of_an_undisturbed_run(workspace, records, store, ask):
    run = ask(PIPELINE)
    dying = Driver(workspace, records, ScriptedExecutor(store))
    for _ in range(3):
        dying.turn(0)
    drive(Driver(workspace, records, ScriptedExecutor(store)))
    undisturbed = ask(PIPELINE)
    with records.write() as connection:
        connection.exec_driver_sql("DELETE FROM receipts")
    drive(Driver(workspace, records, ScriptedExecutor(store)))
    assert outputs_of(records, run) == outputs_of(records, undisturbed)


def test_the_answer_of_a_dead_drivers_worker_is_refused_and_recorded(workspace, records, store, ask):
    silent = ScriptedExecutor(store, lambda order: None)
    run = ask(chain())
    Driver(workspace, records, silent).turn(0)
    old = silent.orders[0]
    heir = ScriptedExecutor(store, lambda order: None)
    driver = Driver(workspace, records, heir)
    driver.turn(0)
    heir.ready.append(heir.usual(old))
    driver.turn(0)
    assert report.document(records, run)["nodes"]["read"]["status"] == "running"
    heir.ready.append(heir.usual(heir.orders[0]))
    drive(driver)
    refused = [event for event in ledger(records, run) if event.kind == "refused"]
    assert [(event.token, event.payload["what"]) for event in refused] == [(old.token, "succeeded")]
    with records.read() as connection:
        assert [row.status for row in attempts.of(connection, run)] == ["lost", "succeeded"]


def test_an_answer_after_the_end_is_refused_and_recorded(driver, records, scripted, ask):
    run = ask(chain())
    drive(driver)
    token = scripted.orders[0].token
    scripted.ready.append(executor.Failed(token, {"sentence": "Too late."}))
    driver.turn(0)
    assert [event.kind for event in ledger(records, run)][-1] == "refused"
    assert report.document(records, run)["status"] == "succeeded"


def test_an_answer_that_nobody_asked_for_is_ignored(driver, records, scripted, ask):
    run = ask(chain())
    drive(driver)
    before = ledger(records, run)
    scripted.ready.append(executor.Lost("no such token", "?"))
    driver.turn(0)
    assert ledger(records, run) == before


class Failing:
    """Lets the k-th block of `Records.write` fail, before or after its rows were given to the database."""

    def __init__(self, monkeypatch, fails_at, late):
        self.count = 0
        write = Records.write

        @contextlib.contextmanager
        def failing(records):
            self.count += 1
            fails = self.count == fails_at
            if fails and not late:
                raise RecordsError("The disk is full.")
            with write(records) as connection:
                yield connection
                if fails:
                    raise RecordsError("The disk is full.")

        monkeypatch.setattr(Records, "write", failing)


def stubborn(driver, turns=60):
    """Drive on although the records fail now and then, as `Driver.run` does; return how often they did."""
    failures = 0
    for _ in range(turns):
        try:
            driver.turn(0)
        except RecordsError:
            failures += 1
    return failures


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("fails_at", range(1, 10))
def test_a_write_that_fails_changes_nothing_but_the_time(
    workspace, records, scripted, ask, monkeypatch, fails_at, late
):
    run = ask(PIPELINE)
    driver = Driver(workspace, records, scripted)
    with monkeypatch.context() as patch:
        failing = Failing(patch, fails_at, late)
        failures = stubborn(driver)
    assert failures == (1 if fails_at <= failing.count else 0)
    assert report.document(records, run)["status"] == "succeeded"
    assert set(scripted.done().values()) == {1}
    assert [event.seq for event in ledger(records, run)] == list(range(len(ledger(records, run))))


@pytest.mark.parametrize("fails_at", range(1, 12))
def test_a_read_that_fails_leaves_a_run_that_ends(workspace, records, scripted, ask, monkeypatch, fails_at):
    """A receipt that cannot be looked up puts the run back to its ledger; it starts again from there."""
    run = ask(PIPELINE)
    driver = Driver(workspace, records, scripted)
    read, count = Records.read, iter(range(1, 10_000))

    @contextlib.contextmanager
    def failing(records):
        if next(count) == fails_at:
            raise RecordsError("The disk under the records failed.")
        with read(records) as connection:
            yield connection

    with monkeypatch.context() as patch:
        patch.setattr(Records, "read", failing)
        stubborn(driver)
    assert report.document(records, run)["status"] == "succeeded"
    finished = [event.node for event in ledger(records, run) if event.kind == "succeeded"]
    assert sorted(finished) == sorted(PIPELINE.nodes)


def test_an_executor_that_raises_costs_an_attempt_and_no_more(driver, records, scripted, ask):
    def refuse_first(order):
        if order.attempt == 1:
            raise OSError("No more processes.")
        return ...

    scripted.script = refuse_first
    run = ask(chain())
    drive(driver)
    node = report.document(records, run)["nodes"]["read"]
    assert (node["status"], node["attempts"]) == ("done", 2)


def test_a_fault_in_one_run_is_kept_from_the_others(driver, records, scripted, ask, caplog):
    """An answer without the outputs of its stage is a fault of the executor: the run ends with a sentence."""
    sick, fine = ask(chain(name="sick")), ask(chain("age + 1", name="fine"))
    scripted.script = lambda order: executor.Succeeded(order.token, {}) if order.run == sick else ...
    drive(driver)
    assert report.document(records, sick)["status"] == "failed"
    assert "cannot go on" in report.document(records, sick)["error"]["sentence"]
    assert report.document(records, fine)["status"] == "succeeded"


def test_a_run_that_died_while_it_was_cancelled_is_cancelled(workspace, records, store, ask):
    run = ask(chain("age + 1"))
    dying = Driver(workspace, records, ScriptedExecutor(store, lambda order: None))
    dying.turn(0)
    with records.write() as connection:
        runs.change(connection, run, cancel_requested=True)
    heir = ScriptedExecutor(store, lambda order: None)
    drive(Driver(workspace, records, heir))
    assert report.document(records, run)["status"] == "cancelled"


def test_a_run_with_a_fault_stops_its_other_workers(driver, records, scripted, ask):
    pipeline = chain("age + 1").add("other", "select_columns", pin=True, table="read").set("other", columns=["age"])
    broken = {"step1": executor.Succeeded("", {})}

    def answer(order):
        if order.stage == "other":
            return None
        return executor.Succeeded(order.token, {}) if order.stage in broken else ...

    scripted.script = answer
    run = ask(pipeline)
    drive(driver)
    other = next(order for order in scripted.orders if order.stage == "other")
    assert other.token in scripted.stopped
    assert report.document(records, run)["status"] == "failed"


def test_a_run_that_is_read_again_stops_the_workers_it_had(workspace, records, store, ask, monkeypatch):
    """Its attempts are started again with fresh tokens, so the old ones must not go on."""
    slow = ScriptedExecutor(store, lambda order: None if order.stage == "other" and order.attempt == 1 else ...)
    pipeline = chain("age + 1").add("other", "select_columns", pin=True, table="read").set("other", columns=["age"])
    pipeline = pipeline.add("last", "select_columns", pin=True, table="step1").set("last", columns=["age"])
    run, driver = ask(pipeline), Driver(workspace, records, slow)
    find, calls = driver._recall.find, []

    def failing(digest):
        calls.append(digest)
        if len(calls) == 4:  # the look-up for `last`, while `other` still works
            raise RecordsError("The disk under the records failed.")
        return find(digest)

    monkeypatch.setattr(driver._recall, "find", failing)
    stubborn(driver)
    first = next(order for order in slow.orders if order.stage == "other")
    assert first.token in slow.stopped
    assert report.document(records, run)["status"] == "succeeded"
    with records.read() as connection:
        assert [row.status for row in attempts.of(connection, run, "other")] == ["lost", "succeeded"]
