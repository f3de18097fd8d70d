"""Dates, times of day, and moments; what a picker would shorten is asked for as text."""

import datetime as dt
from typing import Any

import streamlit as st

from app.forms.field import MISSING, Field, Missing
from app.forms.sheet import Sheet, filled
from app.forms.widgets.text import draw_text

_MINUTE = 60  # seconds: the finest that the pickers show


def draw_date(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a date."""
    if filled(value) and _date(value) is None:
        return draw_text(field, value, sheet)
    current = sheet.last(value)
    shown = _date(current)
    key, first = sheet.widget(shown, clearable=_clearable(field))
    got = st.date_input(
        **sheet.dress(field), value=first, min_value=dt.date.min, max_value=dt.date.max, format="YYYY-MM-DD", key=key
    )
    return sheet.said(current if got == shown else MISSING if not isinstance(got, dt.date) else got.isoformat())


def draw_time(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a time of day; one with seconds or a zone as text."""
    if filled(value) and _time(value) is None:
        return draw_text(field, value, sheet)
    current = sheet.last(value)
    shown = _time(current)
    key, first = sheet.widget(shown, clearable=_clearable(field))
    got = st.time_input(**sheet.dress(field), value=first, step=_MINUTE, key=key)
    return sheet.said(current if got == shown else MISSING if got is None else got.isoformat())


def draw_moment(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a date and a time; one with seconds or a zone as text."""
    if filled(value) and _moment(value) is None:
        return draw_text(field, value, sheet)
    current = sheet.last(value)
    shown = _moment(current)
    key, first = sheet.widget(shown, clearable=_clearable(field))
    got = st.datetime_input(
        **sheet.dress(field),
        value=first,
        min_value=dt.datetime.min,  # noqa: DTZ901 - a moment without a zone
        max_value=dt.datetime.max,  # noqa: DTZ901
        step=_MINUTE,
        format="YYYY-MM-DD",
        key=key,
    )
    return sheet.said(current if got == shown else MISSING if got is None else got.isoformat())


def _clearable(field: Field) -> bool:
    return field.nullable or isinstance(field.default, Missing)


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _time(value: Any) -> dt.time | None:
    try:
        found = dt.time.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if found is None or found.second or found.microsecond or found.tzinfo else found


def _moment(value: Any) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if found is None or found.second or found.microsecond or found.tzinfo else found
