"""Above the canvas: add a step, undo, redo, tidy, and run."""

from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.canvas import feeds_of, layered
from app.pickers import pick
from app.pipelines.running import draw_run
from app.pipelines.sight import Sight, change, edit
from app.session import about, read_only, workbench
from app.text import t
from app.titles import category_title, title_of
from operators.categories import CATEGORIES


def draw_toolbar(sight: Sight, line: DeltaGenerator) -> None:
    """Draw the tools and do what is pressed: how to run at the end of `line`, those for editing in a line below."""
    with line:
        draw_run(sight)
    with st.container(horizontal=True, gap="small"):
        _draw_palette(sight)
        _draw_steps(sight)


def _draw_palette(sight: Sight) -> None:
    """Draw the searchable list of operators; what is chosen follows the node that is shown."""
    counted = sight.held.setdefault("added", 0)
    told = {name: _in_palette(entry) for name, entry in sight.operators.items()}
    order = sorted(told, key=lambda name: (_place(sight.operators[name]), list(told).index(name)))
    chosen = pick(
        t("pipelines.add"),
        {name: told[name] for name in order},
        f"pipelines.add.{sight.made}.{counted}",
        first=None,
        placeholder=t("pipelines.search"),
        icon=":material/add_circle:",
        label_visibility="collapsed",
        disabled=read_only(),
    )
    if chosen:
        count = partial(sight.held.update, added=counted + 1)
        edit(sight, {"op": "add", "operator": chosen, "after": sight.selected or ""}, taken=count)


def _in_palette(entry: Any) -> str:
    """Return an operator as the list shows it: its category, its title, and what else people may look for."""
    title = title_of(entry)
    others = [one for one in (*entry["titles"].values(), entry["name"]) if one != title]
    group = category_title(entry["category"])
    return f"{group} › {title}  ({', '.join(dict.fromkeys(others))})"


def _place(entry: Any) -> int:
    order = [*CATEGORIES, entry["category"]]
    return order.index(entry["category"])


def _draw_steps(sight: Sight) -> None:
    desk, off = workbench().pipelines, read_only()
    name, draft, made = sight.name, sight.draft, sight.made
    tools = (
        ("undo", "undo", "Ctrl+Z", not draft["can_undo"], lambda seen: desk.undo(name, seen, created=made)),
        ("redo", "redo", "Ctrl+Shift+Z", not draft["can_redo"], lambda seen: desk.redo(name, seen, created=made)),
    )
    for tool, icon, keys, nothing, make in tools:
        if st.button(
            t(f"pipelines.{tool}"),
            key=about(f"pipelines.{tool}", made),
            help=t(f"pipelines.{tool}_help"),
            icon=f":material/{icon}:",
            shortcut=keys,
            disabled=off or nothing,
        ):
            change(sight, make)
    tidy, icon = about("pipelines.tidy", made), ":material/auto_fix_high:"
    if st.button(t("pipelines.tidy"), key=tidy, icon=icon, disabled=off or not sight.nodes):
        places = {node: list(at) for node, at in layered(feeds_of(sight.nodes)).items()}
        edit(sight, {"op": "move", "positions": places})
