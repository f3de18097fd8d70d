"""How the values of a column are to be compared: as numbers, dates, categories, text, or not at all."""

import polars as pl

from engine.monitoring.values import Kind

FEW_VALUES = 10
"""Numbers with no more distinct values than this are categories."""

MANY_CATEGORIES = 1000
"""Text with more distinct values than this is text."""

_REPEATS_EXPECTED = 10
_CLOCKS: dict[str, Kind] = {"date": "date", "duration": "duration", "time": "time"}


def family(values: pl.Series) -> str:
    """Return the family of a column's type.

    It is `number`, `date`, `duration`, `time`, `text`, `empty` (no type at all) or `other`. Two columns of one family
    can be compared; a boolean counts as a number.
    """
    dtype = values.dtype
    if dtype.is_numeric() or dtype == pl.Boolean:
        return "number"
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    if dtype in (pl.Date, pl.Datetime):
        return "date"
    named = {pl.Duration: "duration", pl.Time: "time", pl.Null: "empty"}
    return named.get(dtype.base_type(), "other")


def present(values: pl.Series) -> pl.Series:
    """Return the values that are there; a NaN counts as missing."""
    if values.dtype.is_float() and values.is_nan().any():
        values = values.fill_nan(None)
    return values.drop_nulls() if values.null_count() else values


def kind_of(reference: pl.Series) -> Kind:
    """Return how a column is compared, which the reference alone decides."""
    known = present(reference)
    kinds = {"number": _number_kind, "text": _text_kind}
    if (name := family(reference)) in kinds:
        return kinds[name](known)
    return _CLOCKS.get(name, "other")


def _number_kind(known: pl.Series) -> Kind:
    distinct = known.n_unique()
    if distinct <= FEW_VALUES:
        return "category"
    return "identifier" if _counts_up(known, distinct) else "number"


def _counts_up(known: pl.Series, distinct: int) -> bool:
    """Tell whether integers number rows: so dense that chance would have repeated some, yet none is."""
    if not known.dtype.is_integer() or distinct < len(known):
        return False
    width = int(known.max()) - int(known.min()) + 1  # type: ignore[arg-type]
    return len(known) ** 2 / (2 * width) >= _REPEATS_EXPECTED


def _text_kind(known: pl.Series) -> Kind:
    distinct = known.n_unique()
    if distinct <= FEW_VALUES or distinct <= min(MANY_CATEGORIES, len(known) / 2):
        return "category"
    return "text"
