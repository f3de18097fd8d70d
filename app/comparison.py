"""Things side by side: metrics with the better one marked, and what was set differently."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.previews import draw_table, short, table_of
from app.text import t, word

Row = Mapping[str, Any]
BEST = "★"


def draw_metrics_beside(rows: Sequence[Row], names: Mapping[str, str], table: str) -> None:
    """Draw metrics, a column for each thing; the best of each has a star.

    Args:
        rows: As `engine.runs.merit.side_by_side` gives them.
        names: What the things are called, by their key in `values`.
        table: Name of the table.
    """
    st.markdown(f"**{t('compare.metrics')}**")
    if not rows:
        st.caption(t("compare.no_metrics"))
        return
    head = [t("compare.node"), t("compare.metric"), t("compare.better"), *names.values()]
    cells = [
        (
            row["node"],
            word("metric", row["name"]),
            word("direction", row["better"]) if row["better"] else None,
            *(_figure(row["values"].get(key), best=row["best"] == key) for key in names),
        )
        for row in rows
    ]
    draw_table(table_of(head, cells), table)
    st.caption(t("compare.star", star=BEST))


def draw_differences(rows: Sequence[Row], names: Mapping[str, str], table: str) -> None:
    """Draw the parameters that are not alike, a column for each thing."""
    st.markdown(f"**{t('compare.parameters')}**")
    if not rows:
        st.caption(t("compare.no_parameters"))
        return
    head = [t("compare.node"), t("compare.parameter"), *names.values()]
    cells = [
        (row["node"] or t("compare.whole"), row["name"], *(_text(row["values"].get(key)) for key in names))
        for row in rows
    ]
    draw_table(table_of(head, cells), table)


def _figure(value: Any, *, best: bool) -> str | None:
    if value is None:
        return None
    return f"{short(float(value))} {BEST}" if best else str(short(float(value)))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
