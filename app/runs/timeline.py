"""When each stage of a run waited and worked, as bars over time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.charts import draw_figure_of
from app.lanes import lanes
from app.previews import clipped
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
    stages = list(_labels(timeline))
    most = max(row["lane"] for row in rows) + 1
    chart = alt.Chart(pl.DataFrame(rows)).mark_bar(cornerRadius=2, stroke=CRITICAL).encode(
        x=alt.X("from:Q", title=t("runs.since_asked"), axis=alt.Axis(format=",~r")),
        x2="to:Q",
        y=alt.Y("stage:N", sort=stages, title=None, axis=alt.Axis(labelLimit=260, labelOverlap=False)),
        yOffset=alt.YOffset("lane:O", scale=alt.Scale(domain=list(range(most)), paddingInner=0.1, paddingOuter=0.2)),
        color=alt.Color("what:N", title=None, scale=colours, legend=alt.Legend(orient="top", symbolStrokeWidth=0)),
        strokeWidth=alt.condition("datum.critical", alt.value(2), alt.value(0)),
        tooltip=[
            alt.Tooltip("stage:N", title=t("runs.node")),
            alt.Tooltip("what:N", title=t("runs.status")),
            alt.Tooltip("seconds:Q", title=t("runs.seconds"), format=".3f"),
            alt.Tooltip("attempt:Q", title=t("runs.attempts")),
        ],
    )  # fmt: skip
    draw_figure_of(chart.properties(height=(12 + 14 * most) * len(stages) + 130), t("runs.timeline_alt"))
    if any(row["critical"] for row in rows):
        st.caption(t("runs.critical"))


def _rows(timeline: Timeline) -> list[dict[str, Any]]:
    thinnest = timeline["seconds"] * _THINNEST
    return [
        {
            "stage": label,
            "lane": lane,
            "critical": stage["critical"] and bar["what"] != "waiting",
            "code": bar["what"],
            "what": word("status", bar["what"]),
            "from": bar["from"],
            "to": max(bar["to"], bar["from"] + thinnest),
            "seconds": bar["to"] - bar["from"],
            "attempt": bar["attempt"],
        }
        for label, stage in zip(_labels(timeline), timeline["stages"], strict=True)
        for bar, lane in zip(stage["bars"], lanes([(bar["from"], bar["to"]) for bar in stage["bars"]]), strict=True)
    ]


def _labels(timeline: Timeline) -> Sequence[str]:
    """Return a label for each stage; long ones are cut, and no two are alike: those would share a line."""
    seen: Counter[str] = Counter()
    labels = []
    for stage in timeline["stages"]:
        label = clipped(" + ".join(stage["nodes"]), _LONGEST)
        seen[label] += 1
        labels.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return labels
