"""Rows by noun: what is written comes back as the same value."""

import os
import subprocess
import sys

import pytest

from engine.errors import NotFoundError, RecordsError
from engine.records import (
    attempts,
    datasets,
    environments,
    events,
    leases,
    processes,
    receipts,
    reports,
    runs,
    services,
    settings,
    traces,
)


@pytest.fixture
def connection(records):
    with records.write() as connection:
        yield connection


def run(connection, name="r1", **values):
    return runs.add(connection, runs.RunRow(name, "churn", {"nodes": {}}, **values))


def test_runs_are_numbered_in_the_order_they_were_asked_for(connection):
    assert [run(connection, name).number for name in ("b", "a", "c")] == [1, 2, 3]
    assert [row.id for row in runs.newest(connection)] == ["c", "a", "b"]


def test_a_run_comes_back_as_it_was_written(connection):
    asked = run(connection, sources={"dataset:d": {"hash": "h"}}, seed=2**62)
    assert runs.get(connection, "r1") == asked


def test_a_run_that_is_not_there_is_a_sentence_with_what_was_meant(connection):
    run(connection, "r123")
    with pytest.raises(NotFoundError, match="No run 'r124'") as caught:
        runs.get(connection, "r124")
    assert "r123" in caught.value.hint


def test_runs_are_found_by_pipeline_status_and_number(connection):
    run(connection, "a"), run(connection, "b", status="failed"), run(connection, "c")
    assert [row.id for row in runs.newest(connection, pipeline="churn", before=3)] == ["b", "a"]
    assert [row.id for row in runs.newest(connection, statuses=["failed"])] == ["b"]
    assert [row.id for row in runs.live(connection)] == ["a", "c"]
    assert runs.newest(connection, project="other") == []


def test_a_place_in_the_ledger_is_taken_once(records):
    with records.write() as connection:
        run(connection)
        events.append(connection, [events.EventRow("r1", 0, 1.0, "requested")])
    with pytest.raises(RecordsError, match="same record"), records.write() as connection:
        events.append(connection, [events.EventRow("r1", 0, 1.0, "ended")])


def test_the_last_place_of_a_ledger_is_found(connection):
    run(connection)
    for kind in ("requested", "refused"):
        events.append_last(connection, events.EventRow("r1", 77, 1.0, kind))
    assert [(event.seq, event.kind) for event in events.of(connection, "r1")] == [(0, "requested"), (1, "refused")]
    assert [event.kind for event in events.of(connection, "r1", after=0)] == ["refused"]


@pytest.mark.parametrize("twice", ["token", "number"])
def test_an_attempt_is_written_once(records, twice):
    """One row for each (run, node, attempt), and one for each token."""
    with records.write() as connection:
        run(connection)
        attempts.add(connection, attempts.AttemptRow("r1", "fit", 1, "t1", "running", 1.0))
    other = ("fit", 2, "t1") if twice == "token" else ("fit", 1, "t2")
    with pytest.raises(RecordsError), records.write() as connection:
        attempts.add(connection, attempts.AttemptRow("r1", *other, "running", 1.0))


def test_a_newer_receipt_takes_the_place_of_the_older(connection):
    for number in (1, 2):
        receipts.keep(connection, receipts.Receipt("d", {}, {"table": number}, {}, "r1", "fit", 0.5, 1.0))
    assert receipts.find(connection, "d").outputs == {"table": 2}
    receipts.forget(connection, "d")
    assert receipts.find(connection, "d") is None


def test_logs_and_progress_come_in_order_and_from_where_one_left_off(connection):
    traces.log(connection, [traces.LogLine("r1", "fit", 1.0, "info", text) for text in "abc"])
    lines = traces.logs(connection, "r1")
    assert [line.text for line in lines] == ["a", "b", "c"]
    assert [line.text for line in traces.logs(connection, "r1", node="fit", after=lines[0].id)] == ["b", "c"]
    traces.report(connection, "r1", "fit", 0, {"loss": 0.5})
    assert [dict(item.metrics) for item in traces.progress(connection, "r1", node="fit")] == [{"loss": 0.5}]


def test_a_checkpoint_is_the_last_one(connection):
    assert traces.checkpoint(connection, "r1", "fit") is None
    for epoch in (1, 2):
        traces.keep_checkpoint(connection, "r1", "fit", {"epoch": epoch})
    assert traces.checkpoint(connection, "r1", "fit") == {"epoch": 2}


def test_dataset_versions_count_up_by_name(connection):
    added = [datasets.add(connection, datasets.DatasetRow(name, 0, "h", {})) for name in ("a", "a", "b")]
    assert [row.version for row in added] == [1, 2, 1]
    assert datasets.find(connection, "a").version == 2
    assert datasets.find(connection, "a", 1) == added[0]
    assert datasets.find(connection, "a", 3) is None
    assert [(row.name, row.version) for row in datasets.every(connection)] == [("a", 2), ("a", 1), ("b", 1)]
    assert (datasets.remove(connection, "a", 1), datasets.remove(connection, "a", 1)) == (True, False)


def test_services_reports_environments_and_settings_come_back(connection):
    service = services.put_service(connection, services.ServiceRow("s", "m", "1", "inference", {"gpu": 2500}))
    assert services.find(connection, "s") == service
    services.change(connection, "s", status="healthy", port=8000)
    assert (services.find(connection, "s").status, services.every(connection)[0].port) == ("healthy", 8000)
    services.remove(connection, "s")
    assert services.find(connection, "s") is None
    report = reports.add(connection, reports.ReportRow("s", {"rows": 1}, {"drifted": False}))
    assert reports.of(connection, "s") == [report]
    environments.put_environment(connection, environments.EnvironmentRow("train", "elastic", {"cpu": 1}))
    assert environments.find(connection, "train").quota == {"cpu": 1}
    assert settings.setting(connection, "none", 7) == 7


def test_a_lease_belongs_to_who_took_it_last(connection):
    leases.take(connection, leases.Lease("engine", 1, "here", 1.0, 1.0))
    leases.take(connection, leases.Lease("engine", 2, "here", 2.0, 2.0))
    assert (leases.beat(connection, "engine", 1), leases.beat(connection, "engine", 2)) == (False, True)
    leases.release(connection, "engine", 1)
    assert leases.find(connection, "engine").pid == 2


def test_a_process_is_known_by_its_beginning():
    mine = processes.described(os.getpid(), "test")
    assert mine.running()
    assert not processes.ProcessRow(mine.host, mine.pid, "test", mine.started - 60).running()
    assert not processes.ProcessRow("elsewhere", mine.pid, "test", mine.started).running()


def test_a_process_that_ended_is_not_running(connection):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    row = processes.described(child.pid, "child")
    processes.note(connection, row)
    assert processes.every(connection, "child") == [row]
    assert row.running()
    child.kill()
    while row.running():  # dead, though nobody has waited for it yet
        pass
    child.communicate()
    assert processes.described(child.pid, "child") is None
    processes.forget(connection, row)
    assert processes.every(connection) == []
