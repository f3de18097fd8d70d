"""Which recipe of a dataset is on the screen, and every way in which it changes.

A recipe is a pipeline that is kept like any other, so its edits, its undo and its revisions are those of
pipelines.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import streamlit as st

from app.choices import choice, open_page
from app.errors import draw_error, shown
from app.previews import clipped
from app.session import about, choose, notes, once, read_only, workbench
from app.text import plain, t
from engine import EngineError
from engine.errors import StaleDraftError

Draft = Mapping[str, Any]
_SUFFIX, _LONGEST = " features", 50


def chosen_recipe(dataset: str) -> Draft | None:
    """Draw the choice among the recipes of a dataset and return the chosen one; None where there is none yet."""
    known = recipes_of(dataset)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with right:
        _draw_new(dataset, "secondary" if known else "primary")
    if not known:
        left.info(t("features.begin"), icon=":material/lightbulb:")
        return None
    with left:
        name = choice(t("features.recipe"), known, "recipe", of=dataset)
    with shown():
        return _as_drawn(workbench().pipelines.open(name))


def _as_drawn(recipe: Draft) -> Draft:
    """Return a recipe with the revision that this tab has drawn as `seen`: what is undone was seen on that one.

    A step that is added, set, moved or removed names itself, and is made on the newest revision.
    """
    held = notes(f"features.{recipe['created']}")
    if told := held.pop("told", None):
        draw_error(told)
    drawn = held.get("revision", recipe["revision"])
    held["revision"] = recipe["revision"]
    return {**recipe, "seen": drawn}


@contextmanager
def _on_what_was_drawn(recipe: Draft) -> Iterator[None]:
    """Change a recipe inside; where somebody was faster, the newest is drawn and that is said."""
    with shown():
        try:
            yield
        except StaleDraftError as error:
            notes(f"features.{recipe['created']}")["told"] = error
            st.rerun()


def draw_history(recipe: Draft) -> None:
    """Draw undo, redo and what is kept."""
    bench, at = workbench().pipelines, (recipe["name"], recipe["seen"])
    ways = (("undo", "Ctrl+Z", bench.undo), ("redo", "Ctrl+Shift+Z", bench.redo))
    with st.container(horizontal=True, vertical_alignment="center"):
        for key, keys, go in ways:
            stuck = read_only() or not recipe[f"can_{key}"]
            icon = f":material/{key}:"
            named = about(f"features.{key}", recipe["created"])
            if st.button(t(f"features.{key}"), key=named, icon=icon, shortcut=keys, disabled=stuck):
                with _on_what_was_drawn(recipe):
                    go(*at, created=recipe["created"])
                st.rerun()
        st.caption(t("features.kept", revision=recipe["revision"]))


def change(recipe: Draft, document: Mapping[str, Any], gesture: str = "") -> None:
    """Keep the recipe as `document` and draw the page anew, at the step that is new; what cannot be kept is said.

    Args:
        recipe: As the page sees it.
        document: As it shall be.
        gesture: What was pressed, where a second click must not do the same again.
    """
    bench, name = workbench(), recipe["name"]

    def edit() -> str:
        operation = {"op": "replace", "document": document}
        bench.pipelines.edit(name, recipe["revision"], operation, created=recipe["created"])
        return next((step for step in document["nodes"] if step not in recipe["document"]["nodes"]), "")

    with _on_what_was_drawn(recipe):
        new = once(f"features.{name}.{gesture}", edit) if gesture else edit()
    if new:
        open_page("features", dataset=bench.features.dataset(document), recipe=name, step=new)
    st.rerun()


def set_step(recipe: Draft, step: str, values: Mapping[str, Any]) -> None:
    """Keep other parameters of one step."""
    before = recipe["document"]["nodes"][step].get("with", {})
    gone = [name for name in before if name not in values]
    edit = {"op": "set", "node": step, "with": dict(values), "without": gone}
    with _on_what_was_drawn(recipe):
        workbench().pipelines.edit(recipe["name"], recipe["revision"], edit, created=recipe["created"])
    st.rerun()


def recipes_of(dataset: str) -> list[str]:
    """Return the recipes of a dataset, the newest first: chains that begin with it, as far as they are named so."""
    begins, bench = f"{dataset[:_LONGEST]}{_SUFFIX}", workbench()
    with shown():
        named = [draft["name"] for draft in bench.pipelines.list() if draft["name"].startswith(begins)]
        return [name for name in named if _begins_with(bench.pipelines.open(name)["document"], dataset)]


def _begins_with(document: Mapping[str, Any], dataset: str) -> bool:
    try:
        return workbench().features.dataset(document) == dataset
    except EngineError:  # it was edited elsewhere, and is no chain any more
        return False


def _draw_new(dataset: str, kind: Literal["primary", "secondary"]) -> None:
    pressed = st.button(
        t("features.new"),
        key=about("features.new", dataset),
        icon=":material/add:",
        width="stretch",
        disabled=read_only(),
        type=kind,
    )
    if pressed:
        with shown():
            choose("recipe", once(f"features.new.{dataset}", lambda: begin(dataset)))
        st.rerun()


def begin(dataset: str) -> str:
    """Keep a new recipe of a dataset, without steps, and return its name."""
    bench = workbench()
    name = bench.pipelines.free_name(f"{dataset[:_LONGEST]}{_SUFFIX}")
    bench.pipelines.create(name, bench.features.begun(name, dataset))
    return name


def listed(names: list[str], most: int = 6) -> str:
    """Return names in one line, the first ones where there are many."""
    told = ", ".join(plain(clipped(name)) for name in names[:most])
    return told if len(names) <= most else f"{told} … ({len(names)})"
