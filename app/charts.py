"""Charts, drawn by Altair in the browser."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.text import t

THEN, NOW = "#8a94a6", "#d9480f"


def draw_figure_of(figure: Any, said: str, key: str | None = None) -> None:
    """Draw an Altair chart as wide as there is room, without the empty line that Streamlit leaves below one.

    Args:
        figure: With its height.
        said: What it shows, for those who do not see it.
        key: Of the chart among others on the page.
    """
    st.altair_chart(
        figure.properties(padding={"top": 5, "right": 5, "bottom": 6, "left": 0}), width="stretch", key=key, alt=said
    )


def draw_histogram(histogram: Mapping[str, Sequence[Any]], name: str) -> None:
    """Draw the shares of the same bins then and now, side by side.

    Args:
        histogram: `labels`, `reference` and `current`, each of the same length; shares in [0, 1].
        name: Name of the column.
    """
    sides = {"reference": t("drift.reference"), "current": t("drift.current")}
    table = pl.concat(
        [
            pl.DataFrame({"bin": histogram["labels"], "share": histogram[side], "rows": label})
            for side, label in sides.items()
        ]
    )
    chart = alt.Chart(table).mark_bar(opacity=0.85).encode(
        x=alt.X("bin:N", sort=None, title=name, axis=alt.Axis(labelAngle=-40, labelOverlap=True)),
        xOffset=alt.XOffset("rows:N", sort=list(sides.values())),
        y=alt.Y("share:Q", title=t("drift.share"), axis=alt.Axis(format="%")),
        color=alt.Color(
            "rows:N", title=None, scale=alt.Scale(domain=list(sides.values()), range=[THEN, NOW]),
            legend=alt.Legend(orient="top"),
        ),
        tooltip=["bin:N", "rows:N", alt.Tooltip("share:Q", format=".1%")],
    )  # fmt: skip
    draw_figure_of(chart.properties(height=260), t("drift.chart", column=name))


def draw_graph(nodes: Mapping[str, Any]) -> None:
    """Draw the nodes of a pipeline and what flows between them.

    Args:
        nodes: Node documents by name, each with `operator` and `from`.
    """
    names = {name: f"n{position}" for position, name in enumerate(nodes)}
    lines = ["flowchart LR"]
    lines += [f'{names[name]}["{_label(name)}<br/>{_label(node["operator"])}"]' for name, node in nodes.items()]
    for name, node in nodes.items():
        for port, source in (node.get("from") or {}).items():
            origin = names.get(str(source).partition(".")[0])
            lines += [f"{origin} -- {_label(port)} --> {names[name]}"] if origin else []
    st.mermaid_chart("\n".join(lines), width="content", alt=t("pipelines.chart"))


def _label(text: Any) -> str:
    return "".join(sign if sign.isalnum() or sign in " _-@" else " " for sign in str(text))
