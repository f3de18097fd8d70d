"""Trying a script on an empty table, where its user asks for that, to learn which columns it gives."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import work
from app.pipelines.sight import Sight
from app.sentences import in_words
from app.session import about, read_only
from app.text import plain, t

_WORK = "columns"


def draw_trying(sight: Sight, node: str) -> None:
    """Draw the button, where a node's code alone can tell its columns, and what came of it."""
    operator, ports = sight.operator_of(node), sight.findings["schemas"].get(node) or {}
    if operator is None or operator["category"] != "script":
        return
    subject = f"{sight.made} {sight.draft['revision']} {node}"  # code that was edited is tried anew
    unknown = any(ports.get(port["name"]) is None for port in operator["outputs"])
    if unknown:
        off = read_only() or work.busy(_WORK, subject)
        key = about("pipelines.try_empty", sight.made, node)
        tip = t("pipelines.about_trying")
        if st.button(t("pipelines.try_empty"), key=key, help=tip, disabled=off, icon=":material/experiment:"):
            work.begin(_WORK, {"pipeline": sight.document, "node": node}, subject)
            st.rerun()
    work.followed(_WORK, t("pipelines.trying"), _draw_tried, subject=subject)


def _draw_tried(result: Mapping[str, Any]) -> None:
    for problem in result["problems"]:
        told = f"{plain(in_words(problem['sentence']))}  \n{plain(in_words(problem['hint']))}"
        st.warning(told, icon=":material/warning:")
    if result["learnt"] and not result["problems"]:
        st.success(t("pipelines.tried"), icon=":material/check:")
