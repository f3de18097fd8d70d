"""A box for JSON: for what no other widget can show, such as models that hold themselves."""

import json
from typing import Any

import streamlit as st

from app.forms.field import MISSING, Field, Missing
from app.forms.labels import heading_of, help_of
from app.forms.sheet import Sheet
from app.text import t


def draw_json(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a value as JSON; what cannot be read is said, and the value before it stays."""
    current = sheet.last(value)
    shown = "" if isinstance(current, Missing) or field.secret else _text(current)
    typed = sheet.notes.get(f"{sheet.key}|", shown)
    key, _ = sheet.widget(typed)
    hidden = field.secret and not isinstance(current, Missing)
    placeholder = t("forms.secret_kept") if hidden else "JSON"
    with st.container(key=f"monospace.{sheet.key}"):
        got = st.text_area(**sheet.dress(field), value=None, key=key, placeholder=placeholder, height="content") or ""
    sheet.notes[f"{sheet.key}|"] = "" if field.secret else got
    if got == shown:
        return current
    try:
        return sheet.said(json.loads(got, parse_constant=_refused) if got.strip() else MISSING)
    except (ValueError, RecursionError) as error:
        sheet.wrong[sheet.place] = t("forms.fault_json", fault=str(error)[:200])
        return current


def draw_kept(field: Field, value: Any, sheet: Sheet) -> Any:
    """Say that a value is too large to be shown, and keep it."""
    if not sheet.bare:
        st.markdown(heading_of(field), help=help_of(field))
    st.caption(t("forms.too_large"))
    return value


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    sendable = text == text.encode("utf-8", "replace").decode("utf-8")
    return text if sendable else json.dumps(value, indent=2, default=str)


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")
