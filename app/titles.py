"""What an operator and its parameters are called in the language of this session."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.forms.field import Field
from app.forms.labels import label_of, option_label
from app.forms.reading import read_schema
from app.session import language, workbench
from app.text import t, word
from operators.categories import CATEGORIES
from operators.registry import BUILTIN, UnknownOperatorError

_SELF_EVIDENT = frozenset(("columns", "types", "mode"))
"""Parameters that need no label beside their value."""


def title_of(entry: Mapping[str, Any]) -> str:
    """Return what an operator of the catalogue is called."""
    return str(entry["titles"].get(language()) or entry["title"])


def category_title(name: str) -> str:
    """Return what a category of operators is called; its name where there is none such."""
    found = CATEGORIES.get(name)
    return name if found is None else found.title.get(language(), found.title["en"])


def algorithm_title(name: str) -> str:
    """Return what an algorithm is called in a sentence: a learner by its title, a way to find clusters by its word."""
    learner = BUILTIN.learners.get(name)
    if learner is None:
        return word("algorithm", name)
    return learner.title.get(language(), learner.title["en"])


def operator_title(name: str) -> str:
    """Return the title of an operator; its registry name where the catalogue does not have it."""
    entry = _catalogue().get(name)
    return name if entry is None else title_of(entry)


def parameter_texts(name: str, values: Mapping[str, Any]) -> list[str]:
    """Return the parameters of a step in words: columns as they are, choices as its form calls them."""
    known = _fields(name)
    told = []
    for key, value in values.items():
        field = known.get(key)
        text = option_label(field, value) if field and field.options else _value(value)
        told.append(text if key in _SELF_EVIDENT else f"{label_of(field) if field else key}: {text}")
    return told


def settings_text(step: Mapping[str, Any]) -> str:
    """Return the parameters of a step, as `{"operator", "with"}`, in one line of words."""
    return " · ".join(parameter_texts(step["operator"], step["with"]))


@cache
def _catalogue() -> Mapping[str, Mapping[str, Any]]:
    """Return the entries of the catalogue by name: they stay the same, and a page may ask for hundreds."""
    return {entry["name"]: entry for entry in workbench().operators.list()}


@cache
def _fields(name: str) -> Mapping[str, Field]:
    try:
        record = read_schema(workbench().operators.show(name)["schema"])
    except UnknownOperatorError:  # one that is gone, or cannot be loaded
        return {}
    return {field.name: field for field in record.fields}


def _value(value: Any) -> str:
    """Return the value of a parameter as a person would write it; `–` for none."""
    if isinstance(value, bool):
        return t("forms.yes") if value else t("forms.no")
    if isinstance(value, Mapping):
        return ", ".join(f"{name} → {_value(item)}" for name, item in value.items()) or "–"
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value)) or "–"
    return "–" if value is None or value == "" else str(value)
