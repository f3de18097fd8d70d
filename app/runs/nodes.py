"""The nodes of a run: their bars over time, their graph, and a line for each."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.charts import draw_graph
from app.losses import draw_losses
from app.previews import draw_table, short, table_of
from app.runs.timeline import draw_timeline
from app.sayings import say
from app.session import workbench
from app.text import t, word
from app.titles import operator_title

Run = Mapping[str, Any]


def draw_nodes(run: Run) -> None:
    """Draw when the nodes ran, what became of each and why, and how they hang together."""
    nodes = workbench().runs.pipeline(run["id"]).document()["nodes"]
    draw_timeline(workbench().runs.timeline(run["id"]))
    keys = ("node", "operator", "status", "seconds", "rows", "attempts", "reason")
    rows = [
        (
            name, operator_title(str(nodes[name]["operator"]).partition("@")[0]), _status(node), short(node["seconds"]),
            node["rows"], node["attempts"], say(node.get("told"), node["reason"]),
        )
        for name, node in run["nodes"].items()
    ]  # fmt: skip
    draw_table(table_of([t(f"runs.{key}") for key in keys], rows), "nodes")
    for name, node in run["nodes"].items():
        draw_losses(node.get("losses") or (), name)
    with st.expander(t("runs.graph"), icon=":material/account_tree:"):
        draw_graph(nodes)


def _status(node: Run) -> str:
    progress = node.get("progress")
    told = word("status", node["status"])
    return f"{told} · {t('runs.step', step=progress['step'])}" if progress and node["status"] == "running" else told
