"""Why a node ran again, or which run it was reused from."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.choices import choice, page_link
from app.previews import draw_table, table_of
from app.sayings import say
from app.session import workbench
from app.text import t

Run = Mapping[str, Any]
_HASHED = ("input", "code", "source", "path")
_DIGITS = 8


def draw_why(run: Run) -> None:
    """Draw the reason of one node, and every part of it that is not as it was."""
    node = choice(t("runs.node"), list(run["nodes"]), "node")
    why = workbench().runs.why(run["id"], node)
    st.markdown(say(why.get("told"), why["reason"] or "", markdown=True) or t("runs.no_reason"))
    other = why["reused_from"] or why["compared_with"]
    if other:
        page_link("runs", t("runs.see", run=other), run=other)
    rows = [
        (part_name(part["part"]), part_value(part["part"], part["before"]), part_value(part["part"], part["after"]))
        for part in why["changed"]
    ]
    if rows:
        draw_table(table_of([t(f"runs.{key}") for key in ("part", "before", "after")], rows), "why")
    elif other:
        st.caption(t("runs.not_changed"))


def part_name(part: str) -> str:
    """Return a part of a fingerprint in words, such as `parameter.alpha`."""
    family, _, name = part.partition(".")
    if family in ("engine", "seed", "operator"):
        return t(f"runs.part_{family}")
    if family == "code" and name:
        return t("runs.part_code_behind", name=name)
    if family in ("parameter", "input", "source", "path", "code", "library", "door"):
        return t(f"runs.part_{family}", name=name.removesuffix(".what"))
    return part


def part_value(part: str, value: str | None) -> str | None:
    """Return the value of a part; of a hash only the beginning, which is enough to see that it is another."""
    return value[:_DIGITS] if value and part.partition(".")[0] in _HASHED else value
