"""Which recipe of a dataset is on the screen, and every way in which it changes.

A recipe is a pipeline that is kept like any other, so its edits, its undo and its revisions are those of
pipelines.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.choices import choice, open_page
from app.errors import shown
from app.previews import clipped
from app.session import read_only, release, workbench
from app.text import plain, t

Draft = Mapping[str, Any]
_SUFFIX = " features"


def chosen_recipe(dataset: str) -> Draft | None:
    """Draw the choice among the recipes of a dataset and return the chosen one; None where there is none yet."""
    known = _recipes(dataset)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with right:
        _draw_new(dataset)
    if not known:
        left.info(t("features.begin"), icon=":material/lightbulb:")
        return None
    with left:
        name = choice(t("features.recipe"), known, "recipe")
    with shown():
        return workbench().pipelines.open(name)


def draw_history(recipe: Draft) -> None:
    """Draw undo, redo and what is kept."""
    bench, at = workbench().pipelines, (recipe["name"], recipe["revision"])
    ways = (("undo", "Ctrl+Z", bench.undo), ("redo", "Ctrl+Shift+Z", bench.redo))
    with st.container(horizontal=True, vertical_alignment="center"):
        for key, keys, go in ways:
            stuck = read_only() or not recipe[f"can_{key}"]
            icon = f":material/{key}:"
            if st.button(t(f"features.{key}"), key=f"features.{key}", icon=icon, shortcut=keys, disabled=stuck):
                with shown():
                    go(*at)
                st.rerun()
        st.caption(t("features.kept", revision=recipe["revision"]))


def change(recipe: Draft, document: Mapping[str, Any]) -> None:
    """Keep the recipe as `document` and draw the page anew, at the step that is new; what cannot be kept is said."""
    bench, name = workbench(), recipe["name"]
    with shown():
        bench.pipelines.edit(name, recipe["revision"], {"op": "replace", "document": document})
    new = [step for step in document["nodes"] if step not in recipe["document"]["nodes"]]
    if new:
        open_page("features", dataset=bench.features.dataset(document), recipe=name, step=new[0])
    st.rerun()


def set_step(recipe: Draft, step: str, values: Mapping[str, Any]) -> None:
    """Keep other parameters of one step."""
    before = recipe["document"]["nodes"][step].get("with", {})
    gone = [name for name in before if name not in values]
    edit = {"op": "set", "node": step, "with": dict(values), "without": gone}
    with shown():
        workbench().pipelines.edit(recipe["name"], recipe["revision"], edit)
    st.rerun()


def _recipes(dataset: str) -> list[str]:
    begins = f"{dataset}{_SUFFIX}"
    with shown():
        return [draft["name"] for draft in workbench().pipelines.list() if draft["name"].startswith(begins)]


def _draw_new(dataset: str) -> None:
    pressed = st.button(
        t("features.new"), key="features.new", icon=":material/add:", width="stretch", disabled=read_only()
    )
    if pressed:
        with shown():
            bench = workbench()
            name = bench.pipelines.free_name(f"{dataset[:50]}{_SUFFIX}")
            bench.pipelines.create(name, bench.features.begun(name, dataset))
        release("recipe")
        open_page("features", dataset=dataset, recipe=name)


def listed(names: list[str], most: int = 6) -> str:
    """Return names in one line, the first ones where there are many."""
    told = ", ".join(plain(clipped(name)) for name in names[:most])
    return told if len(names) <= most else f"{told} … ({len(names)})"
