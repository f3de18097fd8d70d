"""Deleting on the screens: what uses a thing is named, a line takes it back, and only what was shown is deleted."""

import shutil
import time

import polars as pl
import pytest

from app.session import workbench
from engine.records import Records, deletions, services
from engine.serving.captures import CaptureLog
from tests.pages.conftest import drive

READ = {"nodes": {"read": {"operator": "read_dataset", "with": {"dataset": "people"}}}}


@pytest.fixture
def people(empty):
    """Two versions of a dataset, in a workspace of its own."""
    for age in (1, 2):
        workbench().datasets.put("people", pl.DataFrame({"age": [age]}))
    return empty


def versions():
    return [one["version"] for one in workbench().datasets.versions("people")]


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def asks(app):
    return [button.key for button in app.button if button.key.startswith("deleting.")]


def ask(kind, *parts):
    return f"deleting.ask@{'/'.join((kind, *parts))}"


def yes(kind, *parts):
    return f"deleting.yes@{'/'.join((kind, *parts))}"


@pytest.mark.parametrize(
    ("language", "question", "done"),
    [("en", "Delete the dataset", "was deleted"), ("zh", "删除数据集", "已删除数据集")],
)
def test_a_version_is_deleted_and_taken_back(people, screens, language, question, done):
    app = press(screens("data", dataset="people", language=language), ask("dataset", "people", "2"))
    assert any(question in one.value for one in app.markdown)
    press(app, yes("dataset", "people", "2"))
    assert versions() == [1]
    assert any(done in one.value for one in app.markdown)
    press(app, next(key for key in asks(app) if key.startswith("deleting.undo")))
    assert versions() == [2, 1]
    assert not any(done in one.value for one in app.markdown)


def test_the_last_dataset_may_go_and_its_way_back_is_on_the_page(people, screens):
    app = press(screens("data", dataset="people"), ask("dataset", "people", "all"))
    press(app, yes("dataset", "people", "all"))
    assert workbench().datasets.list() == []
    press(app, next(key for key in asks(app) if key.startswith("deleting.undo")))
    assert versions() == [2, 1]


def test_whoever_thinks_better_of_it_keeps_it(people, screens):
    app = press(screens("data", dataset="people"), ask("dataset", "people", "2"))
    press(app, "deleting.no@dataset/people/2")
    assert not [key for key in asks(app) if "yes" in key]
    assert versions() == [2, 1]


def test_a_version_that_came_after_the_page_was_drawn_stays(people, screens):
    app = press(screens("data", dataset="people"), ask("dataset", "people", "all"))
    workbench().datasets.put("people", pl.DataFrame({"age": [3]}))
    press(app, yes("dataset", "people", "all"))
    assert versions() == [3]


def test_what_would_break_is_named_before(people, screens):
    workbench().pipelines.create("older", {"name": "older", **READ})
    app = press(screens("data", dataset="people"), ask("dataset", "people", "all"))
    assert any("pipeline older" in one.value for one in app.markdown)
    button = app.button(key=yes("dataset", "people", "all"))
    assert button.label == "Delete anyway"
    press(app, yes("dataset", "people", "all"))
    assert workbench().datasets.list() == []


def test_what_a_run_reads_cannot_be_deleted(people, screens):
    run = workbench().run({"name": "older", **READ}).id
    app = press(screens("data", dataset="people"), ask("dataset", "people", "all"))
    assert any(run in one.value for one in app.markdown)
    assert not [key for key in asks(app) if "yes" in key]


def test_a_run_is_deleted(people, screens):
    run = workbench().run({"name": "older", **READ}).id
    drive(people)
    app = press(screens("runs", run=run), ask("run", run))
    press(app, yes("run", run))
    assert workbench().runs.list() == []
    assert any(run in one.value for one in app.markdown)


@pytest.fixture
def served(finished, empty):
    """A copy of the full workspace: a model, its service, which is stopped here, two reports, and captured rows."""
    shutil.copytree(finished, empty, ignore=shutil.ignore_patterns("*.lock"))
    bench = workbench()
    with Records.open(bench.workspace).write() as connection:
        services.change(connection, "churn", wanted="stopped", status="stopped")
    log = CaptureLog(bench.workspace.captures / "churn", "1", model="churn")
    log.add(pl.DataFrame({"age": [1]}), pl.DataFrame({"prediction": [1]}))
    log.close()
    return bench


def test_reports_and_captures_are_deleted_on_their_screens(served, screens):
    newest = served.monitor.history("churn")[0]
    app = press(screens("monitoring", service="churn"), ask("report", "churn", str(newest["number"])))
    press(app, yes("report", "churn", str(newest["number"])))
    assert len(served.monitor.history("churn")) == 1
    press(press(app, ask("captures", "churn", "all")), yes("captures", "churn", "all"))
    assert served.monitor.captured("churn")["rows"] == []
    press(app, next(key for key in asks(app) if key.startswith("deleting.undo")))
    app = press(screens("services", service="churn", service_view="captured"), ask("captures", "churn", "all"))
    press(app, yes("captures", "churn", "all"))
    assert served.monitor.captured("churn")["rows"] == []


def test_a_service_and_then_its_model_are_deleted_on_their_screens(served, screens):
    app = press(screens("models", model="churn", version="1"), ask("model", "churn", "1"))
    assert any("service churn" in one.value for one in app.markdown)
    app = press(screens("services", service="churn"), ask("service", "churn"))
    assert any("2 report" in one.value for one in app.markdown)
    press(app, yes("service", "churn"))
    assert served.services.list() == []
    press(press(screens("models", model="churn"), ask("model", "churn", "1")), yes("model", "churn", "1"))
    assert served.models.list() == []


def test_a_pipeline_that_was_deleted_is_taken_back_by_the_same_line(empty, screens):
    workbench().pipelines.create("older", {"name": "older", **READ})
    workbench().pipelines.delete("older")
    app = screens("pipelines")
    press(app, next(key for key in asks(app) if key.startswith("deleting.undo")))
    assert [one["name"] for one in workbench().pipelines.list()] == ["older"]


def test_the_line_goes_after_half_a_minute(people, screens):
    told = workbench().deletions.delete("dataset", "people", [2])
    with Records.open(workbench().workspace).write() as connection:
        [row] = deletions.of(connection, told["id"])
        deletions.forget(connection, row)
        late = deletions.DeletionRow(told["id"], "dataset", "people", "2", created=time.time() - 31)
        deletions.add(connection, [late])
    assert not asks(screens("home"))


def test_read_only_nothing_can_be_pressed(people, screens, monkeypatch):
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    app = screens("data", dataset="people")
    assert app.button(key=ask("dataset", "people", "2")).disabled
