"""A form for one row of a service, drawn from its signature: one widget for each column."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from app.text import plain

Field = Mapping[str, Any]
Widget = Callable[[Field, str], Any]
_COLUMNS = 3


def row_form(fields: Sequence[Field], key: str) -> dict[str, Any]:
    """Draw a widget for each field, three in a line, and return the row; an empty widget is a null.

    Args:
        fields: The signature's inputs: `name`, `type`, `examples`, `top`.
        key: What the form is for; it makes the widgets' keys its own.
    """
    row: dict[str, Any] = {}
    columns = st.columns(_COLUMNS)
    for position, field in enumerate(fields):
        with columns[position % _COLUMNS]:
            row[field["name"]] = widget_of(field)(field, f"{key}.{field['name']}")
    return row


def widget_of(field: Field) -> Widget:
    """Return the widget for a field's type: a choice for text with known values, else by type, else text."""
    if field["type"] == "string" and field.get("top"):
        return _choice
    return WIDGETS.get(field["type"].rstrip("0123456789"), _text)


def _number(field: Field, key: str) -> Any:
    value = _example(field)
    return st.number_input(plain(field["name"]), value=None if value is None else float(value), key=key)


def _whole(field: Field, key: str) -> Any:
    value = _example(field)
    return st.number_input(plain(field["name"]), value=None if value is None else int(value), step=1, key=key)


def _truth(field: Field, key: str) -> Any:
    return st.toggle(plain(field["name"]), bool(_example(field)), key=key)


def _choice(field: Field, key: str) -> Any:
    return st.selectbox(plain(field["name"]), list(field["top"]), index=0, key=key, accept_new_options=True)


def _text(field: Field, key: str) -> Any:
    value = _example(field)
    return st.text_input(plain(field["name"]), "" if value is None else str(value), key=key) or None


WIDGETS: dict[str, Widget] = {"int": _whole, "uint": _whole, "float": _number, "decimal": _number, "boolean": _truth}


def _example(field: Field) -> Any:
    return next(iter(field.get("top") or field.get("examples") or ()), None)
