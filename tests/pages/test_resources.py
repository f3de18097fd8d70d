"""The screen of resources: bars of what is taken, what waits and why, what a share is worth."""

import pytest

from app.machine.shares import share_text
from app.session import workbench
from app.text import TABLES

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


def test_a_service_is_seen_with_its_share(full, screens):
    app = screens("resources")
    assert {"churn", "0.15 CPU"} <= set(cells(app))
    assert ENGLISH["resources.level"] in [info.value for info in app.info]


def test_with_an_engine_the_placement_groups_are_told(full, monkeypatch):
    up = {"running": True, "ready": True, "pid": 1, "started": 0.0, "starting": False}
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.status", lambda desk: up)
    groups = workbench().resources()["groups"]
    reserve = next(group for group in groups if group["name"] == "tandem:inference")
    service = next(group for group in groups if group["service"] == "churn")
    quota = next(one for one in workbench().resources()["environments"] if one["name"] == "inference")["quota"]["cpu"]
    assert reserve["share"]["cpu"] + service["share"]["cpu"] == quota


def test_a_share_is_told_in_devices():
    assert share_text({"cpu": 5000, "gpu": 2500, "memory": 0}) == "0.5 CPU, 0.25 GPU"
    assert share_text({"cpu": 0, "gpu": 0, "memory": 2**31}) == "2.0 GiB memory"
