"""Text: one line, several lines, code, and secrets."""

from typing import Any, Literal

import streamlit as st

from app.forms.field import MISSING, Field
from app.forms.sheet import Sheet, filled
from app.forms.widgets.box import draw_json
from app.text import t

_LONG = 200  # characters that are better read in several lines


def draw_text(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for text; a value that holds line breaks, or may be long, in several lines."""
    if filled(value) and not isinstance(value, str):
        return draw_json(field, value, sheet)
    several = filled(value) and ("\n" in value or len(value) > _LONG)
    return _asked(field, value, sheet, "content" if several else None)


def draw_file(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for the path of a file on the engine's machine."""
    return _asked(field, value, sheet, None) if _is_text(value) else draw_json(field, value, sheet)


def draw_code(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for code, in letters of one width."""
    return _monospaced(field, value, sheet, 320)


def draw_expression(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for an expression over columns, and list these."""
    out = _monospaced(field, value, sheet, 80)
    sheet.list_columns(field)
    return out


def draw_query(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a query, and list the columns at hand."""
    out = _monospaced(field, value, sheet, 160)
    sheet.list_columns(field)
    return out


def draw_secret(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a secret; the one that is kept never leaves the server, and stays unless another is typed."""
    current = sheet.last(value)
    kept = t("forms.secret_kept") if filled(current) else t("forms.not_set")
    typed = st.text_input(
        **sheet.dress(field), type="password", value=None, placeholder=kept, key=sheet.unfilled, autocomplete="off"
    )
    return sheet.said(typed or current)


def _monospaced(field: Field, value: Any, sheet: Sheet, height: int) -> Any:
    if not _is_text(value):
        return draw_json(field, value, sheet)
    with st.container(key=f"monospace.{sheet.key}"):
        return _asked(field, value, sheet, height)


def _asked(field: Field, value: Any, sheet: Sheet, height: int | Literal["content"] | None) -> Any:
    current = sheet.last(value)
    shown = _showable(current)
    key, _ = sheet.widget(shown)
    options: dict[str, Any] = {**sheet.dress(field), "value": None, "key": key, "placeholder": _placeholder(field)}
    got = st.text_input(**options) if height is None else st.text_area(**options, height=height)
    out = current if got == shown else _read(field, got)
    if out == "":
        st.caption(t("forms.empty_text"))
    return sheet.said(out)


def _read(field: Field, got: str | None) -> Any:
    return MISSING if got is None or (got == "" and field.least) else got


def _showable(value: Any) -> str | None:
    """Return text that a browser can be sent: lone surrogates are replaced."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or not filled(value)


def _placeholder(field: Field) -> str | None:
    if field.nullable or not field.required:
        return t("forms.not_set")
    examples = field.schema.get("examples")
    return str(examples[0])[:60] if isinstance(examples, list) and examples else None
