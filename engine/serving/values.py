"""Table values as JSON and back: how a service reads a column of a request and writes an answer.

| type | in JSON |
|---|---|
| integers | a whole number in the range of the type (`3.0` is whole) |
| floats | a finite number |
| boolean | `true` or `false` |
| string | a string |
| date, datetime, time | ISO 8601 text; an instant with an offset is turned to UTC |
| duration | seconds |

Null stands for a missing value of any type. Numbers in quotes are not numbers.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import narwhals as nw
import polars as pl
from polars.exceptions import PolarsError

from operators.tables import type_name

SHOWN = 60
"""Characters of a wrong value that an error repeats."""


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
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def rows_to_json(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of `table` as JSON objects."""
    return [{name: to_json(value) for name, value in row.items()} for row in table.iter_rows(named=True)]


def _reader(dtype: pl.DataType) -> Callable[[Any], Any] | None:
    if dtype.is_integer():
        return _whole(dtype)
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


def _iso(value: Any, kind: type[Any], example: str) -> Any:
    try:
        return kind.fromisoformat(value)
    except (TypeError, ValueError):
        raise WrongValueError(f"must be {kind.__name__} text such as '{example}'") from None


def _date(value: Any) -> date:
    return _iso(value, date, "2026-01-31")  # type: ignore[no-any-return]


def _time(value: Any) -> time:
    return _iso(value, time, "13:45:00")  # type: ignore[no-any-return]


def _instant(value: Any) -> datetime:
    read: datetime = _iso(value, datetime, "2026-01-31T13:45:00")
    return read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read


def _instant_utc(value: Any) -> datetime:
    return _instant(value).replace(tzinfo=UTC)


def _duration(value: Any) -> timedelta:
    try:
        return timedelta(seconds=_number(value))
    except OverflowError:
        raise WrongValueError("must be seconds within 270000 years") from None


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
