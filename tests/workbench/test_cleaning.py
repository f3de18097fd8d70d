"""Nothing grows without end: what is too old or too much goes, what something needs stays."""

import os
import time
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Workbench
from engine.errors import ReadOnlyError
from engine.host.keeper import Keeper
from engine.records import Records, events, runs
from engine.serving.captures import CaptureLog
from engine.workbench.cleaning.surplus import Kept, surplus
from engine.workbench.deleting.family import FAMILY
from tests.pages.conftest import drive
from tests.workbench.conftest import SORTED as PIPELINE

DAY = 86_400.0


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A workspace whose engine never starts, with a dataset."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    bench = Workbench.open(tmp_path / "workspace")
    bench.datasets.put("people", pl.DataFrame({"age": range(5000)}))
    return bench


def ran(bench, age_days=0.0, **options):
    """Run the pipeline with a seed of its own, and say that it ended days ago."""
    run = bench.run({**PIPELINE, "nodes": {**PIPELINE["nodes"], **options}}).id
    drive(bench.workspace.root)
    with Records.open(bench.workspace).write() as connection:
        runs.change(connection, run, ended=time.time() - age_days * DAY)
    return run


def descending():
    return {"operator": "sort_rows", "with": {"by": ["age"], "descending": True}, "from": {"table": "read"}}


def kind_of(told, kind):
    return next(one for one in told["kinds"] if one["kind"] == kind)


def files(bench):
    return {path.name for path in bench.workspace.outputs.glob("??/*")}


def limited(bench, **limits):
    return Workbench(bench.workspace, bench.settings.model_copy(update=limits))


items = st.builds(Kept, st.uuids().map(str), st.integers(0, 100), st.floats(0, 1000), st.booleans())


@given(st.lists(items, max_size=20), st.none() | st.floats(0, 1000), st.none() | st.integers(0, 500))
def test_what_goes_is_never_needed_and_enough(kept, age, limit):
    gone = surplus(kept, 1000.0, age, limit)
    left = [one for one in kept if one not in gone]
    assert not any(one.needed for one in gone)
    free = [one for one in left if not one.needed]
    assert age is None or all(one.used > 1000.0 - age for one in free)
    assert limit is None or not free or sum(one.bytes for one in left) <= limit
    assert (age, limit) != (None, None) or gone == []


@given(st.lists(items, max_size=20), st.integers(0, 500))
def test_no_more_goes_than_has_to_and_the_oldest_first(kept, limit):
    gone = surplus(kept, 1000.0, None, limit)
    assert gone == sorted(gone, key=lambda one: (one.used, one.name))
    total = sum(one.bytes for one in kept)
    for one in gone:
        assert total > limit
        total -= one.bytes


def test_an_ordinary_workspace_keeps_everything(bench):
    ran(bench, age_days=30)
    before = files(bench)
    assert bench.clean()["bytes"] == 0
    assert files(bench) == before != set()


def test_outputs_go_when_they_were_not_used_for_long(bench):
    old = ran(bench, age_days=100)
    told = kind_of(bench.clean(dry_run=True), "outputs")
    assert (told["items"], told["bytes"], told["kept"]) == (1, sum(_sizes(bench)), 0)
    assert len(files(bench)) == 1
    freed = bench.clean()
    assert (freed["bytes"], files(bench)) == (told["bytes"], set())
    assert bench.runs.show(old)["status"] == "succeeded"
    assert bench.clean()["bytes"] == 0


def _sizes(bench):
    return [path.stat().st_size for path in bench.workspace.outputs.glob("??/*")]


def test_an_output_that_a_newer_run_has_used_stays(bench):
    ran(bench, age_days=100)
    ran(bench)
    assert bench.clean()["bytes"] == 0


def test_a_later_run_computes_again_what_was_removed(bench):
    ran(bench)
    assert bench.clean(older=0.0)["bytes"] > 0
    again = ran(bench)
    assert bench.runs.show(again)["nodes"]["sort"]["status"] == "done"
    assert bench.runs.preview(again, "sort", rows=1)["total_rows"] == 5000


def test_beyond_the_size_the_oldest_go_first(bench):
    ran(bench, age_days=2)
    first = files(bench)
    ran(bench, age_days=1, sort=descending())
    second = files(bench) - first
    limited(bench, keep_outputs_mb=max(_sizes(bench)) / 2**20).clean()
    assert files(bench) == second


def test_outputs_that_an_unfinished_run_has_stay(bench):
    run = ran(bench, age_days=100)
    with Records.open(bench.workspace).write() as connection:
        runs.change(connection, run, status=runs.RUNNING)
    assert bench.clean(older=0.0)["bytes"] == 0


def test_outputs_that_a_pipeline_shows_stay(bench):
    bench.pipelines.create("people", PIPELINE)
    bench.pipelines.run("people")
    drive(bench.workspace.root)
    assert bench.clean(older=0.0)["bytes"] == 0
    assert bench.pipelines.states("people")["nodes"]["sort"]["state"] == "done"
    bench.deletions.delete("pipeline", "people")
    assert bench.clean(older=0.0)["bytes"] > 0


def test_outputs_of_a_deleted_run_stay_until_it_cannot_be_taken_back(bench):
    told = bench.deletions.delete("run", ran(bench))
    assert bench.clean(older=0.0)["bytes"] == 0
    bench.deletions.undo(told["id"])
    assert bench.runs.preview(told["name"], "sort", rows=1)["total_rows"] == 5000


def test_outputs_of_no_run_go_though_not_at_once(bench):
    lost = bench.workspace.outputs / "aa" / f"{'a' * 64}.json"
    lost.parent.mkdir()
    lost.write_text("1")
    assert bench.clean(older=0.0)["bytes"] == 0
    os.utime(lost, (0, 0))
    assert bench.clean()["bytes"] == 1


def test_captures_go_by_age_and_by_size(bench):
    folder = bench.workspace.captures / "ages"
    folder.mkdir()
    for days in (400, 20, 10):
        stamp = datetime.fromtimestamp(time.time() - days * DAY, UTC).strftime("%Y%m%dT%H%M%S%f")
        pl.DataFrame({"age": [days]}).write_parquet(folder / f"{stamp}-1-{days}.parquet")
    assert kind_of(bench.clean(), "captures")["items"] == 1
    size = max(path.stat().st_size for path in folder.glob("*.parquet"))
    assert kind_of(limited(bench, keep_captures_mb=size / 2**20).clean(), "captures")["items"] == 1
    assert [pl.read_parquet(path)["age"][0] for path in folder.glob("*.parquet")] == [10]
    assert bench.clean(older=5 * DAY)["bytes"] > 0


def test_a_file_of_a_job_that_waits_stays(bench):
    uploads = bench.workspace.jobs / "uploads"
    uploads.mkdir()
    for name in ("wanted.csv", "done.csv"):
        (uploads / name).write_text("age\n1\n")
        os.utime(uploads / name, (0, 0))
    bench.jobs.begin("import", {"name": "x", "file": str(uploads / "wanted.csv")})
    bench.clean(older=0.0)
    assert [path.name for path in uploads.iterdir()] == ["wanted.csv"]


@pytest.mark.slow
def test_two_hundred_small_runs_leave_nothing_that_cannot_go(bench):
    for least in range(200):
        keep = {"operator": "filter_rows", "with": {"expression": f"age >= {least}"}, "from": {"table": "read"}}
        run = bench.run({**PIPELINE, "nodes": {"read": PIPELINE["nodes"]["read"], "keep": keep}}).id
        drive(bench.workspace.root)
    assert len(files(bench)) == 200
    told = bench.clean(older=0.0, dry_run=True)["bytes"]
    assert told == sum(_sizes(bench)) == bench.clean(older=0.0)["bytes"]
    assert files(bench) == set()
    assert len(bench.runs.list()) == 200
    for one in bench.runs.list():
        bench.deletions.delete("run", one["id"])
    bench.deletions.finish(time.time() + DAY)
    with Records.open(bench.workspace).read() as connection:
        assert (bench.runs.list(), events.of(connection, run)) == ([], [])


def test_a_model_answers_after_everything_else_has_gone(models_bench, tmp_path):
    import shutil

    shutil.copytree(models_bench.workspace.root, tmp_path / "w", ignore=shutil.ignore_patterns("*.lock"))
    bench = Workbench.open(tmp_path / "w")
    freed = bench.clean(older=0.0)
    assert freed["bytes"] == 0  # the runs that trained them keep theirs
    run = bench.models.show("churn")[0]["run"]
    assert bench.models.register(run, "fit", name="churn").version == "3"


def test_cleaning_may_only_be_looked_at_read_only(bench):
    looking = Workbench(type(bench.workspace).at(bench.workspace.root, read_only=True), bench.settings)
    assert looking.clean(dry_run=True)["dry_run"]
    with pytest.raises(ReadOnlyError):
        looking.clean()


def test_the_keeper_of_the_engine_removes_what_was_deleted(bench, monkeypatch):
    for member in FAMILY.values():
        monkeypatch.setattr(member, "kept_s", 0.0)
    bench.deletions.delete("dataset", "people")
    Keeper(bench.workspace, bench.settings).look()
    assert not list(bench.workspace.datasets.glob("*/table.parquet"))


def test_captures_of_a_service_that_goes_on_are_kept_up_with(bench):
    log = CaptureLog(bench.workspace.captures / "ages", "1", model="ages")
    log.add(pl.DataFrame({"age": [1]}), pl.DataFrame({"prediction": [1]}))
    log.close()
    assert kind_of(bench.clean(older=3600.0), "captures")["kept"] == 1
    assert kind_of(bench.clean(older=0.0), "captures")["items"] == 1
