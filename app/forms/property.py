"""One property on a form: its widget, what sets it back or empties it, and the place for its faults."""

from typing import Any

import streamlit as st

from app.forms.field import MISSING, Field, Missing, same
from app.forms.labels import heading_of, help_of, value_label
from app.forms.sheet import Sheet, filled
from app.text import t

_OPENED: dict[str, Any] = {
    "record": {},
    "mapping": {},
    "types": {},
    "names": {},
    "list": [],
    "choices": [],
    "columns": [],
}
_EMPTIES_ITSELF = frozenset((
    "integer", "number", "boolean", "choice", "date", "time", "moment", "column", "dataset", "model", "suggest",
    "union", "named", "json", "constant",
))  # fmt: skip


def draw_property(field: Field, given: Any, sheet: Sheet) -> Any:
    """Draw a property and return its value as JSON; `MISSING` where it is left to its default.

    Args:
        field: The property.
        given: What the caller holds; `MISSING` where it says nothing.
        sheet: The place of the property.
    """
    begun, here = sheet.begun(given)
    start = field.default if isinstance(begun, Missing) else begun
    tall = field.kind in _OPENED or field.kind in ("tuple", "json", "union", "named", "code", "query", "expression")
    with st.container(horizontal=True, wrap=False, vertical_alignment="top" if tall else "bottom", gap="xsmall"):
        with st.container():
            out = _drawn(field, start, here)
        out = _settled(field, begun, out)
        _buttons(field, out, sheet)
    sheet.slot()
    return out


def _drawn(field: Field, start: Any, sheet: Sheet) -> Any:
    if start is None and field.kind == "json" and not field.nullable:
        return sheet.draw(field, None, sheet)
    if filled(start) or not _opens(field):
        return sheet.draw(field, start if filled(start) else MISSING, sheet)
    st.markdown(heading_of(field), help=help_of(field))
    st.caption(t("forms.not_set"))
    return MISSING


def _settled(field: Field, begun: Any, out: Any) -> Any:
    """Return a value as it is handed on: what was not given and equals the default is left out."""
    if isinstance(out, Missing) and field.nullable:
        out = None
    if not isinstance(begun, Missing):
        return out
    if isinstance(field.default, Missing):
        return MISSING if out is None and not field.required else out
    return MISSING if same(out, field.default) else out


def _buttons(field: Field, out: Any, sheet: Sheet) -> None:
    default = field.default
    if not filled(out) and _opens(field) and not _falls_back(field, out):
        sheet.button("set", "add", t("forms.set"), sheet.begin, _OPENED[field.kind])
    if not isinstance(default, Missing) and not isinstance(out, Missing) and not same(out, default):
        told = t("forms.reset") if field.secret else t("forms.reset_to", default=value_label(default))
        sheet.button("reset", "undo", told, sheet.begin, MISSING)
    elif filled(out) and not field.required and not _empties_itself(field) and isinstance(default, Missing):
        sheet.button("unset", "close", t("forms.unset"), sheet.begin, MISSING)
    holds = field.required or filled(default)
    if field.nullable and filled(out) and not _empties_itself(field) and holds:
        sheet.button("null", "close", t("forms.unset"), sheet.begin, None)


def _falls_back(field: Field, out: Any) -> bool:
    """Return whether something holds although nothing was said."""
    return isinstance(out, Missing) and filled(field.default)


def _empties_itself(field: Field) -> bool:
    """Return whether the widget can be emptied, and is not set then: text only where it may not be empty."""
    return field.kind in _EMPTIES_ITSELF or (field.kind == "text" and field.least > 0)


def _opens(field: Field) -> bool:
    """Return whether a field that is not set shows a button in place of its widgets."""
    if field.kind not in _OPENED or (field.required and not field.nullable):
        return False
    return not (field.kind in ("columns", "choices") and field.least)
