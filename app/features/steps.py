"""The steps of a recipe: each with what it changed, one more, and those that are suggested."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.errors import shown
from app.features.recipe import change, listed
from app.pickers import follow_link, pick
from app.sentences import in_words
from app.session import about, note, read_only, workbench
from app.text import t
from app.titles import operator_title

Draft = Mapping[str, Any]
Walk = Sequence[Mapping[str, Any]]


def chosen_step(walk: Walk) -> str:
    """Draw the steps with what each did, and return the one that is looked at."""
    before = {later["step"]: step for step, later in itertools.pairwise(walk)}
    names = [step["step"] for step in walk]
    follow_link("step", names)
    chosen = pick(
        t("features.steps"),
        {step["step"]: f"{number}. {_label(step)}" for number, step in enumerate(walk)},
        "step",
        first=names[-1],
        kind="radio",
        captions=[" · ".join(changes_of(step, before.get(step["step"]))) for step in walk],
    )
    note("step", str(chosen))
    return str(chosen)


def changes_of(step: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[str]:
    """Return what a step did to the sample, in words."""
    if step["table"] is None or before is None or before["table"] is None:
        return []
    told = []
    if step["rows"] != before["rows"]:
        told.append(t("features.rows_change", before=f"{before['rows']:,}", after=f"{step['rows']:,}"))
    by_change = {
        kind: [column["name"] for column in step["columns"] if column["change"] in kinds]
        for kind, kinds in (("new", {"new"}), ("changed", {"values", "type"}))
    }
    for key, names in (("new", by_change["new"]), ("gone", step["removed"]), ("changed", by_change["changed"])):
        if names:
            told.append(t(f"features.{key}_columns", names=listed(names)))
    return told or [t("features.nothing_changed")]


def draw_add(recipe: Draft, at: int) -> None:
    """Draw the choice of one more step, which comes at a place."""
    desk = workbench().features
    with st.container(horizontal=True, vertical_alignment="bottom"):
        operator = pick(
            t("features.operator"),
            {name: operator_title(name) for name in desk.operators()},
            "features.operator",
            first=None,
            placeholder=t("features.choose"),
        )
        add = about("features.add", recipe["created"])
        wished = st.button(t("features.add_it"), key=add, disabled=read_only() or not operator)
    if operator:
        _draw_no_service(operator)
    if wished and operator:
        change(recipe, desk.added(recipe["document"], operator, {}, at), f"add.{operator}")


def _draw_no_service(operator: str) -> None:
    """Say of an operator that needs the whole table what it means for a model, and what does the like."""
    with shown():
        alternative = workbench().operators.show(operator)["alternative"]
    if alternative:
        st.caption(f":material/warning: {t('features.whole_table')} {in_words(alternative)}")


def draw_suggestions(recipe: Draft, dataset: str, target: str) -> None:
    """Draw what could be done to the columns, each with its reason and a button."""
    found = workbench().features.suggestions(dataset, target, recipe["document"])
    done = [(node["operator"], node.get("with", {})) for node in recipe["document"]["nodes"].values()]
    left = [one for one in found if (one["operator"], one["with"]) not in done]
    if not left:
        st.caption(t("features.none_suggested"))
    for one in left:
        _draw_suggestion(recipe, one)


def _draw_suggestion(recipe: Draft, one: Mapping[str, Any]) -> None:
    """Draw one suggestion; its button is named by what it does, so that a page of before cannot do another."""
    name = ".".join([one["operator"], one["reason"], *one["columns"]])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{operator_title(one['operator'])}** · {_reason(one)}", width="stretch")
        if st.button(
            t("features.add_it"), key=about(f"features.suggested.{name}", recipe["created"]), disabled=read_only()
        ):
            added = workbench().features.added(recipe["document"], one["operator"], one["with"])
            change(recipe, added, f"suggested.{name}")


def _reason(one: Mapping[str, Any]) -> str:
    share = f"{one['figure']:.1%}"
    return t(
        f"features.why_{one['reason']}", columns=listed(one["columns"]), share=share, figure=f"{one['figure']:,.0f}"
    )


def _label(step: Mapping[str, Any]) -> str:
    mark = " ⚠" if step["error"] else ""
    return f"{operator_title(step['operator'])}{mark}"
