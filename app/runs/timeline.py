"""When each stage of a run waited and worked, as bars over time."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.text import t, word

Timeline = Mapping[str, Any]
COLOURS = {
    "waiting": "#adb5bd", "running": "#f08c00", "done": "#2b8a3e", "reused": "#1971c2",
    "failed": "#c92a2a", "stopped": "#868e96", "lost": "#862e9c",
}  # fmt: skip
CRITICAL = "#e8590c"
_THINNEST = 0.004  # part of the whole time that a bar is wide at least, so that it can be seen
_LONGEST = 34  # characters of a label


def draw_timeline(timeline: Timeline) -> None:
    """Draw the bars of a run; stages that it had to wait for have a frame."""
    rows = _rows(timeline)
    if not rows:
        return
    st.markdown(f"**{t('runs.timeline')}**")
    used = [what for what in COLOURS if any(row["code"] == what for row in rows)]
    colours = alt.Scale(domain=[word("status", what) for what in used], range=[COLOURS[what] for what in used])
    stages = [_label(stage) for stage in timeline["stages"]]
    chart = alt.Chart(pl.DataFrame(rows)).mark_bar(height=15, cornerRadius=2, stroke=CRITICAL).encode(
        x=alt.X("from:Q", title=t("runs.since_asked"), axis=alt.Axis(format=",~r")),
        x2="to:Q",
        y=alt.Y("stage:N", sort=stages, title=None, axis=alt.Axis(labelLimit=260, labelOverlap=False)),
        color=alt.Color("what:N", title=None, scale=colours, legend=alt.Legend(orient="top", symbolStrokeWidth=0)),
        strokeWidth=alt.condition("datum.critical", alt.value(2), alt.value(0)),
        tooltip=[
            alt.Tooltip("stage:N", title=t("runs.node")),
            alt.Tooltip("what:N", title=t("runs.status")),
            alt.Tooltip("seconds:Q", title=t("runs.seconds"), format=".3f"),
            alt.Tooltip("attempt:Q", title=t("runs.attempts")),
        ],
    )  # fmt: skip
    st.altair_chart(chart.properties(height=26 * len(stages) + 130), width="stretch", alt=t("runs.timeline_alt"))
    if any(row["critical"] for row in rows):
        st.caption(t("runs.critical"))


def _rows(timeline: Timeline) -> list[dict[str, Any]]:
    thinnest = timeline["seconds"] * _THINNEST
    return [
        {
            "stage": _label(stage),
            "critical": stage["critical"] and bar["what"] != "waiting",
            "code": bar["what"],
            "what": word("status", bar["what"]),
            "from": bar["from"],
            "to": max(bar["to"], bar["from"] + thinnest),
            "seconds": bar["to"] - bar["from"],
            "attempt": bar["attempt"],
        }
        for stage in timeline["stages"]
        for bar in stage["bars"]
    ]


def _label(stage: Timeline) -> str:
    label = " + ".join(stage["nodes"])
    return label if len(label) <= _LONGEST else f"{label[:_LONGEST]}…"
