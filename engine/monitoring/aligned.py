"""Two columns brought to one scale, so that equal values are equal whatever their types.

Whole numbers, decimals, dates, durations and times are counted exactly (128-bit integers) from the smallest value of
both sides: in float64, `10**17` and `10**17 + 1` would be one number. Where one side is float32, both are
compared with its digits: 0.1 is then 0.1 on both sides. `-0.0` is 0.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.monitoring.kinds import family, present

Floats = NDArray[np.float64]
Number = float | Decimal

_SECOND: Final = 1_000_000_000
_PER_UNIT: Final = {"ms": 1_000_000, "us": 1_000, "ns": 1}
_LARGE: Final = 1e300
_CLOCKS: Final = ("date", "duration", "time")


@dataclass(frozen=True)
class Numbers:
    """The values of two columns as numbers.

    Args:
        before: Shape (n,), float64 without NaN; counted from `origin`.
        now: Shape (m,), the same.
        origin: What was subtracted from both; a whole number.
        decimals: How many of its digits stand after the point, for decimals.
        family: The family of both columns.
    """

    before: Floats
    now: Floats
    origin: int = 0
    decimals: int = 0
    family: str = "number"

    @property
    def middles(self) -> tuple[Number, Number]:
        """The medians before and now, as the column has them: `origin` is added, dates and times are in nanoseconds."""
        return self.value(median(self.before)), self.value(median(self.now))

    def value(self, number: float) -> Number:
        """Return what a number stands for in the column: exact for whole numbers and decimals, however large."""
        if not np.isfinite(number) or not (self.origin or self.decimals):
            return number
        return (Decimal(self.origin) + Decimal(number)).scaleb(-self.decimals)

    def written(self, number: float) -> str | None:
        """Return a date, duration or time as text that every language reads; None for other families."""
        if self.family not in _CLOCKS:
            return None
        return clock_text(self.origin + round(number), self.family)


def numbers(before: pl.Series, now: pl.Series) -> Numbers:
    """Return the present values of two columns of one family as numbers; text gives its length.

    Args:
        before: A number, date, duration, time or text column.
        now: A column of the same family.
    """
    name, sides = family(before), [present(before), present(now)]
    if name == "text":
        lengths = [side.cast(pl.String).str.len_chars().cast(pl.Float64).to_numpy() for side in sides]
        return Numbers(lengths[0], lengths[1])
    if name in _CLOCKS:
        return _counted([_nanoseconds(side) for side in sides], name)
    if all(_is_whole(side) for side in sides):
        return _counted([side.cast(pl.Int128) for side in sides], name)
    if (exact := _as_decimals(sides)) is not None:
        scale = exact[0].dtype.scale  # type: ignore[attr-defined]
        return _counted([side.to_physical() for side in exact], name, scale)
    floats = [side.cast(pl.Float64).to_numpy() for side in _as_floats(sides)]
    return Numbers(floats[0], floats[1])


def labels(before: pl.Series, now: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the present values of two columns of one family as text, called `label`; 1, 1.0 and true are one label."""
    name, sides = family(before), [present(before), present(now)]
    if name == "number" and not all(side.dtype == pl.Boolean for side in sides):
        if all(_is_whole(side) for side in sides):
            sides = [side.cast(pl.Int128) for side in sides]
        else:
            sides = _as_decimals(sides) or _as_floats(sides)
    texts = [side.cast(pl.String).rename("label") for side in sides]
    return texts[0], texts[1]


def median(values: Floats) -> float:
    """Return the median of values that are there; near the largest number there is, too."""
    ordered = np.sort(values)
    low, high = float(ordered[(len(ordered) - 1) // 2]), float(ordered[len(ordered) // 2])
    if low == high:
        return low
    return (low + high) / 2 if max(abs(low), abs(high)) < _LARGE else low / 2 + high / 2


def exactly(value: Number) -> str:
    """Return a number with all of its digits."""
    return f"{value:f}" if isinstance(value, Decimal) else f"{value:.17g}"


def clock_text(nanoseconds: int, name: str) -> str:
    """Return nanoseconds as a date (since 1970), a duration or a time of day."""
    if name == "date":
        moment = pl.Series([nanoseconds // 1000]).cast(pl.Datetime("us")).dt.strftime("%Y-%m-%d %H:%M:%S")
        return str(moment[0])
    sign, size = "-" if nanoseconds < 0 else "", abs(nanoseconds)
    seconds, rest = divmod(size, _SECOND)
    clock = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{clock}.{rest:09}".rstrip("0") if rest else clock


def nanoseconds_of(moment: dt.datetime) -> int:
    """Return an aware datetime as nanoseconds since 1970."""
    return int((moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(microseconds=1)) * 1000


def _counted(sides: list[pl.Series], name: str, decimals: int = 0) -> Numbers:
    smallest = [int(side.min()) for side in sides if len(side)]  # type: ignore[arg-type]
    origin = min(smallest, default=0)
    before, now = ((side - _one(origin)).cast(pl.Float64).to_numpy() for side in sides)
    return Numbers(before, now, origin, decimals, name)


def _one(value: int) -> pl.Series:
    return pl.Series([value], dtype=pl.Int128)


def _nanoseconds(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Date:
        values = values.cast(pl.Datetime("us"))
    unit = getattr(values.dtype, "time_unit", "ns")
    return values.to_physical().cast(pl.Int128) * _one(_PER_UNIT[unit])


def _is_whole(values: pl.Series) -> bool:
    return values.dtype.is_integer() or values.dtype == pl.Boolean


def _as_decimals(sides: list[pl.Series]) -> list[pl.Series] | None:
    """Return both as decimals of one scale; None where one is a float, or where they do not fit."""
    scales = [side.dtype.scale for side in sides if isinstance(side.dtype, pl.Decimal)]
    if not scales or any(side.dtype.is_float() for side in sides):
        return None
    shared = pl.Decimal(38, max(scales))
    cast = [(side.cast(pl.Int128) if _is_whole(side) else side).cast(shared, strict=False) for side in sides]
    return None if any(side.null_count() for side in cast) else cast


def _as_floats(sides: list[pl.Series]) -> list[pl.Series]:
    narrow = any(side.dtype.is_float() and side.dtype != pl.Float64 for side in sides)
    shared = pl.Float32 if narrow else pl.Float64
    return [_unsigned(side.cast(pl.Float64).cast(shared)) for side in sides]


def _unsigned(values: pl.Series) -> pl.Series:
    """Return floats whose zeros have no sign: Polars leaves `-0.0 + 0.0` as it is."""
    return pl.Series(values.name, values.to_numpy() + 0.0, dtype=values.dtype)
