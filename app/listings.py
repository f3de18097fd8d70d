"""Figures of merit as a table."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.previews import draw_table, short, shown, table_of
from app.text import t, word

Document = Mapping[str, Any]


def draw_metrics(metrics: Mapping[str, Document], table: str = "metrics") -> None:
    """Draw the figures of merit of each node that scored something."""
    rows = [
        (node, word("metric", name), str(short(shown(value))))
        for node, figures in metrics.items()
        for name, value in figures.items()
        if value is not None
    ]
    if not rows:
        st.caption(t("runs.no_metrics"))
        return
    draw_table(table_of([t("runs.node"), t("runs.metric"), t("runs.value")], rows), table)
