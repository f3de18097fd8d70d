"""One of several kinds of value: which, then its widget; and a name that may bring settings of its own."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.forms.faults import best
from app.forms.field import MISSING, Field, Missing
from app.forms.labels import help_of, model_label, option_label, unique
from app.forms.reading import tag_of
from app.forms.sheet import Sheet, filled
from app.forms.widgets.box import draw_json
from app.forms.widgets.record import draw_fields
from app.pickers import pick
from app.text import t


def draw_union(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask which kind of value it is, and for the value."""
    found = best(field, value) if filled(value) else None
    if filled(value) and found is None:
        return draw_json(field, value, sheet)
    begun = found[0] if found else None
    labels = unique([model_label(variant) for variant in field.variants])
    scalars = not any(variant.kind in ("record", "list", "mapping", "tuple", "union") for variant in field.variants)
    choosing, asking = st.columns([2, 3], vertical_alignment="bottom") if scalars else (st.container(), st.container())
    with choosing:
        chosen = _chosen(field, labels, begun, sheet)
    if chosen is None:
        return MISSING
    variant = replace(field.variants[chosen], name=field.name)
    inside = sheet.aside(f"v{chosen}", bare=True)
    with asking:
        out = sheet.draw(variant, value if chosen == begun else MISSING, inside)
    if variant.kind == "record" and isinstance(out, dict):
        return {**_tags(variant), **out}
    return out


def draw_named(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a name; where it has settings these are folded below it, and make the value an object."""
    tags = {tag_of(variant): variant for variant in field.variants}
    name = next((value[key] for key in _tag_names(field) if key in value), None) if isinstance(value, dict) else value
    if filled(value) and name not in field.options:
        return draw_json(field, value, sheet)
    words = [_word(field, option, tags.get(option)) for option in field.options]
    chosen = _chosen(field, unique(words), field.options.index(name) if filled(name) else None, sheet)
    if chosen is None:
        return MISSING
    picked = field.options[chosen]
    variant = tags.get(picked)
    own = value if picked == name and isinstance(value, dict) else {}
    if variant is None or not any(part.kind != "constant" for part in variant.fields):
        return own or picked
    key = f"{sheet.key}.v{chosen}"
    with st.expander(t("forms.settings_of", name=words[chosen]), icon=":material/tune:", key=f"{key}!settings"):
        st.caption(_about(variant))
        out = draw_fields(variant, own, sheet.aside(f"v{chosen}"))
    tags_only = _tags(variant)
    return picked if not own and out.keys() <= tags_only.keys() else {**tags_only, **out}


def _chosen(field: Field, labels: list[str], begun: int | None, sheet: Sheet) -> int | None:
    which = sheet.aside("which")
    first = which.last(begun)
    got = pick(
        **sheet.dress(field),
        labels=dict(enumerate(labels)),
        key=which.picker(),
        first=first,
        clearable=field.nullable or isinstance(field.default, Missing) or first is None,
        placeholder=t("forms.not_set") if field.nullable or not field.required else t("forms.choose"),
    )
    which.said(got)
    return None if got is None else int(got)


def _tags(variant: Field) -> dict[str, Any]:
    return {part.name: part.schema["const"] for part in variant.fields if part.kind == "constant"}


def _tag_names(field: Field) -> set[str]:
    return {name for variant in field.variants for name in _tags(variant)}


def _word(field: Field, option: str, variant: Field | None) -> str:
    return option_label(field, option) if variant is None else model_label(variant)


def _about(variant: Field) -> str:
    return help_of(variant) or ""
