"""What the nodes of a run wrote."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.choices import choice
from app.previews import draw_table, moment, table_of
from app.session import workbench
from app.text import t, word

Run = Mapping[str, Any]
ALL = "all"
LEVELS = ("debug", "info", "warning", "error")
LAST = 500
"""Lines that are shown, the newest."""


def draw_logs(run: Run) -> None:
    """Draw the newest lines of the log, of all nodes or one, from a level on."""
    left, right = st.columns(2)
    with left:
        node = choice(
            t("runs.node"),
            [ALL, *(f"={name}" for name in run["nodes"])],
            "log_node",
            lambda name: t("runs.any_node") if name == ALL else name[1:],
        )
    with right:
        level = choice(
            t("runs.level"), LEVELS, "log_level", lambda name: t("runs.from_level", level=word("level", name))
        )
    lines = workbench().runs.logs(
        run["id"], node=None if node == ALL else node[1:], levels=LEVELS[LEVELS.index(level) :], last=LAST
    )
    rows = [(moment(line["at"]), line["node"], word("level", line["level"]), line["text"]) for line in lines]
    if not rows:
        st.caption(t("runs.no_logs"))
        return
    if len(rows) == LAST:
        st.caption(t("runs.last_lines", count=LAST))
    draw_table(table_of([t(f"runs.{key}") for key in ("at", "node", "level", "text")], rows), "log")
