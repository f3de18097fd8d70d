"""One step of a recipe: its form, its place among the others, and its rows before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.choices import view
from app.errors import draw_error
from app.features.recipe import change, set_step
from app.features.steps import changes_of
from app.forms import operator_form
from app.losses import draw_losses
from app.previews import draw_table, fitted, rows_of
from app.sentences import in_words
from app.session import about, read_only, workbench
from app.text import t
from engine import EngineError

Draft = Mapping[str, Any]
Step = Mapping[str, Any]
_HEIGHT = 360  # pixels of the rows, so that the form stays in sight


def draw_form(recipe: Draft, step: Step, before: Step | None) -> None:
    """Draw the settings of a step, which are kept when they change, and the buttons that move or remove it."""
    if before is None:
        return
    _draw_moves(recipe, step["step"])
    node = recipe["document"]["nodes"][step["step"]]
    port = next(iter(node.get("from", {})), "table")
    columns = None if before["table"] is None else [{"name": c["name"], "type": c["type"]} for c in before["columns"]]
    problems = [step["error"]] if step["error"] and step["error"]["field"] else []
    form = operator_form(
        node["operator"],
        node.get("with", {}),
        columns={port: columns},
        key=f"features.{recipe['created']}.{step['step']}",
        problems=problems,
    )
    if form.changed and not read_only():
        set_step(recipe, step["step"], form.values)


def _draw_mends(recipe: Draft, step: Step) -> None:
    """Draw a button for each loss that other parameters of the step would mend."""
    written = recipe["document"]["nodes"][step["step"]].get("with", {})
    for loss in step["losses"]:
        mend = loss["mend"]
        if mend is None:
            continue
        told = ", ".join(str(value) for value in mend["with"].values())
        label = t("features.mend_loss", way=told, lost=f"{mend['lost']:,}", of=f"{loss['of']:,}")
        key = f"features.mend.{step['step']}.{loss['column']}.{told}"
        if st.button(label, key=key, icon=":material/healing:", disabled=read_only()):
            set_step(recipe, step["step"], {**written, **mend["with"]})


def draw_told(recipe: Draft, step: Step, before: Step | None) -> None:
    """Draw in words what a step did to the sample, or why it could not; what a field is to blame for stands there."""
    if step["error"]:
        if before is None or not step["error"]["field"]:
            draw_error(EngineError(step["error"]["sentence"], hint=step["error"]["hint"]))
    elif step["table"] is None:
        st.caption(t("features.waits"))
    else:
        st.markdown(" · ".join(changes_of(step, before) or [t("features.rows_now", rows=f"{step['rows']:,}")]))
    draw_losses(step["losses"])
    _draw_mends(recipe, step)
    for problem in step["warnings"]:
        st.warning(f"{in_words(problem['sentence'])} {in_words(problem['hint'])}", icon=":material/warning:")


def draw_sample(step: Step, before: Step | None) -> None:
    """Draw the rows of the sample after a step, or before it; new and changed columns come first."""
    if step["table"] is None:
        return
    seen = step
    if before is not None and view(t("features.show"), ["after", "before"], "features_view") == "before":
        seen = before
    table = fitted(_marked(seen, step))
    told = t("rows.some", rows=f"{len(table['rows']):,}", total=f"{table['total_rows']:,}")
    st.caption(f"{told} · {t('features.learnt')}" if step["fitted"] else told)
    draw_table(rows_of(table), f"{step['step']}_sample", height=_HEIGHT)


def _marked(seen: Step, step: Step) -> Mapping[str, Any]:
    """Return the rows of a step with its new and changed columns first, marked in their heads."""
    marks = {"new": "＋ ", "values": "● ", "type": "● "}
    changes = {column["name"]: column["change"] for column in step["columns"]} if seen is step else {}
    table = seen["table"]
    order = sorted(range(len(table["columns"])), key=lambda at: changes.get(table["columns"][at], "same") == "same")
    names = [f"{marks.get(changes.get(table['columns'][at], ''), '')}{table['columns'][at]}" for at in order]
    return {**table, "columns": names, "rows": [[row[at] for at in order] for row in table["rows"]]}


def _draw_moves(recipe: Draft, step: str) -> None:
    desk, document = workbench().features, recipe["document"]
    steps: Sequence[str] = desk.steps(document)
    with st.container(horizontal=True):
        for key, by, icon, edge in (("earlier", -1, "arrow_upward", 0), ("later", 1, "arrow_downward", -1)):
            stuck = read_only() or steps[edge] == step
            named = about(f"features.{key}", recipe["created"], step)
            if st.button(t(f"features.{key}"), key=named, icon=f":material/{icon}:", disabled=stuck):
                change(recipe, desk.moved(document, step, by))
        remove = about("features.remove", recipe["created"], step)
        if st.button(t("features.remove"), key=remove, icon=":material/delete:", disabled=read_only()):
            change(recipe, desk.removed(document, step))
