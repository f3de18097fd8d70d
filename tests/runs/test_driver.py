"""The driver on a scripted executor: what it orders, writes and believes."""

import itertools

import pytest

from engine.errors import NotFoundError, RunError
from engine.records import Records, attempts, events, receipts, runs
from engine.records.environments import EnvironmentRow, put_environment
from engine.runs import executor, report
from engine.runs.clock import Clock
from engine.runs.driver import AT_ONCE, Driver
from tests.runs.scripted import ScriptedExecutor, chain, drive, statuses


def test_stages_are_done_in_order_and_the_run_succeeds(driver, records, scripted, ask):
    run = ask(chain("age + 1", "age + 2"))
    drive(driver)
    assert [order.stage for order in scripted.orders] == ["read", "step1", "step2"]
    assert report.document(records, run)["status"] == "succeeded"


def test_an_order_carries_the_outputs_it_needs(driver, scripted, ask):
    ask(chain("age + 1"))
    drive(driver)
    assert list(scripted.orders[1].outputs) == ["read"]
    assert scripted.orders[0].outputs == {}


def test_each_attempt_stands_in_the_ledger_once(driver, records, ask):
    run = ask(chain("age + 1"))
    drive(driver)
    with records.read() as connection:
        rows = attempts.of(connection, run)
        kinds = [event.kind for event in events.of(connection, run)]
    assert [(row.node, row.attempt, row.status) for row in rows] == [
        ("read", 1, "succeeded"),
        ("step1", 1, "succeeded"),
    ]
    assert kinds == ["requested", "started", "succeeded", "started", "succeeded", "ended"]


def test_what_was_done_before_is_reused(driver, records, scripted, ask):
    first = ask(chain("age + 1"))
    drive(driver)
    second = ask(chain("age + 1", name="other name"))
    drive(driver)
    assert scripted.done() == {"read": 1, "step1": 1}
    nodes = report.document(records, second)["nodes"]
    assert {node["reused_from"] for node in nodes.values()} == {first}
    assert set(statuses(records, second).values()) == {"reused"}


def test_after_a_change_only_what_depends_on_it_runs_again(driver, records, scripted, ask):
    ask(chain("age + 1", "age + 2", "age + 3"))
    drive(driver)
    second = ask(chain("age + 1", "age + 5", "age + 3"))
    drive(driver)
    assert scripted.done() == {"read": 1, "step1": 1, "step2": 2, "step3": 2}
    assert 'parameter.expression "age + 2" -> "age + 5"' in report.document(records, second)["nodes"]["step2"]["reason"]


def test_why_names_the_part_that_changed_since_the_run_before(driver, records, ask):
    first = ask(chain("age + 1", "age + 2"))
    drive(driver)
    second = ask(chain("age + 7", "age + 2"))
    drive(driver)
    told = report.why(records, second, "step1")
    assert told["changed"] == [{"part": "parameter.expression", "before": '"age + 1"', "after": '"age + 7"'}]
    assert (told["compared_with"], told["reused_from"]) == (first, None)
    assert [item["part"] for item in report.why(records, second, "step2")["changed"]] == ["input.table"]
    assert report.why(records, second, "read") | {"reason": ""} == {
        "run": second,
        "node": "read",
        "reused_from": first,
        "changed": [],
        "compared_with": first,
        "reason": "",
        "told": [{"code": "why_reused", "values": {"run": first}}],
    }


def test_why_of_a_node_that_is_not_there_is_a_sentence(driver, records, ask):
    run = ask(chain("age + 1"))
    with pytest.raises(NotFoundError, match="No node 'step9'"):
        report.why(records, run, "step9")


@pytest.mark.parametrize("damage", ["removed", "changed"])
def test_an_output_that_is_gone_or_damaged_is_made_again(driver, records, store, scripted, ask, damage):
    ask(chain("age + 1"))
    drive(driver)
    with records.read() as connection:
        digest = attempts.of(connection, scripted.orders[1].run, "step1")[0].digest
        path = store.root / receipts.find(connection, digest).outputs["table"]["path"]
    path.unlink()
    if damage == "changed":
        path.write_bytes(b"something else of another size")
    ask(chain("age + 1"))
    drive(driver)
    assert scripted.done() == {"read": 1, "step1": 2}


def test_a_failed_stage_stops_what_needs_it_and_says_why(driver, records, scripted, ask):
    error = {"sentence": "No column 'x'.", "hint": "Look.", "field": "expression", "node": "step1", "details": "Trace"}
    scripted.script = lambda order: executor.Failed(order.token, error) if order.stage == "step1" else ...
    run = ask(chain("age + 1", "age + 2"))
    drive(driver)
    document = report.document(records, run)
    assert document["status"] == "failed"
    assert document["error"] == {"sentence": "No column 'x'.", "hint": "Look.", "field": "expression", "node": "step1"}
    assert statuses(records, run) == {"read": "done", "step1": "failed", "step2": "skipped"}
    assert document["nodes"]["step1"]["attempts"] == 1


def test_a_lost_worker_is_replaced(driver, records, scripted, ask):
    script = {1: executor.Lost("", "It was killed.")}

    def lose_first(order):
        lost = script.get(order.attempt) if order.stage == "step1" else None
        return executor.Lost(order.token, lost.reason) if lost else ...

    scripted.script = lose_first
    run = ask(chain("age + 1"))
    drive(driver)
    node = report.document(records, run)["nodes"]["step1"]
    assert (node["status"], node["attempts"]) == ("done", 2)
    with records.read() as connection:
        assert [row.status for row in attempts.of(connection, run, "step1")] == ["lost", "succeeded"]


def test_patience_is_what_was_asked_for(driver, records, scripted, ask):
    scripted.script = lambda order: executor.Lost(order.token, "It was killed.")
    run = ask(chain(), options={"max_attempts": 2})
    drive(driver)
    assert report.document(records, run)["nodes"]["read"]["attempts"] == 2
    assert report.document(records, run)["error"]["sentence"] == "It was killed."


def test_a_share_beyond_the_quota_is_refused_before_it_waits(records, ask):
    pipeline = chain().add("greedy", "select_columns", table="read", resources={"gpu": 0.6})
    with pytest.raises(RunError, match=r"greedy.*0\.6"):
        ask(pipeline)
    with records.read() as connection:
        assert runs.newest(connection) == []


def test_an_unknown_environment_or_engine_is_refused(ask):
    with pytest.raises(NotFoundError, match="No environment 'nowhere'"):
        ask(chain(), environment="nowhere")
    with pytest.raises(RunError, match="no engine 'pandas'"):
        ask(chain(), engine="pandas")


def test_a_pipeline_that_cannot_be_read_any_more_fails_alone(driver, records, ask):
    broken, fine = ask(chain()), ask(chain("age + 1"))
    with records.write() as connection:
        runs.change(connection, broken, document={"name": "x", "nodes": {"a": {"operator": "was_removed"}}})
    drive(driver)
    told = report.document(records, broken)
    assert (told["status"], told["nodes"]["a"]["status"]) == ("failed", "skipped")
    assert "was_removed" in told["error"]["sentence"]
    assert report.document(records, fine)["status"] == "succeeded"


def test_many_runs_are_driven_side_by_side_and_the_rest_wait(driver, records, ask):
    asked = [ask(chain(f"age + {number}")) for number in range(AT_ONCE + 6)]
    driver.turn(0)
    assert len(driver._live) <= AT_ONCE
    drive(driver)
    assert {report.document(records, run)["status"] for run in asked} == {"succeeded"}


@pytest.mark.parametrize("step", [-3600, 86_400, 3600])
def test_no_duration_is_negative_when_the_clock_jumps(workspace, records, scripted, ask, step):
    """Back an hour, on a day, and on an hour, at each look: nothing is given up for it."""
    times = itertools.count(10**9, step)
    driver = Driver(workspace, records, scripted, Clock(now=lambda: float(next(times))))
    run = ask(chain("age + 1"))
    drive(driver)
    document = report.document(records, run)
    assert document["status"] == "succeeded"
    assert document["seconds"] >= 0
    assert all(node["seconds"] >= 0 for node in document["nodes"].values())
    driver.close()


def test_a_listing_is_newest_first(driver, records, ask):
    asked = [ask(chain()), ask(chain())]
    drive(driver)
    assert [row["id"] for row in report.listing(records)] == asked[::-1]


def test_a_waiting_run_has_a_document(records, ask):
    document = report.document(records, ask(chain()))
    assert (document["status"], document["seconds"]) == ("queued", None)
    assert document["nodes"]["read"]["status"] == "waiting"


def test_records_of_another_process_are_seen(workspace, records, driver, ask):
    """A second door to the same database, as another process has, is enough for the driver to notice."""
    assert Records.open(workspace) is records
    run = ask(chain())
    driver.turn(0)
    assert statuses(records, run)["read"] in ("running", "done")


def test_an_output_that_was_verified_is_verified_again_once_it_has_changed(driver, records, store, scripted, ask):
    run = ask(chain())
    drive(driver)
    ask(chain())
    drive(driver)
    path = store.root / report.document(records, run)["nodes"]["read"]["outputs"]["table"]["path"]
    path.write_bytes(b"*" * path.stat().st_size)
    ask(chain())
    drive(driver)
    assert scripted.done() == {"read": 2}


def test_a_fixed_environment_takes_no_runs(records, ask):
    with records.write() as connection:
        put_environment(connection, EnvironmentRow("inference", "fixed", {"cpu": 10_000}))
    with pytest.raises(RunError, match="keeps its share for services"):
        ask(chain(), environment="inference")


def test_an_order_says_what_was_asked_for(driver, scripted, ask):
    ask(chain(), seed=7, engine="duckdb")
    drive(driver)
    order = scripted.orders[0]
    assert (order.seed, order.engine, order.environment, order.attempt) == (7, "duckdb", "train", 1)
    assert set(order.pipeline["nodes"]) == {"read"}


def test_a_refused_answer_leaves_no_trace_in_the_report(driver, records, scripted, ask):
    run = ask(chain())
    drive(driver)
    before = report.document(records, run)
    scripted.ready.append(scripted.usual(scripted.orders[0]))
    driver.turn(0)
    assert report.document(records, run) == before


def test_why_compares_with_runs_of_the_same_project(driver, records, ask):
    ask(chain("age + 1"), project="theirs")
    drive(driver)
    mine = ask(chain("age + 2"), project="mine")
    drive(driver)
    assert report.why(records, mine, "step1")["compared_with"] is None


def test_why_compares_with_the_nearest_of_several_runs(driver, records, ask):
    asked = [ask(chain(f"age + {number}")) for number in (1, 2, 3) if drive(driver) is None]
    drive(driver)
    assert report.why(records, asked[2], "step1")["compared_with"] == asked[1]


def test_the_seconds_of_an_heirs_run_are_not_negative_when_the_clock_went_back(workspace, records, store, ask):
    run = ask(chain())
    Driver(workspace, records, ScriptedExecutor(store, lambda order: None), Clock(now=lambda: 2e9)).turn(0)
    drive(Driver(workspace, records, ScriptedExecutor(store), Clock(now=lambda: 1e9)))
    assert report.document(records, run)["seconds"] >= 0
