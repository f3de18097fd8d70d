"""What a run found, in words and figures: how good its model is, beside having none, and what comes next."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.choices import page_link
from app.losses import draw_losses
from app.runs.output import draw_figures
from app.runs.register import trainers_of
from app.text import plain, t

Run = Mapping[str, Any]
_LIVE = ("queued", "running")


def draw_result(run: Run) -> None:
    """Draw what a run found; while it goes on, that it does."""
    if run["status"] in _LIVE:
        st.caption(t("runs.result_later"))
        return
    for node, losses in ((name, one.get("losses") or ()) for name, one in run["nodes"].items()):
        draw_losses(losses, node)
    judged = {node: figures for node, figures in run["metrics"].items() if said(figures)}
    if not judged:
        st.caption(t("runs.no_result"))
    for node, figures in judged.items():
        st.markdown(f"#### {said(figures)}")
        draw_figures(figures, f"{run['id']}_{node}_result")
    if run["status"] == "succeeded" and trainers_of(run):
        with st.container(horizontal=True):
            page_link("runs", t("runs.register_next"), icon="verified", run=run["id"], run_view="register")
            page_link("runs", t("runs.look_closer"), icon="account_tree", run=run["id"], run_view="nodes")
        st.caption(t("runs.deploy_next"))


def said(figures: Mapping[str, Any]) -> str:
    """Return in a sentence how good a model is, beside what somebody who learnt nothing would reach; or nothing."""
    confusion = figures.get("confusion")
    if isinstance(confusion, Mapping) and isinstance(figures.get("accuracy"), int | float):
        rows, best, label = _most_frequent(confusion)
        if rows:
            right = round(float(figures["accuracy"]) * rows)
            share = {"share": f"{float(figures['accuracy']):.1%}", "chance": f"{best / rows:.1%}"}
            return t("runs.result_classes", right=f"{right:,}", rows=f"{rows:,}", label=plain(label), **share)
    if isinstance(figures.get("mae"), int | float) and isinstance(figures.get("r2"), int | float):
        error, explained = f"{float(figures['mae']):,.4g}", f"{float(figures['r2']):.1%}"
        return t("runs.result_numbers", error=error, share=explained, rows=f"{figures.get('rows', 0):,}")
    return ""


def _most_frequent(confusion: Mapping[str, Any]) -> tuple[int, int, str]:
    """Return the rows that were judged, those of the most frequent label, and that label."""
    counts = [sum(line) for line in confusion["counts"]]
    most = max(counts, default=0)
    return sum(counts), most, str(confusion["labels"][counts.index(most)]) if counts else ""
