"""A chart's few rows are those of the whole table, and what is left out is said."""

import datetime
import json

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.charts.columns import OTHER
from engine.data.charts.rows import POINTS, chart_rows
from engine.data.charts.spec import chart_spec
from engine.data.charts.suggest import suggested
from engine.data.profiling import profile_table
from engine.errors import ConfigError, QueryError


@pytest.fixture
def drawn(tmp_path):
    """Store a frame and return the rows of a chart of it as dictionaries, and the chart."""

    def draw(columns, **spec):
        path = tmp_path / "t.parquet"
        table = pl.DataFrame(columns)
        table.write_parquet(path)
        chart = chart_rows(path, chart_spec(spec), table.height)
        json.dumps(chart, allow_nan=False)
        return [dict(zip(chart["columns"], row, strict=True)) for row in chart["rows"]], chart

    return draw


PEOPLE = {
    "plan": ["basic", "pro", "basic", None, "pro", "basic"],
    "age": [20, 30, 40, 50, None, 60],
    "paid": [1.5, 2.5, float("nan"), 4.0, 5.0, 6.0],
    "day": [datetime.date(2024, 1, day) for day in (1, 1, 2, 2, 3, 3)],
    "on": [True, False, True, True, False, None],
}


def test_a_bar_counts_rows_and_gaps_are_a_group_of_their_own(drawn):
    rows, _ = drawn(PEOPLE, kind="bar", x="plan")
    assert {row["x"]: row["value"] for row in rows} == {"basic": 3, "pro": 2, None: 1}


@pytest.mark.parametrize(("aggregate", "value"), [("mean", 40), ("sum", 120), ("min", 20), ("max", 60), ("median", 40)])
def test_a_bar_aggregates_another_column(drawn, aggregate, value):
    rows, _ = drawn(PEOPLE, kind="bar", x="plan", y="age", aggregate=aggregate)
    assert next(row["value"] for row in rows if row["x"] == "basic") == value


def test_groups_beyond_those_shown_stand_together(drawn):
    rows, chart = drawn({"x": [f"g{number % 50}" for number in range(200)]}, kind="bar", x="x")
    assert (len(rows), chart["left_out"], rows[-1]["x"]) == (21, 30, OTHER)
    assert sum(row["value"] for row in rows) == 200


def test_a_box_has_the_quantiles_of_each_group(drawn):
    rows, _ = drawn({"g": ["a"] * 101, "v": list(range(101))}, kind="box", x="g", y="v")
    assert rows == [{"x": "a", "low": 5, "q1": 25, "median": 50, "q3": 75, "high": 95, "count": 101}]


def test_a_line_steps_through_the_calendar(drawn):
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=number) for number in range(1000)]
    rows, _ = drawn({"day": days, "v": [1] * 1000}, kind="line", x="day", y="v", aggregate="sum")
    assert 100 <= len(rows) <= 201
    assert sum(row["value"] for row in rows) == 1000


def test_a_scatter_of_many_rows_is_a_sample_and_says_so(drawn):
    columns = {"x": list(range(POINTS * 2)), "y": [1.0] * POINTS * 2}
    rows, chart = drawn(columns, kind="scatter", x="x", y="y")
    assert (len(rows), chart["sampled"], chart["total_rows"]) == (POINTS, POINTS, POINTS * 2)
    assert rows == drawn(columns, kind="scatter", x="x", y="y")[0]


def test_a_colour_divides_the_rows(drawn):
    rows, _ = drawn(PEOPLE, kind="histogram", x="age", colour="plan")
    assert sum(row["count"] for row in rows if row["colour"] == "basic") == 3


def test_gaps_are_shown_where_they_are(drawn):
    rows, _ = drawn(
        {"a": [1.0] * 50 + [float("nan")] * 50, "b": [None] * 25 + ["x"] * 75, "c": [1] * 100}, kind="missing"
    )
    assert {row["column"] for row in rows} == {"a", "b"}
    assert sum(row["share"] for row in rows if row["column"] == "a") * 2 == 50


def test_numbers_that_go_together_are_dark(drawn):
    rows, _ = drawn({"a": list(range(30)), "b": [-number for number in range(30)]}, kind="correlation")
    assert {(row["a"], row["b"]): round(row["value"], 3) for row in rows}["a", "b"] == -1


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "histogram", "x": "plan"},
        {"kind": "line", "x": "on"},
        {"kind": "scatter", "x": "age", "y": "plan"},
        {"kind": "box", "x": "plan", "y": "day"},
        {"kind": "bar", "x": "gone"},
        {"kind": "bar", "x": "plan", "y": "plan", "aggregate": "mean"},
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(drawn, spec):
    with pytest.raises(QueryError, match="olumn"):
        drawn(PEOPLE, **spec)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), None])
def test_a_gap_empties_no_bar(drawn, odd):
    rows, _ = drawn({"g": ["a", "a", "b", "c"], "v": [1.0, odd, 4.0, odd]}, kind="bar", x="g", y="v", aggregate="mean")
    assert {row["x"]: row["value"] for row in rows} == {"a": 1.0, "b": 4.0, "c": None}


def test_a_sum_of_gaps_is_no_zero(drawn):
    rows, _ = drawn({"g": ["a", "b"], "v": [None, 2]}, kind="bar", x="g", y="v", aggregate="sum")
    assert {row["x"]: row["value"] for row in rows} == {"a": None, "b": 2.0}


HOUR = datetime.timedelta(hours=1)
WAITS = {"wait": [HOUR * number for number in range(60)], "n": list(range(60)), "g": ["a", "b"] * 30}


@pytest.mark.parametrize(
    ("spec", "durations", "values"),
    [
        ({"kind": "histogram", "x": "wait"}, ["x"], ("from", 0.0)),
        ({"kind": "line", "x": "n", "y": "wait", "aggregate": "mean"}, ["y"], ("value", 3600.0)),
        ({"kind": "line", "x": "wait", "y": "n", "aggregate": "mean"}, ["x"], ("x", 3600.0)),
        ({"kind": "bar", "x": "g", "y": "wait", "aggregate": "sum"}, ["y"], ("value", 29 * 30 * 3600.0)),
        ({"kind": "scatter", "x": "n", "y": "wait"}, ["y"], ("y", 3600.0)),
        ({"kind": "box", "x": "g", "y": "wait"}, ["y"], ("median", 29 * 3600.0)),
    ],
    ids=lambda value: str(value.get("kind")) if isinstance(value, dict) else "",
)
def test_durations_are_drawn_in_seconds(drawn, spec, durations, values):
    rows, chart = drawn(WAITS, **spec)
    name, expected = values
    assert chart["durations"] == durations
    assert expected in [row[name] for row in rows]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_durations_of_every_unit_are_the_same_seconds(drawn, unit):
    waits = pl.Series([HOUR, 2 * HOUR]).cast(pl.Duration(unit))
    rows, _ = drawn({"wait": waits, "n": [1, 2]}, kind="scatter", x="n", y="wait")
    assert [row["y"] for row in rows] == [3600.0, 7200.0]


def test_bars_of_durations_say_them_in_words(drawn):
    rows, _ = drawn({"wait": [26 * HOUR] * 3}, kind="bar", x="wait")
    assert rows == [{"x": "1d 2h", "value": 3}]


def test_decimals_are_drawn_as_the_numbers_they_are(drawn):
    prices = pl.Series(["0.25", "1.25"]).cast(pl.Decimal(10, 2))
    rows, _ = drawn({"price": prices}, kind="histogram", x="price")
    assert (rows[0]["from"], rows[-1]["to"]) == (0.25, 1.25)


@pytest.mark.parametrize("kind", [pl.Date, pl.Datetime("us"), pl.Datetime("ms"), pl.Datetime("us", "UTC")])
@pytest.mark.parametrize("chart", ["line", "histogram"])
def test_the_whole_calendar_can_be_drawn(drawn, kind, chart):
    days = pl.date_range(datetime.date(1, 1, 1), datetime.date(9999, 12, 31), "1y", eager=True).cast(kind)
    rows, _ = drawn({"day": days}, kind=chart, x="day")
    first = "x" if chart == "line" else "from"
    assert rows[0][first].startswith("0001-01-01")
    assert sum(row.get("value", row.get("count")) for row in rows) == 9999


@pytest.mark.parametrize(
    "spec", [{}, {"kind": "pie"}, {"kind": "bar"}, {"kind": "bar", "x": "a", "aggregate": "sum"}, 7]
)
def test_what_is_no_chart_is_a_sentence(spec):
    with pytest.raises(ConfigError, match="cannot be drawn"):
        chart_spec(spec)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(-(10**6), 10**6)), max_size=60))
def test_bins_of_a_histogram_add_up_to_the_rows_with_a_value(drawn, values):
    rows, _ = drawn({"x": pl.Series(values, dtype=pl.Int64)}, kind="histogram", x="x")
    present = [value for value in values if value is not None]
    assert sum(row["count"] for row in rows) == len(present)
    if present:
        assert rows[0]["from"] <= min(present)
        assert rows[-1]["to"] >= max(present)


TABLES = {
    "people": PEOPLE,
    "no rows": {"a": pl.Series([], dtype=pl.Int64), "b": pl.Series([], dtype=pl.String)},
    "one column": {"a": list(range(30))},
    "all null": {"a": pl.Series([None] * 30, dtype=pl.Float64), "b": pl.Series([None] * 30, dtype=pl.String)},
    "one value": {"a": [1] * 30, "b": ["x"] * 30},
    "odd types": {"raw": [b"a", b"b"] * 15, "span": [datetime.timedelta(number) for number in range(30)],
                  "clock": [datetime.time(number % 24) for number in range(30)]},
    "years": {"year": list(range(1990, 2020)), "sold": [float(number % 13 + number) for number in range(30)]},
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_every_suggested_chart_can_be_drawn(tmp_path, name):
    path = tmp_path / "t.parquet"
    table = pl.DataFrame(TABLES[name])
    table.write_parquet(path)
    charts = suggested(profile_table(path))
    assert len(charts) <= 6
    for chart in charts:
        chart_rows(path, chart_spec(chart), table.height)


def test_charts_follow_what_the_columns_are(tmp_path):
    path = tmp_path / "t.parquet"
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=number) for number in range(60)]
    value = [float(number) + number % 5 for number in range(60)]
    group = ["low" if number < 25 else "high" for number in range(60)]
    table = {"day": days, "value": value, "twice": [2 * v + n % 7 * 9 for n, v in enumerate(value)], "group": group}
    pl.DataFrame(table).write_parquet(path)
    kinds = [chart["kind"] for chart in suggested(profile_table(path))]
    assert kinds[:5] == ["line", "scatter", "box", "histogram", "bar"]
