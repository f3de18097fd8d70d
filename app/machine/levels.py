"""How firmly shares are held on this machine: each mechanism, its level, and whether it is there."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.previews import draw_table, table_of
from app.text import t, word


def draw_mechanisms(mechanisms: Sequence[Mapping[str, Any]]) -> None:
    """Draw what holds shares here, from the loosest to the firmest."""
    with st.expander(t("resources.mechanisms"), icon=":material/lock:"):
        st.caption(t("resources.about_mechanisms"))
        keys = ("mechanism", "level_is", "here", "found")
        rows = [
            (word("mechanism", one["name"]), word("level_of", one["level"]), _here(one), _found(one["code"]))
            for one in mechanisms
        ]
        draw_table(table_of([t(f"resources.{key}") for key in keys], rows), "mechanisms")


def _here(one: Mapping[str, Any]) -> str:
    return word("here", {True: "yes", False: "no", None: "unknown"}[one["holds"]])


def _found(code: str) -> str:
    return t(f"mechanism_is.{code}")
