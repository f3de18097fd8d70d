"""Charts say durations in a unit, and times as they stand in the table."""

import datetime as dt

import polars as pl
import pytest

from app import explore_drawing
from app.explore_values import as_clocks_show, in_units
from engine.data.charts.rows import chart_rows
from engine.data.charts.spec import chart_spec

MOMENT = dt.datetime(2024, 1, 1, 18, 45, tzinfo=dt.UTC)
TIMED = pl.DataFrame(
    {
        "wait": [dt.timedelta(hours=number) for number in range(40)],
        "n": list(range(40)),
        "g": ["a", "b"] * 20,
        "clock": [MOMENT.time()] * 40,
        "day": [MOMENT.date()] * 40,
        "at": [MOMENT] * 40,
    }
)


@pytest.fixture
def figure(tmp_path, monkeypatch):
    """Return the Vega-Lite document of a chart of `TIMED`, and its rows."""
    monkeypatch.setattr(explore_drawing, "t", lambda key, **names: key)
    monkeypatch.setattr("app.explore_values.t", lambda key, **names: key)

    def draw(**spec):
        path = tmp_path / "t.parquet"
        TIMED.write_parquet(path)
        chart = chart_rows(path, chart_spec(spec), TIMED.height)
        drawn = explore_drawing.figure_of(chart).to_dict()
        return drawn, next(iter(drawn["datasets"].values()))

    return draw


@pytest.mark.parametrize(
    ("x", "value"),
    [("clock", "1970-01-01T18:45:00"), ("day", "2024-01-01T00:00:00"), ("at", "2024-01-01T18:45:00")],
)
@pytest.mark.parametrize(("kind", "column"), [("line", "x"), ("histogram", "from")])
def test_a_time_is_drawn_where_it_stands_with_24_hours(figure, x, value, kind, column):
    drawn, rows = figure(kind=kind, x=x)
    assert {row[column] for row in rows} == {value}
    assert drawn["encoding"]["x"]["type"] == "temporal"
    assert "%H:%M" in str(drawn["encoding"]["x"]["axis"]["format"])


def test_a_duration_is_drawn_in_a_unit_that_the_axis_names(figure):
    drawn, rows = figure(kind="line", x="wait")
    assert max(row["x"] for row in rows) == 39
    assert drawn["encoding"]["x"]["title"] == "wait (unit.hours)"


@pytest.mark.parametrize(
    ("most", "unit", "value"), [(100, "seconds", 100), (600, "minutes", 10), (172_800, "days", 2), (0, "seconds", 0)]
)
def test_the_unit_suits_the_longest(monkeypatch, most, unit, value):
    monkeypatch.setattr("app.explore_values.t", lambda key, **names: key)
    chart = {"spec": {"kind": "scatter", "x": "n", "y": "wait", "aggregate": "count"}, "durations": ["y"]}
    table, units = in_units(pl.DataFrame({"x": [1.0, 2.0], "y": [0.0, float(most)]}), chart)
    assert (units, table["y"].max()) == ({"y": f"unit.{unit}"}, value)


def test_counted_rows_have_no_unit(figure):
    drawn, rows = figure(kind="line", x="n", y="wait", aggregate="count")
    assert {row["value"] for row in rows} == {1}
    assert "unit" not in drawn["encoding"]["y"]["title"]


def test_a_mean_day_is_a_point_in_time(figure):
    drawn, _ = figure(kind="bar", x="g", y="day", aggregate="mean")
    assert (drawn["mark"]["type"], drawn["encoding"]["x"]["type"]) == ("circle", "temporal")


def test_names_of_bars_stay_as_they_are():
    table = pl.DataFrame({"x": ["2024-01-01", "18:45:00"], "value": [1, 2]})
    assert as_clocks_show(table, {"kind": "bar"})["x"].to_list() == ["2024-01-01", "18:45:00"]
