"""The reports of a service over time: how far each column was from its reference, and what was found."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.charts import draw_figure_of
from app.choices import open_page
from app.monitoring.lights import light_text
from app.monitoring.report import window_of
from app.picking import draw_pickable
from app.previews import clock, moment, table_of
from app.text import t, word

Report = Mapping[str, Any]
LINES = 6
"""Columns that have a line: those that were ever the farthest."""
COLOURS = ("#1971c2", "#d9480f", "#2b8a3e", "#862e9c", "#e67700", "#0b7285")


def draw_history(reports: Sequence[Report]) -> None:
    """Draw what was found until now: a line for each of the columns that moved most, and the list, newest first.

    Args:
        reports: Newest first.
    """
    st.header(t("drift.history"))
    if len(reports) > 1:
        _draw_lines(reports)
    keys = ("at", "light", "window", "rows", "count", "action")
    rows = [
        (
            moment(report["at"]), light_text(report["light"]), window_of(report), report["rows"],
            sum(column["drifted"] for column in report["columns"]), word("action", report["action"]),
        )
        for report in reports
    ]  # fmt: skip
    table = table_of([t(f"drift.{key}") for key in keys], rows)
    clicked = draw_pickable(table, [str(report["at"]) for report in reports], "reports")
    if clicked:
        open_page("monitoring", service=str(reports[0]["service"]), report=clicked)


def points(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Return a point for each of the columns that moved most in each report, oldest first."""
    farthest: dict[str, float] = {}
    for report in reports:
        for column in report["columns"]:
            farthest[column["name"]] = max(column["effect"], farthest.get(column["name"], 0.0))
    named = sorted(farthest, key=lambda name: -farthest[name])[:LINES]
    return [
        {"at": clock(report["at"]), "column": column["name"], "effect": column["effect"], "drifted": column["drifted"]}
        for report in reversed(reports)
        for column in report["columns"]
        if column["name"] in named
    ]


def _draw_lines(reports: Sequence[Report]) -> None:
    rows = points(reports)
    if not rows:
        return
    names = list(dict.fromkeys(row["column"] for row in rows))
    scale = alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
    base = alt.Chart(pl.DataFrame(rows)).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(format="%m-%d %H:%M:%S", tickCount=6, labelOverlap=True)),
        y=alt.Y("effect:Q", title=t("drift.effect"), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")),
        color=alt.Color("column:N", title=None, scale=scale, legend=alt.Legend(orient="top")),
        tooltip=["column:N", alt.Tooltip("effect:Q", format=".1%"), alt.Tooltip("at:T", format="%Y-%m-%d %H:%M:%S")],
    )
    dots = base.mark_point(filled=True).encode(
        size=alt.condition("datum.drifted", alt.value(110), alt.value(30)),
        shape=alt.condition("datum.drifted", alt.value("diamond"), alt.value("circle")),
    )
    chart = alt.layer(base.mark_line(opacity=0.6), dots).properties(height=220)
    draw_figure_of(chart, t("drift.history_alt"))
    st.caption(t("drift.about_history"))
