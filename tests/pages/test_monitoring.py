"""The screen of monitoring: a light with words, the columns ranked, the reports over time, in both languages."""

import re

import pytest

from app.monitoring.history import points
from app.previews import clock
from app.session import workbench
from app.text import TABLES
from engine.monitoring.lights import light_of
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
