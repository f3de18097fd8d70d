"""How the text of a column is read as numbers and booleans; what cannot be read is null."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

_WRITTEN: Final = {" ": "[ \u00a0\u202f\u2009]", "'": "['\u2019\u02bc]", ",": ",", ".": r"\."}
"""The characters that stand for a mark between thousands: French spaces do not break, Swiss marks may be curly."""

Read = Callable[[pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Reader:
    """A way to read text as a type; `label` completes the sentence "'abc' is not ..."."""

    type: str
    label: str
    read: Read


def ungrouped(text: pl.Expr, decimal: str, thousands: str | None) -> pl.Expr:
    """Return text in which numbers such as 1,234.5 have no mark between thousands; other text stays as it is."""
    if thousands is None:
        return text
    is_grouped = text.str.contains(f"^(?:{grouped(decimal, thousands)})$")
    return pl.when(is_grouped).then(text.str.replace_all(_WRITTEN[thousands], "")).otherwise(text)


def integers(thousands: str | None = None, decimal: str = ".") -> Reader:
    """Return the reader of exact whole numbers of 64 bits."""
    return Reader(
        "int64", "a whole number", lambda text: ungrouped(text, decimal, thousands).cast(pl.Int64, strict=False)
    )


def floats(decimal: str = ".", thousands: str | None = None) -> Reader:
    """Return the reader of floating-point numbers; a number too large to be one is not read."""

    def read(text: pl.Expr) -> pl.Expr:
        text = ungrouped(text, decimal, thousands)
        if decimal == ",":
            text = pl.when(~text.str.contains(".", literal=True)).then(text.str.replace(",", ".", literal=True))
        number = text.cast(pl.Float64, strict=False)
        spoken = pl.any_horizontal(text.str.ends_with(end) for end in "fFyY")  # inf, Infinity
        return pl.when(number.is_nan() | (number.is_infinite() & ~spoken)).then(None).otherwise(number)

    return Reader("float64", "a number", read)


def booleans() -> Reader:
    """Return the reader of `true` and `false` in any case."""

    def read(text: pl.Expr) -> pl.Expr:
        return text.str.to_lowercase().replace_strict(
            {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
        )

    return Reader("boolean", "true or false", read)


def grouped(decimal: str, thousands: str) -> str:
    """Return the pattern of a number with marks between its thousands."""
    mark = _WRITTEN[thousands]
    return rf"[+-]?\d{{1,3}}{mark}\d{{3}}(?:{mark}\d{{3}})*(?:{re.escape(decimal)}\d+)?"
