"""Table values as JSON and back: how a service reads a column of a request and writes an answer.

| type | in JSON |
|---|---|
| integers | a whole number in the range of the type (`3.0` is whole; from 2**53 on it has no point or exponent) |
| floats | a finite number in the range of the type; a whole number only if a 64-bit float holds it exactly |
| boolean | `true` or `false` |
| string | a string |
| date | ISO 8601 text as in `2026-01-31` |
| datetime | ISO 8601 text as in `2026-01-31T13:45:00`, or a date; with an offset it is turned to UTC |
| time | ISO 8601 text as in `13:45:00`, without an offset: a time of day without a day has no UTC |
| duration | seconds, to the microsecond |

Null stands for a missing value of any type. Numbers in quotes are not numbers. Nothing is rounded or cut: what a column
cannot hold as it is written is refused, as the other forms of ISO 8601 are (`20260131`, `2026-W05-6`).
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl
from polars.exceptions import PolarsError

from operators.contract.tables import type_name

SHOWN = 60
"""Characters of a wrong value that an error repeats."""
EXACT = 2**53
"""From here on two whole numbers may be one 64-bit float."""
_DIGITS = 6  # of a fraction of a second
_HALF_DIGIT = 5e-8  # seconds; a difference of two times is as far from whole microseconds by its rounding
_LARGEST_SINGLE = 3.4028234663852886e38  # of IEEE 754 binary32
_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}(?::\d{2}(?:[.,](?P<fraction>\d+))?)?"
_ISO_DAY = re.compile(_DAY, re.ASCII)
_ISO_TIME = re.compile(_CLOCK, re.ASCII)
_ISO_INSTANT = re.compile(rf"{_DAY}(?:[Tt ]{_CLOCK}(?:[Zz]|[+-]\d{{2}}(?::?\d{{2}})?)?)?", re.ASCII)


class WrongValueError(ValueError):
    """A JSON value that is not of the column's type; the sentence's end, such as `must be a number`."""


def json_type(dtype: pl.DataType) -> str:
    """Return the name of a Polars type as pipelines write it; `unknown` for nested ones."""
    return type_name(nw.Schema.from_polars({"column": dtype})["column"])


def can_be_asked(dtype: pl.DataType) -> bool:
    """Return whether a request can carry a value of this type."""
    return _reader(dtype) is not None


def series(name: str, values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    """Return JSON values as a column of `dtype`.

    Raises:
        WrongValueError: One of them is of another type; `locate` says which.
    """
    reader = _reader(dtype)
    if reader is None:
        raise WrongValueError("cannot be given as JSON")
    try:
        read = [None if value is None else reader(value) for value in values]
        if isinstance(dtype, pl.Categorical | pl.Enum):
            return pl.Series(name, read, dtype=pl.String).cast(dtype, strict=False)
        return pl.Series(name, read, dtype=dtype)
    except (OverflowError, PolarsError) as error:
        raise WrongValueError("is out of the range of its type") from error


def locate(values: Sequence[Any], dtype: pl.DataType) -> tuple[int, str]:
    """Return the place of the first value that is not of `dtype`, and what it must be."""
    for place, value in enumerate(values):
        try:
            series("", [value], dtype)
        except WrongValueError as error:
            return place, str(error)
    return 0, "cannot be read"


def shown(value: Any) -> str:
    """Return a value as an error repeats it, cut to a readable length."""
    text = repr(value) if not isinstance(value, dict | list) else f"a JSON {type(value).__name__}"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def to_json(value: Any) -> Any:
    """Return a Python value of a table as JSON; NaN and infinities become null."""
    if isinstance(value, Decimal):
        value = int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds() if value.microseconds else value.days * 86_400 + value.seconds
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def as_json(value: Any) -> Any:
    """Return what a program asks with as JSON: rows of Python values, those of NumPy among them, to any depth."""
    if isinstance(value, Mapping):
        return {str(name): as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return to_json(value.item() if hasattr(value, "item") else value)  # a scalar of NumPy


def rows_to_json(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of `table` as JSON objects."""
    return [{name: to_json(value) for name, value in row.items()} for row in table.iter_rows(named=True)]


def _reader(dtype: pl.DataType) -> Callable[[Any], Any] | None:
    if dtype.is_integer():
        return _whole(dtype)
    if isinstance(dtype, pl.Float32):
        return _single
    if dtype.is_float() or isinstance(dtype, pl.Decimal):
        return _number
    if isinstance(dtype, pl.Datetime):
        return _instant_utc if dtype.time_zone else _instant
    return _READERS.get(type(dtype))


def _whole(dtype: pl.DataType) -> Callable[[Any], int]:
    low, high = pl.select(dtype.min(), dtype.max().alias("high")).row(0)  # type: ignore[attr-defined]

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise WrongValueError("must be a whole number")
        if isinstance(value, float) and abs(value) >= EXACT:
            raise WrongValueError("must be written without a point or an exponent, which would round it")
        if not low <= value <= high:
            raise WrongValueError(f"must be in [{low}, {high}]")
        return int(value)

    return read


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValueError("must be a number")
    try:
        read = float(value)
    except OverflowError:
        read = math.inf
    if not math.isfinite(read):
        raise WrongValueError("must be a finite number")
    if isinstance(value, int) and read != value:
        raise WrongValueError("must be a number that a 64-bit float holds exactly")
    return read


def _single(value: Any) -> float:
    read = _number(value)
    if abs(read) > _LARGEST_SINGLE:
        raise WrongValueError(f"must be in [-{_LARGEST_SINGLE:.9g}, {_LARGEST_SINGLE:.9g}]")
    return read


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError("must be true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongValueError("must be text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise WrongValueError("must be text that can be written as UTF-8") from None
    return value


def _iso(value: Any, kind: type[Any], pattern: re.Pattern[str], example: str) -> Any:
    form = pattern.fullmatch(value) if isinstance(value, str) else None
    wrong = f"must be {kind.__name__} text such as '{example}'"
    if form is None:
        raise WrongValueError(wrong)
    fraction = form.groupdict().get("fraction") or ""
    if fraction[_DIGITS:].strip("0"):
        raise WrongValueError("must not be finer than microseconds")
    try:
        return kind.fromisoformat(value.upper().replace(fraction, fraction[:_DIGITS]) if fraction else value.upper())
    except ValueError:
        raise WrongValueError(wrong) from None


def _date(value: Any) -> date:
    return _iso(value, date, _ISO_DAY, "2026-01-31")  # type: ignore[no-any-return]


def _time(value: Any) -> time:
    return _iso(value, time, _ISO_TIME, "13:45:00")  # type: ignore[no-any-return]


def _instant(value: Any) -> datetime:
    read: datetime = _iso(value, datetime, _ISO_INSTANT, "2026-01-31T13:45:00")
    return read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read


def _instant_utc(value: Any) -> datetime:
    return _instant(value).replace(tzinfo=UTC)


def _duration(value: Any) -> timedelta:
    seconds = _number(value)
    try:
        read = timedelta(seconds=seconds)
    except OverflowError:
        raise WrongValueError("must be seconds within 270000 years") from None
    if abs(read.total_seconds() - seconds) > max(_HALF_DIGIT, math.ulp(seconds)):
        raise WrongValueError("must not be finer than microseconds")
    return read


def _nothing(value: Any) -> None:
    del value
    raise WrongValueError("must be null: the column held nothing in training")


_READERS: dict[type[pl.DataType], Callable[[Any], Any]] = {
    pl.Boolean: _boolean,
    pl.String: _text,
    pl.Categorical: _text,
    pl.Enum: _text,
    pl.Date: _date,
    pl.Time: _time,
    pl.Duration: _duration,
    pl.Null: _nothing,
}
