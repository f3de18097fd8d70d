"""What was taken of the environments, and what ran on which device, as charts over the last hour."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.charts import draw_figure_of
from app.lanes import lanes
from app.machine.shares import WHOLE
from app.previews import clock
from app.text import t

Row = Mapping[str, Any]
HOURS = (1, 6, 24)
CLOCK = alt.Axis(format="%H:%M", labelOverlap=True)
"""An axis of the time of day, by the clock of 24 hours: Vega's own shows 18:45 as 06:45."""
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
    return [{"environment": row["environment"], "at": clock(row["at"]), "taken": row[unit] / WHOLE} for row in points]


def _draw_lines(rows: Sequence[Row], title: str, names: Sequence[str]) -> None:
    chart = alt.Chart(pl.DataFrame(rows)).mark_line(interpolate="step-after").encode(
        x=alt.X("at:T", title=None, axis=CLOCK),
        y=alt.Y("taken:Q", title=title, scale=alt.Scale(domainMin=0), axis=alt.Axis(format="~g")),
        color=_colour(names),
        tooltip=["environment:N", alt.Tooltip("at:T", format="%H:%M:%S"), alt.Tooltip("taken:Q", format=".2f")],
    )  # fmt: skip
    draw_figure_of(chart.properties(height=180), title)


def _draw_bars(placements: Sequence[Row], now: float, names: Sequence[str]) -> None:
    rows = bars(placements, now)
    most = max(row["lane"] for row in rows) + 1
    chart = alt.Chart(pl.DataFrame(rows)).mark_bar(cornerRadius=2).encode(
        x=alt.X("from:T", title=None, axis=CLOCK),
        x2="to:T",
        y=alt.Y("device:N", title=None),
        yOffset=alt.YOffset("lane:O", scale=alt.Scale(domain=list(range(most)), paddingInner=0.1, paddingOuter=0.2)),
        color=_colour(names),
        opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.3, 0.9]), legend=None),
        tooltip=[
            "node:N", "run:N", "environment:N", "device:N", "share:Q", alt.Tooltip("from:T", format="%H:%M:%S"),
            alt.Tooltip("to:T", format="%H:%M:%S"),
        ],
    )  # fmt: skip
    devices = len({row["device"] for row in rows})
    height = (20 + 16 * most) * devices + 90
    draw_figure_of(chart.properties(height=height), t("resources.placements"))


def bars(placements: Sequence[Row], now: float) -> list[dict[str, Any]]:
    """Return placements as bars of a chart; those that overlap on one device lie in lanes of their own."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for one in placements:
        spans.setdefault(one["device"], []).append((one["from"], one["to"] or now))
    taken = {device: iter(lanes(spans[device])) for device in spans}
    return [
        {
            "device": one["device"], "environment": one["environment"], "node": one["node"], "run": one["run"],
            "from": clock(one["from"]), "to": clock(one["to"] or now), "lane": next(taken[one["device"]]),
            "share": one["share"] / WHOLE or 1.0,
        }
        for one in placements
    ]  # fmt: skip


def _colour(names: Sequence[str]) -> alt.Color:
    """Return the colours of environments: the same in each chart."""
    return alt.Color("environment:N", title=None, scale=alt.Scale(domain=names), legend=alt.Legend(orient="top"))
