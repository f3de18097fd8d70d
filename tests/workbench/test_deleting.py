"""Deleting: one promise for everything that users make, tried on each kind."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from engine import Workbench
from engine.errors import DeletionError, EngineError, NotFoundError
from engine.records import Records, deletions, reports, runs, services
from engine.records.reports import ReportRow
from engine.records.services import ServiceRow
from engine.serving.captures import CaptureLog
from engine.workbench.deleting.family import FAMILY
from tests.pages.conftest import drive
from tests.workbench.conftest import SORTED as PIPELINE

LATER = 3_600.0 * 24 * 365


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A workspace whose engine never starts."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    return Workbench.open(tmp_path / "workspace")


def records(bench):
    return Records.open(bench.workspace)


def add_dataset(bench, name="people"):
    bench.datasets.put(name, pl.DataFrame({"age": range(1000)}))
    return name


def add_run(bench):
    if "people" not in bench._store.names():
        add_dataset(bench)
    run = bench.run(PIPELINE).id
    drive(bench.workspace.root)
    return run


def add_service(bench):
    with records(bench).write() as connection:
        row = ServiceRow("ages", "ages", "1", "inference", wanted="stopped", status="stopped")
        services.put_service(connection, row)
    return "ages"


def add_report(bench):
    with records(bench).write() as connection:
        reports.add(connection, ReportRow("ages", {}, {"columns": [], "quality": [], "drifted": False, "rows": 3}))
    return "ages"


def add_captures(bench, ages=(1, 2)):
    log = CaptureLog(bench.workspace.captures / "ages", "1", model="ages")
    log.add(pl.DataFrame({"age": ages}), pl.DataFrame({"prediction": ages}))
    log.close()
    return "ages"


def add_pipeline(bench):
    bench.pipelines.create("people", PIPELINE)
    return "people"


@dataclass(frozen=True)
class Case:
    """How one kind is made, listed, and named."""

    make: Any
    listed: Any


CASES = {
    "dataset": Case(add_dataset, lambda bench: [one["name"] for one in bench.datasets.list()]),
    "run": Case(add_run, lambda bench: [one["id"] for one in bench.runs.list()]),
    "service": Case(add_service, lambda bench: [one["name"] for one in bench.services.list()]),
    "report": Case(add_report, lambda bench: [one["rows"] for one in bench.monitor.history("ages")]),
    "pipeline": Case(add_pipeline, lambda bench: [one["name"] for one in bench.pipelines.list()]),
    "captures": Case(add_captures, lambda bench: bench.monitor.captured("ages")["rows"]),
}
"""Models have tests of their own below: they take a training."""


@pytest.fixture(params=CASES)
def kind(request):
    return request.param


@pytest.fixture
def made(bench, kind):
    """The name of one thing of a kind."""
    return CASES[kind].make(bench)


def listed(bench, kind):
    return CASES[kind].listed(bench)


def test_every_kind_is_tried_here():
    assert {*CASES, "model"} == {*FAMILY}


def test_what_is_deleted_is_in_no_list(bench, kind, made):
    assert listed(bench, kind)
    told = bench.deletions.delete(kind, made)
    assert listed(bench, kind) == []
    assert (told["kind"], told["name"], told["until"] > time.time()) == (kind, made, True)
    with pytest.raises(NotFoundError):
        bench.deletions.delete(kind, made)


def test_what_is_taken_back_is_as_it_was(bench, kind, made):
    before = listed(bench, kind)
    told = bench.deletions.delete(kind, made)
    assert [one["id"] for one in bench.deletions.list()] == [told["id"]]
    bench.deletions.undo(told["id"])
    assert (listed(bench, kind), bench.deletions.list()) == (before, [])
    with pytest.raises(NotFoundError, match="No deletion"):
        bench.deletions.undo(told["id"])


def test_files_stay_while_it_can_be_taken_back_and_go_after_that(bench, kind, made):
    told = bench.deletions.delete(kind, made)
    assert bench.deletions.finish() == {}
    assert bench.deletions.finish(time.time() + LATER) == {kind: told["bytes"]}
    assert bench.deletions.finish(time.time() + LATER) == {}
    with pytest.raises((DeletionError, NotFoundError)):
        bench.deletions.undo(told["id"])


def test_looking_says_what_it_takes_and_deletes_nothing(bench, kind, made):
    before = listed(bench, kind)
    told = bench.deletions.look(kind, made)
    assert (told["name"], told["refused"], listed(bench, kind)) == (made, None, before)
    assert told["bytes"] == bench.deletions.delete(kind, made)["bytes"]


def test_another_workbench_of_the_workspace_sees_it_at_once(bench, kind, made):
    other = Workbench(bench.workspace, bench.settings)
    bench.deletions.delete(kind, made)
    assert listed(other, kind) == []


def test_a_deletion_that_breaks_off_after_the_claim_is_finished_by_the_next(bench, kind, made, monkeypatch):
    """As an engine that is killed while it removes files: what it had begun cannot be taken back, and goes."""
    told = bench.deletions.delete(kind, made)
    with monkeypatch.context() as patch:
        patch.setattr(FAMILY[kind], "remove", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bench.deletions.finish(time.time() + LATER)
    with pytest.raises(DeletionError, match="gone for good"):
        bench.deletions.undo(told["id"])
    assert listed(bench, kind) == []
    bench.deletions.finish()
    assert bench.deletions.due(time.time() + LATER) == []


def test_one_that_breaks_off_before_it_is_noted_is_finished_by_the_next(bench, kind, made, monkeypatch):
    bench.deletions.delete(kind, made)
    with monkeypatch.context() as patch:
        patch.setattr(FAMILY[kind], "forget", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bench.deletions.finish(time.time() + LATER)
    bench.deletions.finish()
    assert (bench.deletions.due(time.time() + LATER), listed(bench, kind)) == ([], [])


def test_a_number_is_never_given_twice(bench):
    for expected in (1, 2):
        assert bench.datasets.put("people", pl.DataFrame({"age": [expected]}))["version"] == expected
    bench.deletions.delete("dataset", "people")
    bench.deletions.finish(time.time() + LATER)
    assert bench.datasets.put("people", pl.DataFrame({"age": [3]}))["version"] == 3
    assert [one["version"] for one in bench.datasets.versions("people")] == [3]


def test_runs_and_reports_keep_their_numbers_too(bench):
    numbers = []
    for _ in range(2):
        run, service = add_run(bench), add_report(bench)
        with records(bench).read() as connection:
            numbers.append((runs.get(connection, run).number, *reports.numbers(connection, service)))
        bench.deletions.delete("run", run)
        bench.deletions.delete("report", service)
        bench.deletions.finish(time.time() + LATER)
    assert numbers == [(1, 1), (2, 2)]


def test_the_newest_version_may_go_and_the_one_before_is_the_newest(bench):
    for age in (1, 2):
        bench.datasets.put("people", pl.DataFrame({"age": [age]}))
    bench.deletions.delete("dataset", "people", [2])
    assert (bench.datasets.show("people")["version"], bench.datasets.query("SELECT age FROM people")["rows"]) == (
        1,
        [[1]],
    )
    with pytest.raises(NotFoundError, match="has no version 2"):
        bench.datasets.show("people@2")


def test_a_version_that_came_meanwhile_is_not_deleted(bench):
    add_dataset(bench)
    shown = [one["version"] for one in bench.datasets.versions("people")]
    add_dataset(bench)
    bench.deletions.delete("dataset", "people", shown)
    assert [one["version"] for one in bench.datasets.versions("people")] == [2]


def test_the_files_of_a_dataset_go(bench):
    folder = bench._store.get(f"{add_dataset(bench)}@1").folder
    told = bench.deletions.delete("dataset", "people")
    assert folder.exists()
    assert told["bytes"] == sum(path.stat().st_size for path in folder.iterdir())
    bench.deletions.finish(time.time() + LATER)
    assert not folder.exists()


def test_a_dataset_that_a_run_reads_is_not_deleted(bench):
    add_dataset(bench)
    run = bench.run(PIPELINE).id
    with pytest.raises(DeletionError, match=f"in use: run {run}"):
        bench.deletions.delete("dataset", "people", anyway=True)
    assert bench.deletions.look("dataset", "people")["refused"]
    drive(bench.workspace.root)
    assert {"kind": "run", "name": run, "how": "history"} in bench.deletions.delete("dataset", "people")["users"]


def test_a_dataset_whose_pipeline_would_break_is_deleted_only_anyway(bench):
    add_dataset(bench)
    bench.pipelines.create("people", PIPELINE)
    with pytest.raises(DeletionError, match="needed by pipeline people") as caught:
        bench.deletions.delete("dataset", "people")
    assert "anyway" in caught.value.hint
    bench.deletions.delete("dataset", "people", anyway=True)


def test_an_old_version_that_no_pipeline_names_breaks_none(bench):
    add_dataset(bench)
    add_dataset(bench)
    bench.pipelines.create("people", PIPELINE)
    assert bench.deletions.delete("dataset", "people", [1])["users"] == []


def test_a_run_that_began_just_when_its_dataset_was_deleted_still_finds_it(bench):
    add_dataset(bench)
    asked = bench.run(PIPELINE)
    with records(bench).write() as connection:
        deletions.add(connection, [deletions.DeletionRow("a", "dataset", "people", "1")])
    bench.deletions.finish(time.time() + LATER)
    drive(bench.workspace.root)
    assert asked.status == "succeeded"
    bench.deletions.finish(time.time() + LATER)
    assert not list(bench.workspace.datasets.glob("*/table.parquet"))


def test_a_run_that_goes_on_is_not_deleted(bench):
    add_dataset(bench)
    run = bench.run(PIPELINE)
    with pytest.raises(DeletionError, match="has not ended yet"):
        bench.deletions.delete("run", run.id)
    run.cancel()
    bench.deletions.delete("run", run.id)


def test_outputs_that_another_run_has_stay_and_are_reused(bench):
    first, second = add_run(bench), add_run(bench)
    bench.deletions.delete("run", first)
    bench.deletions.finish(time.time() + LATER)
    assert bench.runs.preview(second, "sort", rows=1)["total_rows"] == 1000
    assert bench.runs.show(add_run(bench))["nodes"]["sort"]["status"] == "reused"


def test_a_run_computes_again_what_a_deleted_one_had_kept(bench):
    bench.deletions.delete("run", add_run(bench))
    freed = bench.deletions.finish(time.time() + LATER)
    assert freed["run"] > 0
    assert not list(bench.workspace.outputs.glob("??/*"))
    run = add_run(bench)
    assert bench.runs.show(run)["nodes"]["sort"]["status"] == "done"


def test_while_a_run_goes_on_receipts_go_before_files(bench):
    run = add_run(bench)
    bench.deletions.delete("run", run)
    going = bench.run({**PIPELINE, "name": "other"})
    later = time.time() + LATER
    assert bench.deletions.finish(later) == {}
    drive(bench.workspace.root)
    assert going.status == "succeeded"
    assert bench.runs.show(going.id)["nodes"]["sort"]["status"] == "done"
    bench.deletions.finish(later)
    assert bench.runs.preview(going.id, "sort", rows=1)["total_rows"] == 1000


def test_projects_are_told_what_deleted_runs_used(bench):
    before = (add_run(bench), bench.accounts())[1]
    bench.deletions.delete("run", bench.runs.list()[0]["id"])
    bench.deletions.finish(time.time() + LATER)
    assert bench.accounts() == before
    assert bench.forecast(PIPELINE)["stages"]


def test_a_service_goes_with_its_reports_and_captures_and_comes_back_with_them(bench):
    add_service(bench)
    add_report(bench)
    add_captures(bench)
    told = bench.deletions.delete("service", "ages")
    assert told["with"] == {"report": 1, "captures": 1}
    assert (bench.monitor.history("ages"), bench.monitor.captured("ages")["rows"]) == ([], [])
    bench.deletions.undo(told["id"])
    assert len(bench.monitor.history("ages")) == 1
    assert len(bench.monitor.captured("ages")["rows"]) == 2


@pytest.mark.parametrize(("wanted", "status"), [("running", "healthy"), ("running", "failed"), ("stopped", "healthy")])
def test_a_service_that_is_not_stopped_is_not_deleted(bench, wanted, status):
    add_service(bench)
    with records(bench).write() as connection:
        services.change(connection, "ages", wanted=wanted, status=status)
    with pytest.raises(DeletionError, match="has not ended yet"):
        bench.deletions.delete("service", "ages", anyway=True)


def test_a_service_that_was_changed_since_it_was_shown_is_not_deleted(bench):
    shown = bench.services.show(add_service(bench))["updated"]
    with records(bench).write() as connection:
        services.change(connection, "ages", message="changed")
    with pytest.raises(DeletionError, match="was changed"):
        bench.deletions.delete("service", "ages", revision=shown)


def test_a_service_by_the_name_of_a_deleted_one_is_another(bench):
    told = bench.deletions.delete("service", add_service(bench))
    add_service(bench)
    assert [one["name"] for one in bench.services.list()] == ["ages"]
    bench.deletions.finish(time.time() + LATER)
    assert [one["name"] for one in bench.services.list()] == ["ages"]
    with pytest.raises(EngineError):
        bench.deletions.undo(told["id"])


def test_rows_that_are_asked_later_stay(bench):
    add_captures(bench, (1,))
    until = time.time()
    told = bench.deletions.delete("captures", "ages", [repr(until)])
    add_captures(bench, (2,))
    assert [row[0] for row in bench.monitor.captured("ages")["rows"]] == [2]
    bench.deletions.finish(time.time() + LATER)
    assert [row[0] for row in bench.monitor.captured("ages")["rows"]] == [2]
    assert not list((bench.workspace.captures / "ages").glob(f"*{told['id']}*"))


def test_a_file_with_rows_of_before_and_after_is_divided(bench):
    folder = bench.workspace.captures / "ages"
    folder.mkdir()
    moments = [datetime.fromtimestamp(at, UTC) for at in (100, 200)]
    rows = {"age": [1, 2], "tandem:answer:prediction": [1, 2], "tandem:at": moments}
    stamp = datetime.fromtimestamp(201, UTC).strftime("%Y%m%dT%H%M%S%f")
    pl.DataFrame(rows).write_parquet(folder / f"{stamp}-1-1.parquet")
    told = bench.deletions.delete("captures", "ages", ["150.0"])
    assert [row[0] for row in bench.monitor.captured("ages")["rows"]] == [2]
    bench.deletions.undo(told["id"])
    assert [row[0] for row in bench.monitor.captured("ages")["rows"]] == [2, 1]


def test_a_pipeline_by_the_name_of_a_deleted_one_is_another(bench):
    told = bench.deletions.delete("pipeline", add_pipeline(bench))
    bench.pipelines.create("people", {"name": "people", "nodes": {}})
    with pytest.raises(EngineError):
        bench.deletions.undo(told["id"])
    bench.deletions.finish(time.time() + LATER)
    assert bench.pipelines.open("people")["document"]["nodes"] == {}


def test_a_pipeline_that_was_changed_since_it_was_shown_is_not_deleted(bench):
    add_pipeline(bench)
    bench.pipelines.edit("people", 1, {"op": "remove", "node": "sort"})
    with pytest.raises(DeletionError, match="was changed"):
        bench.deletions.delete("pipeline", "people", revision=1)


def test_what_replicas_told_of_a_service_goes_with_it(bench):
    folder = bench.workspace.captures / add_service(bench)
    folder.mkdir()
    (folder / "live-1-2.json").write_text("{}")
    told = bench.deletions.delete("service", "ages")
    bench.deletions.undo(told["id"])
    assert list(folder.iterdir())
    bench.deletions.delete("service", "ages")
    bench.deletions.finish(time.time() + LATER)
    assert not list(folder.iterdir())


def test_the_doctor_says_what_is_kept_takes(bench):
    add_dataset(bench)
    assert "Datasets take 0.0 MiB" in next(one["message"] for one in bench.doctor()["checks"] if one["name"] == "kept")


def test_an_unknown_kind_and_an_unknown_part_are_named(bench):
    with pytest.raises(NotFoundError, match="No kind of thing 'datset'"):
        bench.deletions.delete("datset", "people")
    add_dataset(bench)
    with pytest.raises(NotFoundError, match="people@7"):
        bench.deletions.delete("dataset", "people", [7])


def test_a_deleted_workspace_opened_read_only_refuses(bench):
    add_dataset(bench)
    looking = Workbench(type(bench.workspace).at(bench.workspace.root, read_only=True), bench.settings)
    with pytest.raises(EngineError, match="read-only"):
        looking.deletions.delete("dataset", "people")
