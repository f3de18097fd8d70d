"""What a single value looks like, and how the numbers of a column seem to be written."""

import functools
import re
from collections.abc import Sequence
from typing import Final

from engine.data.formats import NUMBER_EXAMPLES, NumberMarks
from engine.data.parsing import moments
from engine.data.parsing.readers import grouped

_CURRENCY = r"[$€£¥₹₩₽￥]|\b(?:EUR|USD|GBP|CHF|JPY|CNY|RMB|kr|zł)\b"
_AMOUNT = r"[+-]?\d[\d.,' \u00a0\u202f\u2009\u2019]*"

KINDS: Final = (
    ("code", re.compile(r"\d+[eE]\d+")),
    ("number", re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)),
    ("boolean", re.compile(r"true|false", re.IGNORECASE)),
    *moments.KINDS,
    ("percent", re.compile(rf"{_AMOUNT}\s*%")),
    ("currency", re.compile(rf"[+-]?(?:{_CURRENCY})\s*{_AMOUNT}|{_AMOUNT}\s*(?:{_CURRENCY})")),
)
"""What a single value looks like; the first that matches the whole value."""

_NUMBERISH: Final = re.compile(r"[+-]?(?:[.,]?\d|inf)", re.IGNORECASE)
"""How every number begins, however it is written."""

MARKS: Final = tuple(NumberMarks.model_validate(example) for example in NUMBER_EXAMPLES)
"""The ways in which numbers are written, those with marks between thousands first: 1,234 is more often 1234."""


@functools.lru_cache(maxsize=4096)
def kind_of(value: str, *, decimal: str = ".", thousands: str | None = None) -> str:
    """Return what one value looks like: a name of `KINDS`, or `text`."""
    if thousands and re.fullmatch(grouped(decimal, thousands), value):
        return "number"
    if decimal == "," and "," in value and re.fullmatch(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?", value):
        return "number"
    kind = next((kind for kind, pattern in KINDS if pattern.fullmatch(value)), "text")
    return "text" if kind == "number" and decimal == "," and "." in value else kind


def marks_of(values: Sequence[str]) -> NumberMarks | None:
    """Return how numbers are written if nearly all of `values` are numbers so written, else None."""
    if sum(map(bool, map(_NUMBERISH.match, values))) < 0.95 * len(values):
        return None
    possible = [marks for marks in MARKS if not marks.thousands or any(_is_grouped(value, marks) for value in values)]
    counts = {marks: sum(_is_number(value, marks) for value in values) for marks in possible}
    best = max(possible, key=counts.__getitem__)
    return best if values and counts[best] >= 0.95 * len(values) else None


def _is_grouped(value: str, marks: NumberMarks) -> bool:
    return bool(marks.thousands and re.fullmatch(grouped(marks.decimal, marks.thousands), value))


def example_of(marks: NumberMarks) -> str:
    """Return a number written so: `1.234,5`."""
    return f"1{marks.thousands or ''}234{marks.decimal}5"


def _is_number(value: str, marks: NumberMarks) -> bool:
    return kind_of(value, decimal=marks.decimal, thousands=marks.thousands) == "number"
