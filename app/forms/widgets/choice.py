"""Yes or no, one of several, several of several, and what cannot be chosen at all."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.forms.field import MISSING, Field, Missing, same, written
from app.forms.labels import option_label, unique
from app.forms.sheet import Sheet, filled
from app.forms.widgets.box import draw_json
from app.pickers import pick, pick_several
from app.text import t


def draw_boolean(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask yes or no: a switch, or two answers where it may stay open."""
    if filled(value) and not isinstance(value, bool):
        return draw_json(field, value, sheet)
    current = sheet.last(value)
    if not field.nullable and not isinstance(field.default, Missing):
        key, first = sheet.widget(bool(filled(current) and current), clearable=False)
        return sheet.said(st.toggle(**sheet.dress(field), value=first, key=key))
    answers = {True: t("forms.yes"), False: t("forms.no")}
    first = current if filled(current) else None
    got = pick(**sheet.dress(field), labels=answers, key=sheet.picker(), first=first, kind="segments", clearable=True)
    return sheet.said(MISSING if got is None else got)


def draw_choice(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for one of the options; a value that is none of them is kept and can be seen."""
    current = sheet.last(value)
    options = [*field.options]
    if filled(current) and not any(same(current, option) for option in options):
        options.append(current)
    tokens = tokens_of(options)
    labels = dict(zip(tokens, unique([option_label(field, option) for option in options]), strict=True))
    shown = next((token for token, option in zip(tokens, options, strict=True) if same(option, current)), None)
    clearable = field.nullable or isinstance(field.default, Missing)
    got = pick(
        **sheet.dress(field),
        labels=labels,
        key=sheet.picker(),
        first=shown,
        clearable=clearable or shown is None,
        placeholder=t("forms.not_set") if field.nullable or not field.required else t("forms.choose"),
    )
    return sheet.said(MISSING if got is None else options[tokens.index(got)])


def draw_choices(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for several of the options, in the order in which they are chosen."""
    item = field.item or field
    tokens = tokens_of(item.options)
    known = isinstance(value, list) and [token for one in value for token in [_token(one, item, tokens)] if token]
    if filled(value) and (not isinstance(value, list) or known is False or len(set(known)) < len(value)):
        return draw_json(field, value, sheet)
    labels = dict(zip(tokens, unique([option_label(item, option) for option in item.options]), strict=True))
    current = sheet.last(value)
    shown = [_token(one, item, tokens) for one in current] if filled(current) else []
    known_ones = [token for token in shown if token is not None]
    got = pick_several(
        **sheet.dress(field), labels=labels, key=sheet.picker(), first=known_ones, placeholder=t("forms.choose")
    )
    return sheet.said(current if got == shown and filled(current) else [item.options[tokens.index(one)] for one in got])


def draw_constant(field: Field, value: Any, sheet: Sheet) -> Any:
    """Draw nothing, as there is nothing to choose; only a value that is wrong can be seen."""
    constant = field.schema.get("const")
    if not isinstance(value, Missing) and value is not None and not same(value, constant):
        return draw_json(field, value, sheet)
    return constant


def tokens_of(options: Sequence[Any]) -> list[str]:
    """Return a text for each option: itself where all are different texts, else its JSON."""
    texts = all(isinstance(option, str) for option in options) and len(set(options)) == len(options)
    return [option if texts else written(option) for option in options]


def _token(value: Any, item: Field, tokens: Sequence[str]) -> str | None:
    found = (token for token, option in zip(tokens, item.options, strict=True) if same(option, value))
    return next(found, None)
