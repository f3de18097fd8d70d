"""Numbers written in digits: which type holds them exactly, and what would be lost otherwise."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from engine.data.parsing import noticing, readers
from engine.data.parsing.deciding import EXACT, Decision, tolerable

SURE: Final = 15
"""Significant digits that every 64-bit float keeps (DBL_DIG of C)."""


@dataclass(frozen=True)
class Loss:
    """Examples of numbers that floats would change.

    Args:
        whole: One whose whole part changes; such numbers are often ids, or money.
        decimals: One with more decimals than a float has room for.
    """

    whole: str | None = None
    decimals: str | None = None


def whole_numbers(values: pl.Series, column: str, name: str) -> Decision:
    """Return the decision for a column of whole numbers: 64-bit integers, or text where one is larger."""
    unread = values.filter(values.is_not_null() & values.cast(pl.Int64, strict=False).is_null())
    if unread.is_empty():
        return Decision(column, name, readers.integers())
    return kept_as_text(column, name, unread[0])


def fractions(values: pl.Series, column: str, name: str) -> Decision:
    """Return the decision for a column of numbers, some with a fraction or an exponent.

    Floats, unless a whole part would change: then text, as in a CSV file. Decimals that a float has no room for
    are rounded, and a finding says so. A number too large for a float cannot be read.
    """
    whole = values.filter(values.str.contains(r"^-?\d+$"))
    wide = whole.filter(whole.cast(pl.Int64, strict=False).abs().fill_null(EXACT + 1) > EXACT)
    lost = Loss(whole=wide[0]) if len(wide) else loss(values)
    if lost.whole is not None:
        return kept_as_text(column, name, lost.whole)
    reader = readers.floats()
    read = values.to_frame(column).select(reader.read(pl.col(column))).to_series()
    bad = int((values.is_not_null() & read.is_null()).sum())
    if bad and not tolerable(bad, int(read.count())):
        return kept_as_text(column, name, values.filter(values.is_not_null() & read.is_null())[0])
    findings = () if lost.decimals is None else (noticing.rounded(name, lost.decimals),)
    return Decision(column, name, reader, bad, findings)


def loss(values: pl.Series) -> Loss:
    """Return which of numbers written in digits would not come back from a 64-bit float."""
    mantissa = values.str.replace(r"[eE].*$", "").str.replace_all(r"[^0-9]", "").str.strip_chars("0")
    long_ones = values.filter(mantissa.str.len_bytes() > SURE).unique(maintain_order=True)
    number = long_ones.cast(pl.Float64, strict=False)
    suspects = long_ones.filter((number.cast(pl.String) != long_ones) & number.is_finite())
    is_large = suspects.cast(pl.Float64).abs() >= EXACT
    whole = next((text for text in suspects.filter(is_large) if _changes(text)), None)
    return Loss(whole, next((text for text in suspects.filter(~is_large) if _changes(text)), None))


def kept_as_text(column: str, name: str, example: str) -> Decision:
    """Return the decision to keep numbers as text, with the finding that says why."""
    return Decision(column, name, findings=(noticing.long_numbers(name, example),))


def _changes(text: str) -> bool:
    """Return whether a float, written with as many digits as `text` has, differs from it."""
    exact = Decimal(text)
    places = len(exact.as_tuple().digits) - 1
    return Decimal(f"{float(text):.{places}e}") != exact
