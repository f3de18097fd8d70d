"""A status that the engine which runs now has not seen is not known, in every place that tells it."""

import json
import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli.main import app
from engine import Workbench
from engine.config import Workspace
from engine.errors import ServingError
from engine.records import Records, engine_lock, runs, services
from engine.records.devices import DownRow
from engine.records.engine_lock import EngineStatus
from engine.records.services import ServiceRow
from engine.records.standing import LASTING, SEEN_WITHIN, UNKNOWN, is_known, status_of
from engine.workbench.devices import state_of

CLAIMS = ("starting", "healthy", "unhealthy", "failed", "stopping")


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    return Workbench.open(tmp_path / "workspace")


@pytest.fixture
def records(bench):
    return Records.open(Workspace.at(bench.workspace.root))


@pytest.fixture
def left(records):
    """Write a service as an engine has left it; return when that was."""

    def leave(status="healthy", **values):
        row = ServiceRow("churn", "churn", "1", "inference", {"cpu": 1000, "gpu": 0, "memory": 0}, status=status)
        with records.write() as connection:
            services.put_service(connection, row)
            services.looked_at(connection, "churn")
            if values:
                services.change(connection, "churn", **values)
            return services.find(connection, "churn").seen

    return leave


def run_engine(records):
    """Be the engine, from now on."""
    engine_lock.announce(records)
    engine_lock.beat(records, ready=True)


@pytest.mark.parametrize("status", CLAIMS)
def test_without_an_engine_it_is_not_known_how_a_service_is(bench, left, status):
    seen = left(status)
    shown = bench.services.show("churn")
    assert (shown["status"], shown["known"], shown["last_status"], shown["seen_at"]) == (UNKNOWN, False, status, seen)
    assert bench.services.list()[0]["status"] == UNKNOWN
    assert bench.monitor.overview()[0]["status"] == UNKNOWN


@pytest.mark.parametrize("status", LASTING)
def test_what_needs_no_look_is_known_without_an_engine(bench, left, status):
    left(status)
    assert (bench.services.show("churn")["status"], bench.services.show("churn")["known"]) == (status, True)


def test_what_the_last_engine_saw_is_not_known_to_the_next_one_until_it_looks(bench, records, left):
    left()
    time.sleep(0.01)
    run_engine(records)
    assert bench.services.show("churn")["status"] == UNKNOWN
    with records.write() as connection:
        services.looked_at(connection, "churn")
    assert bench.services.show("churn")["status"] == "healthy"


def test_nobody_waits_for_a_service_on_the_word_of_an_engine_that_is_gone(bench, left):
    left()
    with pytest.raises(ServingError, match="'churn' is unknown after 0 seconds"):
        bench.services.wait("churn", timeout=0)


def test_a_failure_that_the_last_engine_saw_is_tried_by_the_next_one_and_waited_for(bench, left):
    left("failed", message="It could not be read.")
    with pytest.raises(ServingError, match="is unknown after"):
        bench.services.wait("churn", timeout=0)


def test_a_service_holds_nothing_where_no_engine_runs(bench, records, left):
    left()
    told = bench.resources()
    assert [one["name"] for one in told["holding"]] == []
    assert [(one["name"], one["reason"]["code"]) for one in told["waiting"]] == [("churn", "wait_engine")]
    inference = next(one for one in told["environments"] if one["name"] == "inference")
    assert (inference["taken"]["cpu"], inference["running"]) == (
        1000,
        0,
    )  # it is kept for the service, which comes back
    run_engine(records)
    left()
    assert [one["name"] for one in bench.resources()["holding"]] == ["churn"]


def test_a_look_is_no_change(records, left):
    """Whoever has read the row before the look may still change it."""
    left()
    with records.write() as connection:
        before = services.find(connection, "churn").updated
        services.looked_at(connection, "churn")
        assert services.find(connection, "churn").updated == before


@given(st.sampled_from(CLAIMS), st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 100))
def test_only_a_look_of_this_engine_a_short_while_ago_is_believed(status, seen, started, since):
    engine = EngineStatus(True, True, 1, started, max(started, seen) + since, "here")
    row = ServiceRow("s", "m", "1", "inference", status=status, seen=seen)
    believed = seen >= started and (status == "starting" or engine.heartbeat - seen < SEEN_WITHIN)
    assert is_known(row, engine) is believed
    assert status_of(row, engine) == (status if believed else UNKNOWN)
    assert not is_known(row, EngineStatus())


@pytest.fixture
def half_done(bench, records):
    """A run that was going on when its engine died."""
    bench.datasets.put("few", pl.DataFrame({"a": [1]}))
    run = bench.run("name: small\nnodes:\n  read: {operator: read_dataset, with: {dataset: few}}\n")
    with records.write() as connection:
        runs.change(connection, run.id, status="running", started=time.time())
    return run.id


def test_a_run_is_not_said_to_be_running_where_no_engine_is(bench, records, half_done):
    told = (bench.runs.list()[0], bench.runs.show(half_done), bench.runs.summary(half_done), *bench.runs.live())
    assert [(one["status"], one["known"]) for one in told] == [("running", False)] * 4
    run_engine(records)
    assert bench.runs.show(half_done)["known"] is True


def test_a_run_that_has_ended_is_known_for_good(bench, records, half_done):
    with records.write() as connection:
        runs.change(connection, half_done, status="succeeded", ended=time.time(), seconds=1.0)
    assert bench.runs.list()[0]["known"] is True


@pytest.mark.parametrize(("kind", "watched", "answers", "state"), [
    (None, False, True, "healthy"), (None, True, False, "healthy"), (None, False, False, "unknown"),
    ("failed", True, True, "failed"), ("failed", False, True, "unknown"), ("drained", False, False, "drained"),
])  # fmt: skip
def test_a_device_is_in_service_only_as_far_as_somebody_looks(kind, watched, answers, state):
    down = DownRow("gpu0", kind, {"sentence": "why"}, "local", 1.0) if kind else None
    assert state_of(down, watched=watched, answers=answers)["state"] == state


def test_the_command_line_says_what_is_not_known(bench, left):
    left()
    environment = {"TANDEM_WORKSPACE": str(bench.workspace.root), "COLUMNS": "300"}
    assert "not known (healthy at" in CliRunner().invoke(app, ["services", "list"], env=environment).stdout
    [told] = json.loads(CliRunner().invoke(app, ["services", "list", "--json"], env=environment).stdout)
    assert (told["status"], told["known"], told["last_status"]) == ("unknown", False, "healthy")
