"""How the text of a column is read as days and times; what cannot be read is null."""

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from engine.data.parsing.readers import Reader

_DAY = r"\d{4}([-/.])\d{1,2}\1\d{1,2}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
_LONG_CLOCK = r"\d+:\d{2}(:\d{2}([.,]\d+)?)?"
_HALF = r" ?[ap]\.?m\.?"
_ZONE = r"\s*(Z|[+-]\d{2}:?\d{2})"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_YEAR = r"(?:\d{4}|\d{2})"
_NAMED: Final = (
    (rf"^(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*({_MONTH})[-/., ]+({_YEAR})", "$1 $2 $3"),
    (rf"^({_MONTH})[-/. ]*(\d{{1,2}})(?:st|nd|rd|th)?[-/, ]+({_YEAR})", "$2 $1 $3"),
    (rf"^(\d{{4}})[-/. ]+({_MONTH})[-/. ]+(\d{{1,2}})", "$3 $2 $1"),
)
_AFTER = rf"(?:,? +{_CLOCK}(?:{_HALF})?)?"
NAMED: Final = re.compile("|".join(f"(?:{pattern[1:]}{_AFTER})" for pattern, _ in _NAMED), re.IGNORECASE)

KINDS: Final = (
    ("date", re.compile(rf"{_DAY}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日")),
    ("datetime", re.compile(rf"{_DAY}[T ]{_CLOCK}")),
    ("halves", re.compile(rf"{_DAY}[T ]{_CLOCK}{_HALF}", re.IGNORECASE)),
    ("zoned", re.compile(rf"{_DAY}[T ]{_CLOCK}{_ZONE}")),
    ("slashed", re.compile(rf"\d{{1,2}}([-/.])\d{{1,2}}\1\d{{4}}(,? {_CLOCK}({_HALF})?)?", re.IGNORECASE)),
    ("short", re.compile(rf"\d{{1,2}}([-/])\d{{1,2}}\1\d{{2}}(,? {_CLOCK}({_HALF})?)?", re.IGNORECASE)),
    ("short", re.compile(rf"\d{{2}}\.\d{{2}}\.\d{{2}}( {_CLOCK})?")),
    ("named", NAMED),
    ("clock", re.compile(rf"[+-]?{_LONG_CLOCK}({_HALF})?|\d{{1,2}}{_HALF}", re.IGNORECASE)),
    ("span", re.compile(rf"-?\d+ ?d(ays?)?,?( [+-]?{_LONG_CLOCK})?|-?P(?=.*\d)[\dYMWDTHS.,]+", re.IGNORECASE)),
)
"""What a single value may look like; the first that matches the whole value. `short` years have two digits."""
DATED: Final = ("date", "datetime", "halves", "slashed", "short", "named")
ISO: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
FIRST: Final = 100
"""Years below 100 are not read: chrono takes the 24 of 31/12/24 for the year 24 where four digits are expected."""


def dates(formats: tuple[str, ...] = ISO) -> Reader:
    """Return the reader of calendar days in one of `formats`."""

    def read(text: pl.Expr) -> pl.Expr:
        day = pl.coalesce(text.str.to_date(form, strict=False) for form in formats)
        return day.map_batches(_plausible, return_dtype=pl.Date, is_elementwise=True)

    return Reader("date", "a date", read)


def moments(*days: str, halves: bool = False, bare: bool = False) -> Reader:
    """Return the reader of a day (in one of the formats `days`) with a time, to the microsecond, without a zone.

    Args:
        days: Formats of the day; ISO with hyphens where there is none.
        halves: Whether times may have AM or PM.
        bare: Whether a day alone is its midnight.
    """
    forms = tuple(_forms(days or ("%Y-%m-%d",), halves=halves))

    def read(text: pl.Expr) -> pl.Expr:
        spaced = text.str.replace("T", " ", literal=True)
        if halves:
            spaced = text.str.replace(", ", " ", literal=True).str.replace(r"(\d)T(\d)", "$1 $2")
            spaced = spaced.str.replace(r"(?i) ?([ap])\.?m\.?$", " ${1}m")
        moment = pl.coalesce(spaced.str.to_datetime(form, time_unit="us", strict=False) for form in forms)
        if bare:
            moment = pl.coalesce(moment, dates(days or ISO).read(text).cast(pl.Datetime("us")))
        return moment.map_batches(_plausible, return_dtype=pl.Datetime("us"), is_elementwise=True)

    return Reader("datetime", "a date with a time", read)


def _plausible(days: pl.Series) -> pl.Series:
    """Return days or moments without those before `FIRST`; as an expression it would compute them twice."""
    early = (days.dt.year() < FIRST).fill_null(value=False)
    return days.set(early, None) if early.any() else days


def zoned_moments() -> Reader:
    """Return the reader of ISO moments with a zone, as UTC without a zone."""

    def read(text: pl.Expr) -> pl.Expr:
        plain = text.str.replace(" ", "T", literal=True).str.replace(" ", "", literal=True)
        forms = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
        return pl.coalesce(
            plain.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False) for form in forms
        ).dt.replace_time_zone(None)

    return Reader("datetime", "a moment with a time zone", read)


def named_days() -> Reader:
    """Return the reader of days with the English name of the month: 01-Mar-2024, Mar 5, 2024, 5 March 24."""

    def read(text: pl.Expr) -> pl.Expr:
        return short_or_long(reordered(text), "%d %B %Y")

    return Reader("date", "a date", read)


def named_moments() -> Reader:
    """Return the reader of days with the name of the month and a time, or alone at midnight."""

    def read(text: pl.Expr) -> pl.Expr:
        plain = reordered(text).str.replace(r"^(\d+ \w+ \d+),? +", "$1 ")
        spaced = plain.str.replace(r"(?i) ?([ap])\.?m\.?$", " ${1}m")
        is_short = spaced.str.contains(r"^\d+ \w+ \d\d(?: |$)")
        read_as = [
            pl.coalesce(
                spaced.str.to_datetime(form, time_unit="us", strict=False) for form in _forms((day,), halves=True)
            )
            for day in ("%d %B %y", "%d %B %Y")
        ]
        moment = pl.when(is_short).then(read_as[0]).otherwise(read_as[1])
        return pl.coalesce(moment, short_or_long(spaced, "%d %B %Y").cast(pl.Datetime("us")))

    return Reader("datetime", "a date with a time", read)


def short_or_long(text: pl.Expr, form: str) -> pl.Expr:
    """Return days whose year has two digits, from 1970 to 2069, or four."""
    long, short = (text.str.to_date(each, strict=False) for each in (form, form.replace("%Y", "%y")))
    return pl.when(long.dt.year() >= FIRST).then(long).otherwise(short)


def any_day(days: tuple[str, ...]) -> Reader:
    """Return the reader of days in the formats `days` (with four digits of the year or two), or by name."""

    def read(text: pl.Expr) -> pl.Expr:
        slashed = [short_or_long(text, day) for day in days]
        return pl.coalesce(dates().read(text), *slashed, named_days().read(text))

    return Reader("date", "a date", read)


def any_moment(days: tuple[str, ...]) -> Reader:
    """Return the reader of moments with days in the formats `days`, in UTC where they have a zone."""
    short = [day.replace("%Y", "%y") for day in days]
    readers = (moments(*ISO, *days, halves=True), zoned_moments(), moments(*short, halves=True), named_moments())

    def read(text: pl.Expr) -> pl.Expr:
        return pl.coalesce(*(reader.read(text) for reader in readers), any_day(days).read(text).cast(pl.Datetime("us")))

    return Reader("datetime", "a date with a time", read)


def slashed_days(*, day_first: bool) -> tuple[str, ...]:
    """Return the formats of days such as 31/12/2024 or 12/31/2024."""
    return tuple(mark.join(("%d", "%m", "%Y") if day_first else ("%m", "%d", "%Y")) for mark in "/-.")


def reordered(text: pl.Expr) -> pl.Expr:
    """Return days with the name of the month as `5 Mar 2024`; other text stays as it is."""
    text = text.str.replace(r"(?i)\bsept\b", "Sep")
    for pattern, order in _NAMED:
        text = text.str.replace(f"(?i){pattern}", order)
    return text


def _forms(days: tuple[str, ...], *, halves: bool) -> Iterator[str]:
    clocks = ("%H:%M:%S%.f", "%H:%M", *(("%I:%M:%S%.f %p", "%I:%M %p") if halves else ()))
    return (f"{day} {clock}" for day in days for clock in clocks)
