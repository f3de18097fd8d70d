"""Numbers, within the bounds that their schema sets."""

import math
from typing import Any

import streamlit as st

from app.forms.field import MISSING, Field
from app.forms.sheet import Sheet, filled
from app.forms.widgets.box import draw_json
from app.text import t

_EXACT = 2**53 - 1  # whole numbers up to this are exact in a browser


def draw_integer(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a whole number; one that a browser cannot hold is asked for as JSON."""
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _EXACT
    if filled(value) and not whole:
        return draw_json(field, value, sheet)
    low, high = bounds(field, whole=True)
    low = None if low is None or abs(low) > _EXACT else math.ceil(low)
    high = None if high is None or abs(high) > _EXACT else math.floor(high)
    multiple = field.schema.get("multipleOf")
    step = int(multiple) if isinstance(multiple, int | float) and 1 <= multiple <= _EXACT else 1
    return _asked(field, value, sheet, low, high, step, "%d")


def draw_number(field: Field, value: Any, sheet: Sheet) -> Any:
    """Ask for a number; it is shown with all its digits."""
    finite = isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value)
    if filled(value) and not finite:
        return draw_json(field, value, sheet)
    low, high = (None if bound is None or not _is_finite(bound) else float(bound) for bound in bounds(field))
    return _asked(field, value, sheet, low, high, _step(field, value), "%g")


def bounds(field: Field, *, whole: bool = False) -> tuple[float | None, float | None]:
    """Return the lowest and the highest value that a widget lets through; None where there is no bound.

    A whole number keeps off a bound that is itself excluded; for others, the form says so when it is hit.
    """
    schema = field.schema
    lows = [schema.get("minimum"), _next(schema.get("exclusiveMinimum"), 1, whole=whole)]
    highs = [schema.get("maximum"), _next(schema.get("exclusiveMaximum"), -1, whole=whole)]
    low = max((bound for bound in lows if _is_number(bound)), default=None)
    return low, min((bound for bound in highs if _is_number(bound)), default=None)


def _asked(field: Field, value: Any, sheet: Sheet, low: Any, high: Any, step: Any, form: str) -> Any:
    kind = type(step)
    current = sheet.last(value)
    shown = kind(current) if filled(current) else None
    outside = shown is not None and ((low is not None and shown < low) or (high is not None and shown > high))
    if outside or (low is not None and high is not None and low > high):
        low = high = None
    key, first = sheet.widget(shown, clearable=field.nullable or isinstance(field.default, type(MISSING)))
    got = st.number_input(
        **sheet.dress(field),
        min_value=low,
        max_value=high,
        value=first,
        step=step,
        format=form,
        key=key,
        placeholder=t("forms.not_set") if field.nullable or not field.required else None,
    )
    return sheet.said(current if got == shown else MISSING if got is None else got)


def _step(field: Field, value: Any) -> float:
    """Return by how much the arrows change a number: the second digit of what it is by default."""
    multiple: Any = field.schema.get("multipleOf")
    if _is_number(multiple) and multiple > 0:
        return float(multiple)
    usual: Any = next((one for one in (field.default, value) if _is_number(one) and one), 1.0)
    return float(10.0 ** max(-12, min(12, math.floor(math.log10(abs(usual))) - 1)))


def _next(bound: Any, direction: int, *, whole: bool) -> Any:
    if not _is_number(bound) or not whole:
        return bound
    return math.floor(bound) + 1 if direction > 0 else math.ceil(bound) - 1


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value)


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
