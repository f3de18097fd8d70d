"""Charts of a dataset, drawn by Altair from the few rows that the engine computed."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.charts import draw_figure_of
from app.downloads import csv_of
from app.explore_values import as_clocks_show, in_units, is_clock
from app.previews import badge, clipped
from app.text import plain, t

Chart = Mapping[str, Any]

BLUE = "#2f86d6"
COLOURS = (BLUE, "#f76707", "#37b24d", "#ae3ec9", "#f59f00", "#1098ad", "#868e96")
"""Neither pale on white nor dim on black."""
_BOX = ("low", "q1", "median", "q3", "high", "count")
_HEIGHT = 280
_CLOCK = {"quarter": "%Y-%m", "month": "%Y-%m", "week": "%m-%d", "date": "%m-%d", "hours": "%H:%M", "minutes": "%H:%M"}
"""Dates and times on an axis: the year beside each month, which Vega leaves out, and 24 hours, of which it has 12."""


def title_of(spec: Chart) -> str:
    """Return what a chart shows, as one line."""
    x, y = (clipped(str(spec.get(side) or ""), 40) for side in ("x", "y"))
    if spec["kind"] in ("correlation", "missing"):
        return t(f"chart.{spec['kind']}")
    aggregate = spec.get("aggregate") or "count"
    if spec["kind"] in ("bar", "line") and (aggregate == "count" or not y):
        return t(f"chart.{spec['kind']}_count", x=x)
    if spec["kind"] == "box" and not x:
        return t("chart.box_all", y=y)
    return t(f"chart.{spec['kind']}", x=x, y=y, aggregate=t(f"aggregate.{aggregate}"))


def draw_chart(chart: Chart, key: str, change: Callable[[], None] | None = None) -> None:
    """Draw a chart with its title, what was left out, and its numbers as a file.

    Args:
        chart: As `bench.datasets.chart` gives it.
        key: Of its widgets, and the name of its file.
        change: Called where the reader wants to change it; no such button where it is None.
    """
    spec, title = chart["spec"], title_of(chart["spec"])
    st.markdown(" ".join([f"**{plain(title)}**", *_badges(chart)]))
    table = _rows(chart)
    if table.is_empty():
        st.caption(t("chart.nothing"))
        return
    figure = figure_of(chart).properties(height=_height(table, spec))
    draw_figure_of(figure, t("chart.alt", title=title, rows=table.height), f"chart.{key}")
    with st.container(horizontal=True):
        st.download_button(
            t("chart.data"), lambda: csv_of(table), file_name=f"{key}.csv", mime="text/csv", key=f"data.{key}",
            on_click="ignore", type="tertiary", icon=":material/download:",
        )  # fmt: skip
        if change is not None:
            st.button(t("chart.change"), key=f"change.{key}", icon=":material/edit:", type="tertiary", on_click=change)


def figure_of(chart: Chart) -> Any:
    """Return the Altair chart of a chart's rows, of which there is at least one."""
    spec = chart["spec"]
    table, units = in_units(_rows(chart), chart)
    labelled = {**spec, **{side: f"{spec[side]} ({unit})" for side, unit in units.items()}}
    return _KINDS[spec["kind"]](as_clocks_show(table, spec), labelled)


def _rows(chart: Chart) -> pl.DataFrame:
    table = pl.DataFrame(chart["rows"], schema=chart["columns"], orient="row", infer_schema_length=None)
    if "colour" not in table.columns:
        return table
    return table.with_columns(pl.col("colour").cast(pl.String).fill_null(t("chart.gap")))


def _height(table: pl.DataFrame, spec: Chart) -> int:
    """Return the height in pixels: groups each need a line for their name."""
    return max(_HEIGHT, 22 * table["x"].n_unique() + 60) if spec["kind"] in ("bar", "box") else _HEIGHT


def _badges(chart: Chart) -> list[str]:
    badges = []
    if chart["sampled"]:
        badges.append(badge(t("chart.sampled", rows=f"{chart['sampled']:,}", total=f"{chart['total_rows']:,}")))
    if chart["left_out"]:
        kind = "columns" if chart["spec"]["kind"] in ("correlation", "missing") else "groups"
        badges.append(badge(t(f"chart.left_out_{kind}", count=f"{chart['left_out']:,}")))
    return badges


def _histogram(table: pl.DataFrame, spec: Chart) -> Any:
    kind = _kind(table, "from")
    top = pl.col("count").cum_sum().over(["from", "to"]) if "colour" in table.columns else pl.col("count")
    stacked = table.with_columns(top.alias("top")).with_columns((pl.col("top") - pl.col("count")).alias("bottom"))
    ends = table["from"].to_list()
    years = kind == "Q" and 1800 <= min(ends) <= max(ends) <= 2200  # noqa: PLR2004 (no marks between their thousands)
    axis = alt.Axis(labelOverlap=True, format="d") if years else _axis(table["from"], labelOverlap=True)
    x = alt.X(f"from:{kind}", title=_label(spec["x"]), scale=alt.Scale(zero=False), axis=axis)
    return alt.Chart(stacked).mark_rect(color=BLUE, opacity=0.85, stroke="white", strokeWidth=0.6).encode(
        x=x,
        x2="to",
        y=alt.Y("bottom:Q", title=t("chart.rows"), scale=alt.Scale(zero=True), axis=alt.Axis(tickMinStep=1)),
        y2="top",
        tooltip=[
            _tooltip(table, "from", t("chart.from")), _tooltip(table, "to", t("chart.to")),
            alt.Tooltip("count:Q", title=t("chart.rows")), *_colour_tooltip(spec),
        ],
        **_colour(spec),
    )  # fmt: skip


def _bar(table: pl.DataFrame, spec: Chart) -> Any:
    named = table.with_columns(pl.col("x").cast(pl.String).fill_null(t("chart.gap")))
    order = named["x"].unique(maintain_order=True).to_list()
    timed = _kind(table, "value") == "T"  # a mean day is a point in time and no length
    marks = (
        alt.Chart(named).mark_circle(size=90, color=BLUE)
        if timed
        else alt.Chart(named).mark_bar(color=BLUE, opacity=0.85)
    )
    return marks.encode(
        x=alt.X(
            f"value:{_kind(table, 'value')}", title=_value_label(spec), axis=_value_axis(table, spec),
            stack="zero" if spec["aggregate"] in ("count", "sum") else None,
        ),
        y=alt.Y("x:N", title=_label(spec["x"]), sort=order, axis=alt.Axis(labelLimit=160, labelOverlap=False)),
        tooltip=[
            alt.Tooltip("x:N", title=_label(spec["x"])), _tooltip(table, "value", _value_label(spec)),
            *_colour_tooltip(spec),
        ],
        **_colour(spec),
        **({"yOffset": "colour:N"} if spec.get("colour") and spec["aggregate"] not in ("count", "sum") else {}),
    )  # fmt: skip


def _box(table: pl.DataFrame, spec: Chart) -> Any:
    named = table.with_columns(pl.col("x").cast(pl.String).fill_null(t("chart.gap")))
    order = named["x"].unique(maintain_order=True).to_list()
    offset = {"yOffset": "colour:N"} if spec.get("colour") else {}
    y = alt.Y("x:N", title=_label(spec["x"] or ""), sort=order, axis=alt.Axis(labelLimit=160, labelOverlap=False))
    base = alt.Chart(named).encode(
        y=y,
        tooltip=[
            alt.Tooltip("x:N", title=_label(spec["x"] or "")),
            *(alt.Tooltip(f"{name}:Q", title=t(f"box.{name}")) for name in _BOX),
            *_colour_tooltip(spec),
        ],
        **offset,
    )
    lines = base.mark_rule(color="#868e96").encode(
        x=alt.X("low:Q", title=_label(spec["y"]), scale=alt.Scale(zero=False)), x2="high"
    )
    boxes = base.mark_bar(size=12, color=BLUE, opacity=0.85).encode(x="q1:Q", x2="q3", **_colour(spec))
    middles = base.mark_tick(size=12, thickness=2, color="#f8f9fa").encode(x="median:Q")
    return lines + boxes + middles


def _scatter(table: pl.DataFrame, spec: Chart) -> Any:
    return alt.Chart(table).mark_circle(size=24, color=BLUE, opacity=0.6).encode(
        x=alt.X(
            f"x:{_kind(table, 'x')}", title=_label(spec["x"]), scale=alt.Scale(zero=False), axis=_axis(table["x"])
        ),
        y=alt.Y(
            f"y:{_kind(table, 'y')}", title=_label(spec["y"]), scale=alt.Scale(zero=False), axis=_axis(table["y"])
        ),
        tooltip=[
            *(_tooltip(table, side, _label(spec[side])) for side in "xy"),
            *_colour_tooltip(spec),
        ],
        **_colour(spec),
    )  # fmt: skip


def _line(table: pl.DataFrame, spec: Chart) -> Any:
    kind = _kind(table, "x")
    axis = alt.Axis(format="d") if kind == "Q" and table["x"].dtype.is_integer() else _axis(table["x"])
    return alt.Chart(table).mark_line(color=BLUE, point=table.height <= 60).encode(  # noqa: PLR2004 (room for points)
        x=alt.X(f"x:{kind}", title=_label(spec["x"]), axis=axis, scale=alt.Scale(zero=False)),
        y=alt.Y(
            f"value:{_kind(table, 'value')}", title=_value_label(spec), axis=_value_axis(table, spec),
            scale=alt.Scale(zero=True) if spec["aggregate"] == "count" else alt.Scale(zero=False),
        ),
        tooltip=[
            _tooltip(table, "x", _label(spec["x"])), _tooltip(table, "value", _value_label(spec)),
            *_colour_tooltip(spec),
        ],
        **_colour(spec),
    )  # fmt: skip


def _correlation(table: pl.DataFrame, _spec: Chart) -> Any:
    short = table.with_columns(pl.col("a", "b").map_elements(lambda name: clipped(name, 30), return_dtype=pl.String))
    order = short["a"].unique(maintain_order=True).to_list()
    scale = alt.Scale(domain=[-1, 0, 1], range=["#c92a2a", "#f1f3f5", "#1971c2"], interpolate="rgb")
    return alt.Chart(short).mark_rect().encode(
        x=alt.X("a:N", title=None, sort=order, axis=alt.Axis(labelAngle=-40, labelLimit=110)),
        y=alt.Y("b:N", title=None, sort=order, axis=alt.Axis(labelLimit=140)),
        color=alt.Color("value:Q", title=None, scale=scale),
        tooltip=["a:N", "b:N", alt.Tooltip("value:Q", title=t("explore.strength"), format=".2f")],
    )  # fmt: skip


def _missing(table: pl.DataFrame, _spec: Chart) -> Any:
    short = table.with_columns(pl.col("column").map_elements(lambda name: clipped(name, 30), return_dtype=pl.String))
    most = max(0.01, *table["share"].to_list())
    scale = alt.Scale(domain=[0, most], range=["#e7f0fa", "#d9480f"], interpolate="rgb")
    return alt.Chart(short).mark_rect().encode(
        x=alt.X("from:Q", title=t("chart.row_number"), scale=alt.Scale(nice=False, zero=False)),
        x2="to",
        y=alt.Y("column:N", title=None, sort=None, axis=alt.Axis(labelLimit=160)),
        color=alt.Color("share:Q", title=t("chart.share_missing"), scale=scale, legend=alt.Legend(format="%")),
        tooltip=[
            alt.Tooltip("column:N", title=t("explore.column")), alt.Tooltip("from:Q", title=t("chart.from")),
            alt.Tooltip("to:Q", title=t("chart.to")),
            alt.Tooltip("share:Q", title=t("chart.share_missing"), format=".1%"),
        ],
    )  # fmt: skip


_KINDS: dict[str, Callable[[pl.DataFrame, Chart], Any]] = {
    "histogram": _histogram, "bar": _bar, "box": _box, "scatter": _scatter, "line": _line,
    "correlation": _correlation, "missing": _missing,
}  # fmt: skip


def _axis(values: pl.Series, **options: Any) -> Any:
    """Return the axis of numbers or times."""
    if values.dtype != pl.String:
        return alt.Axis(**options)
    return alt.Axis(format="%H:%M" if is_clock(values) else _CLOCK, **options)


def _value_axis(table: pl.DataFrame, spec: Chart) -> Any:
    """Return the axis of what a bar or a line shows; rows are counted in whole ones."""
    return alt.Axis(tickMinStep=1) if spec["aggregate"] == "count" else _axis(table["value"])


def _kind(table: pl.DataFrame, column: str) -> str:
    """Return whether a column of a chart holds numbers, or times (ISO text)."""
    return "T" if table.schema[column] == pl.String else "Q"


def _colour(spec: Chart) -> dict[str, Any]:
    if not spec.get("colour"):
        return {}
    legend = alt.Legend(orient="top", labelLimit=120)
    scale = alt.Scale(range=list(COLOURS))
    return {"color": alt.Color("colour:N", title=_label(spec["colour"]), scale=scale, legend=legend)}


def _colour_tooltip(spec: Chart) -> list[Any]:
    return [alt.Tooltip("colour:N", title=_label(spec["colour"]))] if spec.get("colour") else []


def _tooltip(table: pl.DataFrame, column: str, title: str) -> Any:
    """Return what is said of a number or a time, with its day and time of day."""
    if _kind(table, column) == "Q":
        return alt.Tooltip(f"{column}:Q", title=title)
    return alt.Tooltip(f"{column}:T", title=title, format="%H:%M:%S" if is_clock(table[column]) else "%Y-%m-%d %H:%M")


def _value_label(spec: Chart) -> str:
    if spec["aggregate"] == "count" or not spec["y"]:
        return t("chart.rows")
    return t("chart.value", aggregate=t(f"aggregate.{spec['aggregate']}"), y=_label(spec["y"]))


def _label(name: str) -> str:
    return clipped(name, 60)
