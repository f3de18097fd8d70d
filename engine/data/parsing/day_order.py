"""Tell whether dates such as 31/12/2024 or 31-12-24 begin with the day, the month or the year, from all of a column."""

from dataclasses import dataclass
from typing import Final

import polars as pl

_PATTERN: Final = r"^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})(,? .*)?$"
_MONTHS, _DAYS = 12, 31


@dataclass(frozen=True)
class DayParts:
    """The largest first, second and third part of a column's dates.

    `timed` where some have a time, `bare` where some have none, `halves` where some times have AM or PM.
    """

    first: int
    second: int
    third: int
    mark: str
    timed: bool
    bare: bool
    halves: bool
    example: str

    def orders(self, *, short: bool) -> list[str]:
        """Return which of the orders `dmy`, `mdy` and `ymd` (of two-digit years with hyphens) fit all values."""
        fitting = []
        if self.first <= _DAYS and self.second <= _MONTHS:
            fitting.append("dmy")
        if self.first <= _MONTHS and self.second <= _DAYS:
            fitting.append("mdy")
        hyphened = short and (self.mark == "-" or self.first > _DAYS)
        if hyphened and self.second <= _MONTHS and self.third <= _DAYS:
            fitting.append("ymd")
        return fitting


def parts_of(table: pl.DataFrame, column: str) -> DayParts | None:
    """Return the parts of the dates in a column of text; None where it has none."""
    text = pl.col(column)
    parts = text.str.extract_groups(_PATTERN)
    first, second, third = (parts.struct.field(part).cast(pl.Int64, strict=False) for part in ("1", "3", "4"))
    time = parts.struct.field("5")
    seen = table.select(
        first=first.max(),
        second=second.max(),
        third=third.max(),
        mark=parts.struct.field("2").drop_nulls().first(),
        timed=time.is_not_null().any(),
        bare=(first.is_not_null() & time.is_null()).any(),
        halves=time.str.contains("(?i)m|^,").any(),
        example=text.filter(first.is_not_null()).first(),
    )
    row = seen.row(0, named=True)
    return None if row["first"] is None else DayParts(**{**row, "halves": bool(row["halves"])})


def format_of(order: str, mark: str, *, short: bool) -> str:
    """Return the format of a day: `%d/%m/%Y` for `dmy` and `/`."""
    year = "%y" if short else "%Y"
    return mark.join({"d": "%d", "m": "%m", "y": year}[part] for part in order)
