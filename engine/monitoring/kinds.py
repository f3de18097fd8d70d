"""How the values of a column are to be compared: as numbers, dates, categories, text, or not at all."""

import numpy as np
import polars as pl

from engine.monitoring.values import Kind

FEW_VALUES = 10
"""Numbers with no more distinct values than this are categories."""

MANY_CATEGORIES = 1000
"""Text with more distinct values than this is text."""

_REPEATS_EXPECTED = 10


def family(values: pl.Series) -> str:
    """Return the family of a column's type: number, date, text, empty (no type at all) or other.

    Two columns of one family can be compared; a boolean counts as a number.
    """
    if values.dtype.is_numeric() or values.dtype == pl.Boolean:
        return "number"
    if values.dtype.is_temporal():
        return "date"
    if values.dtype in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    return "empty" if values.dtype == pl.Null else "other"


def present(values: pl.Series) -> pl.Series:
    """Return the values that are there; a NaN counts as missing."""
    return (values.fill_nan(None) if values.dtype.is_float() else values).drop_nulls()


def kind_of(reference: pl.Series) -> Kind:
    """Return how a column is compared, which the reference alone decides."""
    known = present(reference)
    kinds = {"number": _number_kind, "text": _text_kind}
    if (name := family(reference)) in kinds:
        return kinds[name](known)
    return "date" if name == "date" else "other"


def as_numbers(values: pl.Series) -> pl.Series:
    """Return the present values of a number, date or text column as float64; text gives its length."""
    known = present(values)
    if family(known) == "date":
        known = _as_time(known).to_physical()
    if family(known) == "text":
        known = known.cast(pl.String).str.len_chars()
    return known.cast(pl.Float64)


def middle(values: pl.Series) -> float:
    """Return the median of a number, date or text column with values, as `as_numbers` has them."""
    return float(np.median(as_numbers(values).to_numpy()))


def as_labels(values: pl.Series) -> pl.Series:
    """Return the present values of a category column as text; 1, 1.0 and true are one label."""
    known = present(values)
    return (known.cast(pl.Float64) if family(known) == "number" else known).cast(pl.String)


def _as_time(values: pl.Series) -> pl.Series:
    return values.cast(pl.Datetime("us")) if values.dtype in (pl.Date, pl.Datetime) else values


def _number_kind(known: pl.Series) -> Kind:
    distinct = known.n_unique()
    if distinct <= FEW_VALUES:
        return "category"
    return "identifier" if _counts_up(known, distinct) else "number"


def _counts_up(known: pl.Series, distinct: int) -> bool:
    """Tell whether integers number rows: so dense that chance would have repeated some, yet none is."""
    if not known.dtype.is_integer() or distinct < len(known):
        return False
    smallest, largest = known.cast(pl.Float64).min(), known.cast(pl.Float64).max()
    width = float(largest) - float(smallest) + 1  # type: ignore[arg-type]
    return len(known) ** 2 / (2 * width) >= _REPEATS_EXPECTED


def _text_kind(known: pl.Series) -> Kind:
    distinct = known.n_unique()
    if distinct <= FEW_VALUES or distinct <= min(MANY_CATEGORIES, len(known) / 2):
        return "category"
    return "text"
