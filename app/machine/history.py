"""What was taken of the environments, and what ran on which device, as charts over the last hour."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.machine.shares import WHOLE
from app.text import t

Row = Mapping[str, Any]
HOURS = (1, 6, 24)
_MOST = 400  # bars of the chart; the newest


def draw_history(history: Mapping[str, Any], quotas: Mapping[str, Mapping[str, int]]) -> None:
    """Draw what was taken of each environment, and what ran where.

    Args:
        history: See `bench.history`.
        quotas: Of the environments, by name, in ten-thousandths.
    """
    usage = [row for row in history["usage"] if row["environment"] in quotas]
    if not usage and not history["placements"]:
        st.caption(t("resources.no_history"))
        return
    for unit in ("gpu", "cpu"):
        rows = _steps(usage, unit, quotas, history["now"])
        if rows:
            _draw_lines(rows, t(f"resources.taken_{unit}"), list(quotas))
    if history["placements"]:
        _draw_bars(history["placements"][-_MOST:], history["now"], list(quotas))


def _steps(usage: Sequence[Row], unit: str, quotas: Mapping[str, Mapping[str, int]], now: float) -> list[Row]:
    """Return what was taken as rows of a chart; what was last written holds until now."""
    held = [row for row in usage if quotas[row["environment"]].get(unit)]
    last = {row["environment"]: row for row in held}
    points = [*held, *({**row, "at": now} for row in last.values())]
    return [{"environment": row["environment"], "at": _moment(row["at"]), "taken": row[unit] / WHOLE} for row in points]


def _draw_lines(rows: Sequence[Row], title: str, names: Sequence[str]) -> None:
    chart = alt.Chart(pl.DataFrame(rows)).mark_line(interpolate="step-after").encode(
        x=alt.X("at:T", title=None),
        y=alt.Y("taken:Q", title=title, scale=alt.Scale(domainMin=0)),
        color=_colour(names),
        tooltip=["environment:N", alt.Tooltip("at:T", format="%H:%M:%S"), alt.Tooltip("taken:Q", format=".2f")],
    )  # fmt: skip
    st.altair_chart(chart.properties(height=180), width="stretch", alt=title)


def _draw_bars(placements: Sequence[Row], now: float, names: Sequence[str]) -> None:
    rows = [
        {
            "device": one["device"], "environment": one["environment"], "node": one["node"], "run": one["run"],
            "from": _moment(one["from"]), "to": _moment(one["to"] or now), "share": one["share"] / WHOLE or 1.0,
        }
        for one in placements
    ]  # fmt: skip
    chart = alt.Chart(pl.DataFrame(rows)).mark_bar(height=14, cornerRadius=2).encode(
        x=alt.X("from:T", title=None),
        x2="to:T",
        y=alt.Y("device:N", title=None),
        color=_colour(names),
        opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.3, 0.9]), legend=None),
        tooltip=["node:N", "run:N", "environment:N", "device:N", "share:Q", alt.Tooltip("from:T", format="%H:%M:%S")],
    )  # fmt: skip
    devices = len({row["device"] for row in rows})
    st.altair_chart(chart.properties(height=40 * devices + 90), width="stretch", alt=t("resources.placements"))


def _colour(names: Sequence[str]) -> alt.Color:
    """Return the colours of environments: the same in each chart."""
    return alt.Color("environment:N", title=None, scale=alt.Scale(domain=names), legend=alt.Legend(orient="top"))


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
