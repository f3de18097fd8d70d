"""What becomes of a recipe: a whole pipeline that splits, learns and scores, or the steps as they are."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.choices import open_page, page_link
from app.errors import shown
from app.pickers import pick
from app.session import about, once, read_only, workbench
from app.text import plain, t

Draft = Mapping[str, Any]
_NUMERIC = ("int", "uint", "float")
_CLASSES = 20  # different numbers up to which they may be classes


def chosen_target(dataset: str, columns: Sequence[str]) -> str:
    """Draw the choice of the column to predict, of those that there are after the steps; empty where none is chosen."""
    labels, key = {column: column for column in columns}, f"features.target.{dataset}"
    chosen = pick(t("features.target"), labels, key, first=None, placeholder=t("features.choose"))
    return str(chosen or "")


def draw_sending(recipe: Draft, dataset: str, target: str, failed: str = "") -> None:
    """Draw the buttons that make a pipeline of a recipe; nothing is made of one whose step `failed` cannot be done."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        numeric = st.toggle(
            t("features.numeric"),
            _is_number(recipe, target),
            key=f"features.numeric.{dataset}.{target}",
            help=t("features.numeric_help"),
            disabled=not target,
        )
        pressed = st.button(
            t("features.send_it"),
            key=about("features.send", recipe["created"]),
            type="primary",
            disabled=read_only() or not target or bool(failed),
        )
    st.caption(t("features.send_failed", step=plain(failed)) if failed else t("features.sent"))
    page_link("pipelines", t("features.send_chain"), pipeline=recipe["name"])
    if pressed:
        with shown():
            name = once(f"features.send.{recipe['name']}", lambda: _sent(recipe, dataset, target, numeric=numeric))
        open_page("pipelines", pipeline=name)


def _sent(recipe: Draft, dataset: str, target: str, *, numeric: bool) -> str:
    bench = workbench()
    name = bench.pipelines.free_name(dataset)
    whole = bench.features.trained(recipe["document"], name, target=target, numeric=numeric)
    bench.pipelines.create(name, whole)
    return name


def _is_number(recipe: Draft, target: str) -> bool:
    """Return whether a column holds numbers, and too many of them to be classes, after the steps."""
    if not target:
        return False
    columns = workbench().features.profile(recipe["document"])["columns"]
    column = next((found for found in columns if found["name"] == target), None)
    return column is not None and str(column["type"]).startswith(_NUMERIC) and column["distinct"] > _CLASSES
