"""The screen of resources: bars of what is taken, what waits and why, what a share is worth."""

import dataclasses
import re
from pathlib import Path

import pytest

from app.machine.shares import share_text
from app.session import workbench
from app.text import TABLES
from engine.records import Records, environments, waits
from engine.records.waits import DecisionRow

ENGLISH, CHINESE = TABLES["en"], TABLES["zh"]
pytestmark = pytest.mark.usefixtures("unasked")


def cells(app):
    return [str(cell) for table in app.dataframe for row in table.value.to_numpy().tolist() for cell in row]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_waits_says_why(full, screens, language):
    run = workbench().run(workbench().runs.pipeline(workbench().runs.list()[0]["id"]))
    app = screens("resources", language=language)
    run.cancel()
    assert TABLES[language]["say.wait_engine"] in cells(app)
    assert not app.exception


@pytest.fixture
def an_engine(monkeypatch):
    """As if one ran since long ago."""
    up = {"running": True, "ready": True, "pid": 1, "started": 0.0, "heartbeat": None, "starting": False}
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.status", lambda desk: up)


def test_a_service_waits_for_an_engine_where_none_runs(full, screens):
    app = screens("resources")
    assert "churn" in cells(app)
    assert "0.15 CPU" not in cells(app)


def test_a_service_is_seen_with_its_share(full, screens, an_engine):
    app = screens("resources")
    assert {"churn", "0.15 CPU"} <= set(cells(app))
    assert ENGLISH["resources.level"] in [info.value for info in app.info]


def test_with_an_engine_the_placement_groups_are_told(full, an_engine):
    groups = workbench().resources()["groups"]
    reserve = next(group for group in groups if group["name"] == "tandem:inference")
    service = next(group for group in groups if group["service"] == "churn")
    quota = next(one for one in workbench().resources()["environments"] if one["name"] == "inference")["quota"]["cpu"]
    assert reserve["share"]["cpu"] + service["share"]["cpu"] == quota


def test_history_and_accounts_are_drawn(full, screens):
    app = screens("resources", language="zh")
    assert CHINESE["resources.accounts"] in [one.label for one in app.expander]
    assert CHINESE["resources.gpu_hours"] in [name for table in app.dataframe for name in table.value.columns]
    assert not app.exception


def test_a_share_is_told_in_devices():
    assert share_text({"cpu": 5000, "gpu": 2500, "memory": 0}) == "0.5 CPU, 0.25 GPU"
    assert share_text({"cpu": 0, "gpu": 0, "memory": 2**31}) == "2.0 GiB memory"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_decided_is_told_in_words(empty, screens, language):
    with Records.open(workbench().workspace).write() as connection:
        waits.decided(connection, [DecisionRow(1.0, "r1", "fit", "train", "pause", ("gpu0",), "fgd", "room", "big", 2)])
    app = screens("resources", language=language)
    words = TABLES[language]
    assert {words["decided.pause"], words["why.room"].format(whom="big"), "gpu0", "fgd", "2.0 s"} <= set(cells(app))
    assert not app.exception


def test_an_environment_is_changed_on_its_card(empty, screens):
    app = opened(screens("resources"), "resources.train.change")
    app.selectbox(key="resources.train.scheduling").set_value("fgd")
    app.number_input(key="resources.train.cpu").set_value(0.3)
    press(app, "resources.train.form")
    assert [one.value for one in app.toast] == [ENGLISH["resources.changed"].format(name="train")]
    [change] = workbench().environments.history("train")
    assert (change["after"]["scheduling"], change["after"]["quota"]["cpu"]) == ("fgd", 3_000)


def test_what_is_not_there_cannot_be_given(empty, screens):
    app = opened(screens("resources"), "resources.train.change")
    app.number_input(key="resources.train.cpu").set_value(900.0)
    press(app, "resources.train.form")
    assert any("have quotas of" in one.value for one in app.error)
    assert workbench().environments.history() == []


def test_a_level_that_is_offered_no_more_is_still_shown(empty, screens):
    bench = workbench()
    with Records.open(bench.workspace).write() as connection:
        row = environments.find(connection, "train")
        environments.put_environment(connection, dataclasses.replace(row, level="partitioned"))
    app = opened(screens("resources"), "resources.train.change")
    assert not app.exception
    assert app.selectbox(key="resources.train.level").value == "partitioned"


def test_the_scheduler_is_asked_what_would_start(empty, screens):
    app = opened(screens("resources"), "resources.if_open")
    assert ENGLISH["resources.if_nothing"] in [one.value for one in app.info]
    assert not app.exception


def opened(app, popover):
    app.session_state[popover] = True
    return app.run()


def press(app, form):
    [button] = [one for one in app.button if one.form_id == form and one.label == ENGLISH["resources.apply"]]
    button.click()
    app.run()


def test_every_reason_for_waiting_has_its_words():
    root = Path(__file__).resolve().parents[2]
    sources = "".join(path.read_text() for room in ("engine/runs", "resources") for path in (root / room).rglob("*.py"))
    codes = set(re.findall(r'Reason\(\s*"(\w+)"', sources)) | {"share", "expected"}
    assert len(codes) > 6
    assert {f"say.wait_{code}" for code in codes} <= ENGLISH.keys() & CHINESE.keys()
