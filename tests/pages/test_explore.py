"""Every view of every table says something true, and SQL is asked, kept and asked again."""

import itertools
import json
import re

import polars as pl
import pytest

from app.explore_report import report_of
from app.session import workbench
from app.text import TABLES
from tests.pages.conftest import work

ENGLISH = TABLES["en"]
VIEWS = ("profile", "charts", "compare", "query")
pytestmark = pytest.mark.usefixtures("unasked")


def told(app):
    kinds = (app.success, app.error, app.warning, app.info, app.markdown, app.caption, app.header)
    return " ".join(str(element.value) for kind in kinds for element in kind)


def table(app, column):
    """Return the first table that has such a column."""
    return next(one.value for one in app.dataframe if column in one.value.columns)


def charts(app):
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_every_table_opens(odd, screens, view):
    for name, language in zip(odd, itertools.cycle(["en", "zh"]), strict=False):
        app = screens("explore", dataset=name, explore_view=view, language=language)
        assert not app.exception
        assert [error.value for error in app.error] == []


def test_nothing_to_explore_is_one_button(empty, screens):
    app = screens("explore")
    app.button(key="empty.go").click().run()
    assert [title.value for title in app.title] == [ENGLISH["page.data"]]


def test_a_profile_shows_every_column_with_its_warnings(full, screens):
    app = screens("explore", dataset="churn", explore_view="profile")
    columns = table(app, ENGLISH["explore.histogram"])
    assert list(columns[ENGLISH["explore.column"]]) == [
        c["name"] for c in workbench().datasets.show("churn")["columns"]
    ]
    assert "say the same" in told(app)
    assert "Select columns" in told(app)
    assert len(table(app, ENGLISH["explore.strength"])) > 3


def test_a_link_shows_a_column_closely(full, screens):
    app = screens("explore", dataset="churn", explore_view="profile", column="age")
    assert app.selectbox(key="column").value == "age"
    assert "How age is spread" in told(app)
    assert ENGLISH["explore.mean"] in set(table(app, ENGLISH["explore.figure"])[ENGLISH["explore.figure"]])


def test_a_wide_table_is_shown_in_part_and_it_is_said(empty, screens):
    workbench().datasets.put("wide", pl.DataFrame({f"c{number}": [1, 2] for number in range(1200)}))
    app = screens("explore", dataset="wide")
    assert "1,000 of 1,200 columns" in told(app)
    assert len(table(app, ENGLISH["explore.histogram"])) == 1000


def test_a_name_of_a_megabyte_is_cut_and_kept_out_of_the_link(empty, screens):
    workbench().datasets.put("long", pl.DataFrame({"x" * 1_000_000: list(range(30)), "b": ["y"] * 30}))
    for view in VIEWS:
        app = screens("explore", dataset="long", explore_view=view)
        assert not app.exception
        assert max(len(str(element.value)) for element in (*app.markdown, *app.code)) < 3000
        assert sum(len(value) for values in app.query_params.values() for value in values) < 3000


def test_six_charts_are_suggested_and_one_can_be_changed(full, screens):
    app = screens("explore", dataset="churn", explore_view="charts")
    assert len(charts(app)) == 7
    button = next(button for button in app.button if button.key == "change.suggested_2")
    app = button.click().run()
    assert app.selectbox(key="kind").value == workbench().datasets.charts("churn")[1]["kind"]
    assert not app.exception


def test_a_link_opens_a_chart(full, screens):
    asked = {"kind": "bar", "x": "plan", "y": "age", "aggregate": "max", "colour": "churned"}
    app = screens("explore", dataset="churn", explore_view="charts", **asked)
    assert {name: app.selectbox(key=name).value for name in asked} == asked
    assert "Largest of age by plan" in told(app)


def test_a_chart_that_cannot_be_drawn_is_a_sentence_and_the_others_stay(full, screens):
    app = screens("explore", dataset="churn", explore_view="charts", kind="histogram", x="plan")
    assert "holds no numbers" in told(app)
    assert len(charts(app)) == 6


def test_two_versions_are_compared(empty, screens):
    for shift in (0, 50):
        workbench().datasets.put(
            "people", pl.DataFrame({"age": [float(n % 40 + shift) for n in range(400)], "on": ["x"] * 400})
        )
    app = screens("explore", dataset="people", explore_view="compare")
    app.button(key="contrast.begin").click().run()
    work(empty)
    app.run()
    assert "1 of 2 shared columns" in told(app)
    assert table(app, ENGLISH["contrast.effect"]).iloc[0, 0] == "age"


@pytest.fixture
def asked(empty, screens):
    """Ask a question on the screen and return the screen with its answer."""
    workbench().datasets.put("people", pl.DataFrame({"name": ["Ann", "Bo"], "age": [30, 40]}))

    def ask(sql):
        app = screens("explore", dataset="people", explore_view="query")
        app.text_area(key="sql").set_value(sql).run()
        app.button(key="sql.ask").click().run()
        work(empty)
        return app.run()

    return ask


def test_an_answer_is_rows_with_a_count(asked):
    app = asked("SELECT age FROM people ORDER BY age DESC")
    assert list(table(app, "age")["age"]) == [40, 30]
    assert "2 rows, 1 column" in told(app)


@pytest.mark.parametrize(
    "sql", ["SELEC 1", "SELECT nope FROM people", "SELECT * FROM read_csv('/etc/passwd')", "DROP TABLE x"]
)
def test_a_wrong_query_is_a_sentence(asked, sql):
    app = asked(sql)
    assert not app.exception
    assert app.error
    assert app.text_area(key="sql").value == sql


def test_an_answer_is_kept_as_a_dataset(asked, empty):
    app = asked("SELECT * FROM people WHERE age > 35")
    app.text_input(key="sql.keep.name").set_value("older").run()
    app.button(key="sql.keep.go").click().run()
    work(empty)
    assert "older" in told(app.run())
    assert workbench().datasets.show("older")["rows"] == 1


def test_what_was_asked_before_can_be_asked_again(asked):
    asked("SELECT 1 AS one")
    app = asked("SELECT 2 AS two")
    older = [button for button in app.button if button.key and button.key.startswith("sql.again.")][-1]
    app = older.click().run()
    assert app.text_area(key="sql").value == "SELECT 1 AS one"


def test_a_report_is_whole_and_runs_nothing(odd, screens):
    screens("explore", dataset="hostile")
    for name in odd:
        report = report_of(f"{name}@1", workbench().datasets.profile(name))
        assert "<script" not in report
        assert "<b>" not in report
        assert not re.search(r"(src|href)=|url\(|@import", report)
        assert report.count("<tr>") >= len(workbench().datasets.show(name)["columns"])
