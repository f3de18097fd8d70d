"""The values that a run gives the parameters of its pipeline: a field for each, typed by what uses it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.forms import schema_form
from app.forms.sheet import Around
from app.pipelines.sight import Sight
from app.sentences import in_words
from app.session import read_only, workbench
from app.text import plain, t

Document = Mapping[str, Any]
_OF_AN_OPERATOR = ("i18n", "description", "title", "default", "port", "advanced", "show_if")


def draw_given(sight: Sight) -> None:
    """Draw the fields, where the pipeline has parameters, and note what they say and what a check says of that."""
    asked = sight.findings.get("parameters") or ()
    sight.held["given"], sight.held["found"] = {}, sight.findings
    if not asked:
        return
    with st.popover(t("pipelines.parameters"), icon=":material/input:"):
        form = schema_form(
            _schema(asked),
            {},
            key=f"pipelines.given.{sight.made}.{sight.round}",
            around=Around(names=_names, disabled=read_only()),
        )
        sight.held["given"] = form.values
        if form.values:
            sight.held["found"] = workbench().check(sight.document, parameters=form.values)
        known = {problem["sentence"] for problem in sight.findings["problems"]}
        for problem in sight.held["found"]["problems"]:
            if problem["severity"] == "error" and problem["sentence"] not in known:
                st.error(f"{plain(in_words(problem['sentence']))}  \n{plain(in_words(problem['hint']))}")


def waits_for(sight: Sight) -> list[str]:
    """Return the parameters that have no value yet and need one for the pipeline to run."""
    return [one["name"] for one in sight.held["found"].get("parameters") or () if one["required"]]


def is_wrong(sight: Sight) -> bool:
    """Return whether something must be mended before the pipeline can run with what the fields say."""
    return any(problem["severity"] == "error" for problem in sight.held["found"]["problems"])


def _schema(asked: Sequence[Document]) -> Document:
    """Return the JSON Schema of an object with a property for each parameter; its value is the default."""
    return {
        "type": "object",
        "properties": {one["name"]: _property(one) for one in asked},
        "required": [one["name"] for one in asked if one["required"]],
    }


def _property(one: Document) -> Document:
    kept = {key: value for key, value in one["schema"].items() if key not in _OF_AN_OPERATOR}
    label = {"label": {"en": one["name"], "zh": one["name"]}}
    told = {"description": one["description"]} if one["description"] else {}
    return {**kept, "i18n": label, **told, **({"default": one["value"]} if "value" in one else {})}


def _names(wanted: str) -> Sequence[str]:
    bench = workbench()
    return sorted({entry["name"] for entry in (bench.datasets if wanted == "dataset" else bench.models).list()})
