"""The screen of monitoring: a light with words, the columns ranked, the reports over time, in both languages."""

import json
import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from app.monitoring.history import points
from app.monitoring.report import window_of
from app.previews import clock
from app.session import about, workbench
from app.text import TABLES
from engine.monitoring.lights import FRESH_SECONDS, light_of, stale
from engine.workbench.monitor import _brief

CHINESE = TABLES["zh"]
pytestmark = pytest.mark.usefixtures("unasked")
ENGLISH_SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")


def cells(app):
    return [str(cell) for table in app.dataframe for row in table.value.to_numpy().tolist() for cell in row]


@pytest.fixture
def drifted(full):
    return [report for report in workbench().monitor.history("churn") if report["drifted"]][-1]


def test_a_report_with_drift_lights_red_in_a_colour_and_in_words(drifted, screens):
    app = screens("monitoring", service="churn", report=str(drifted["at"]), language="zh")
    assert drifted["light"] == "red"
    assert not app.exception
    assert any(CHINESE["light.red"] in cell or CHINESE["light.grey"] in cell for cell in cells(app))


def test_a_chinese_report_has_no_english_sentence(drifted, screens):
    app = screens("monitoring", service="churn", report=str(drifted["at"]), language="zh")
    assert [cell for cell in cells(app) if ENGLISH_SENTENCE.search(cell)] == []
    assert any("漂移" in cell for cell in cells(app))


@pytest.mark.parametrize(
    ("report", "light"),
    [
        (None, "grey"),
        ({"drifted": True, "quality": []}, "red"),
        ({"drifted": False, "quality": [{"severity": "error", "kind": "all_null"}]}, "red"),
        ({"drifted": False, "quality": [{"severity": "warning", "kind": "constant"}]}, "amber"),
        ({"drifted": False, "quality": [{"severity": "info", "kind": "too_few_rows"}]}, "grey"),
        ({"drifted": False, "quality": [{"severity": "info", "kind": "new_column"}]}, "green"),
    ],
)
def test_the_light_says_whether_somebody_should_look(report, light):
    assert light_of(report) == light


def test_the_overview_carries_no_columns(drifted):
    assert "columns" not in _brief(drifted)["report"]
    assert _brief(drifted)["report"]["drifted_columns"] == 3


def test_only_the_columns_that_moved_most_have_a_line():
    columns = [{"name": f"c{i}", "effect": i / 10, "drifted": i > 5} for i in range(9)]
    drawn = points([{"at": 2.0, "columns": columns}, {"at": 1.0, "columns": columns[:2]}])
    assert {row["column"] for row in drawn} == {f"c{i}" for i in range(3, 9)}
    assert [row["at"] for row in drawn] == [clock(2.0)] * 6


@pytest.fixture
def asked(full):
    """The folder of what the service was asked, empty again afterwards."""
    folder = workbench().workspace.captures / "churn"
    folder.mkdir(exist_ok=True)
    yield folder
    for path in folder.glob("*"):
        path.unlink()


def texts(app):
    return [element.value for kind in ("info", "warning", "caption", "markdown") for element in app.get(kind)]


def newest_job():
    jobs = workbench().jobs
    return jobs.show(jobs.list(limit=1)[0]["id"])


@pytest.mark.parametrize(
    ("kind", "field", "value", "window"),
    [("rows", "drift.rows", 500, {"rows": 500}), ("hours", "drift.hours", 6.0, {"hours": 6.0})],
)
def test_the_window_that_is_chosen_is_what_the_engine_is_asked_for(full, screens, kind, field, value, window):
    app = screens("monitoring", service="churn")
    app.selectbox(key=about("drift.window", "churn")).set_value(kind).run()
    app.number_input(key=about(field, "churn")).set_value(value).run()
    app.button(key=about("drift.captured", "churn")).click().run()
    assert not app.exception
    assert newest_job()["arguments"]["window"] == window
    workbench().jobs.cancel(newest_job()["id"])


def test_days_are_whole_days_of_the_zone_that_is_preferred(full, screens):
    app = screens("monitoring", service="churn")
    app.selectbox(key=about("drift.window", "churn")).set_value("span").run()
    app.date_input(key=about("drift.span", "churn")).set_value((datetime(2026, 3, 1), datetime(2026, 3, 2))).run()  # noqa: DTZ001
    app.button(key=about("drift.captured", "churn")).click().run()
    window = newest_job()["arguments"]["window"]
    begin, end = (datetime.fromisoformat(window[name]) for name in ("since", "until"))
    assert (begin.date().isoformat(), end - begin) == ("2026-03-01", timedelta(days=2))
    workbench().jobs.cancel(newest_job()["id"])


def test_nothing_lies_over_the_verdict(full, screens):
    app = screens("monitoring", service="churn")
    assert len(app.get("popover")) == 0
    assert not app.exception


def test_dropped_rows_are_told(asked, screens):
    told = {"rows": 1234, "first": time.time() - 60, "last": time.time()}
    (asked / "dropped-1-aa.json").write_text(json.dumps(told), "utf-8")
    assert any("1,234" in text for text in texts(screens("monitoring", service="churn", language="zh")))


def test_a_light_that_nobody_looked_at_since_is_not_known(asked, screens, monkeypatch):
    moment = datetime.now(UTC) + timedelta(days=2)
    (asked / f"{moment.strftime('%Y%m%dT%H%M%S%f')}-1-1.parquet").write_bytes(b"")
    calm = next(report for report in workbench().monitor.history("churn") if report["light"] == "green")
    monkeypatch.setattr("engine.workbench.monitor.MonitorDesk.history", lambda *_, **__: [calm])
    overview = workbench().monitor.overview()[0]
    assert (overview["light"], overview["stale"], overview["at"]) == ("grey", "asked", calm["at"])
    app = screens("monitoring", service="churn", language="zh")
    assert any(CHINESE["stale.asked"] in cell for cell in cells(app))


NOW = {"model": "churn", "version": "2", "history": [{"at": 50.0}]}
CALM = {"at": 100.0, "drifted": False, "quality": [], "selection": {"model": "churn", "version": "2"}}


@pytest.mark.parametrize(
    ("report", "asked", "why"),
    [
        (None, 1e9, None),
        (CALM, None, None),
        (CALM, 100.0 + FRESH_SECONDS, None),
        (CALM, 101.0 + FRESH_SECONDS, "asked"),
        ({**CALM, "drifted": True}, 1e9, None),  # it still asks for a look
        ({**CALM, "selection": {"model": "churn", "version": "1"}}, None, "version"),
        ({**CALM, "selection": {"model": "other", "version": "2"}, "drifted": True}, None, "version"),
        ({**CALM, "selection": None}, None, None),
        ({**CALM, "selection": None, "at": 49.0}, None, "version"),
    ],
)
def test_what_a_report_found_holds_until_there_is_more_to_look_at(report, asked, why):
    assert stale(report, NOW, asked) == why


def test_a_report_says_which_rows_it_compared(drifted):
    before = {"window": "2026-01-01 00:00:00 to 2026-01-02 00:00:00 UTC", "rows": 5}
    assert window_of(before) == "2026-01-01 00:00:00 – 2026-01-02 00:00:00 UTC"
    sampled = {**drifted, "window": "x.csv, a sample of 5 of 9 rows", "rows": 5}
    sampled["selection"] = {**drifted["selection"], "of_rows": 9}
    assert window_of(sampled) == "x.csv, a sample of 5 of 9 rows"
    assert drifted["selection"]["version"] == "1"
