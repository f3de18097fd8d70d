"""How the text of a column is read as numbers, booleans, dates and times; what cannot be read is null."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

_DAY = r"\d{4}([-/.])\d{1,2}\1\d{1,2}"
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_ZONE = r"\s*(Z|[+-]\d{2}:?\d{2})"

KINDS: Final = (
    ("code", re.compile(r"\d+[eE]\d+")),
    ("number", re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)),
    ("boolean", re.compile(r"true|false", re.IGNORECASE)),
    ("date", re.compile(rf"{_DAY}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日")),
    ("datetime", re.compile(rf"{_DAY}[T ]{_CLOCK}")),
    ("zoned", re.compile(rf"{_DAY}[T ]{_CLOCK}{_ZONE}")),
    ("slashed", re.compile(rf"\d{{1,2}}([-/.])\d{{1,2}}\1\d{{4}}( {_CLOCK})?")),
    ("percent", re.compile(r"[+-]?\d+(\.\d+)?\s*%")),
    ("thousands", re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")),
    ("comma", re.compile(r"[+-]?\d+,\d+")),
)
"""What a single value looks like; the first that matches the whole value."""

Read = Callable[[pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Reader:
    """A way to read text as a type; `label` completes the sentence "'abc' is not ..."."""

    type: str
    label: str
    read: Read


def kind_of(value: str, *, decimal: str = ".", thousands: str | None = None) -> str:
    """Return what one value looks like: a name of `KINDS`, or `text`."""
    if thousands and re.fullmatch(_grouped(decimal, thousands), value):
        return "number"
    if decimal == "," and re.fullmatch(r"[+-]?\d+(,\d+)?", value):
        return "number"
    return next((kind for kind, pattern in KINDS if pattern.fullmatch(value)), "text")


def ungrouped(text: pl.Expr, decimal: str, thousands: str | None) -> pl.Expr:
    """Return text in which numbers such as 1,234.5 have no mark between thousands; other text stays as it is."""
    if thousands is None:
        return text
    is_grouped = text.str.contains(f"^(?:{_grouped(decimal, thousands)})$")
    return pl.when(is_grouped).then(text.str.replace_all(thousands, "", literal=True)).otherwise(text)


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


def dates(formats: tuple[str, ...] = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")) -> Reader:
    """Return the reader of calendar days in one of `formats`."""

    def read(text: pl.Expr) -> pl.Expr:
        return pl.coalesce(text.str.to_date(form, strict=False) for form in formats)

    return Reader("date", "a date", read)


def moments(day: str = "%Y-%m-%d") -> Reader:
    """Return the reader of a day (in the format `day`) with a time, to the microsecond, without a zone."""

    def read(text: pl.Expr) -> pl.Expr:
        spaced = text.str.replace("T", " ", literal=True)
        forms = (f"{day} %H:%M:%S%.f", f"{day} %H:%M")
        return pl.coalesce(spaced.str.to_datetime(form, time_unit="us", strict=False) for form in forms)

    return Reader("datetime", "a date with a time", read)


def zoned_moments() -> Reader:
    """Return the reader of ISO moments with a zone, as UTC without a zone."""

    def read(text: pl.Expr) -> pl.Expr:
        plain = text.str.replace(" ", "T", literal=True).str.replace(" ", "", literal=True)
        forms = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
        return pl.coalesce(
            plain.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False) for form in forms
        ).dt.replace_time_zone(None)

    return Reader("datetime", "a moment with a time zone", read)


def forced(
    type_name: str, decimal: str = ".", thousands: str | None = None, *, day_first: bool | None = None
) -> Reader | None:
    """Return the reader for a type the user asked for; None for text.

    Days such as 31/12/2024 are read where `day_first` says in which order they are.
    """
    days = _iso_days() if day_first is None else (*_iso_days(), *slashed_days(day_first=day_first))
    timed = [moments(day) for day in days]
    return {
        "string": None,
        "int64": integers(thousands, decimal),
        "float64": floats(decimal, thousands),
        "boolean": booleans(),
        "date": dates(days),
        "datetime": Reader(
            "datetime",
            "a date with a time",
            lambda text: pl.coalesce(
                *(reader.read(text) for reader in timed),
                zoned_moments().read(text),
                dates(days).read(text).cast(pl.Datetime("us")),
            ),
        ),
    }[type_name]


def slashed_days(*, day_first: bool) -> tuple[str, ...]:
    """Return the formats of days such as 31/12/2024 or 12/31/2024."""
    return tuple(mark.join(("%d", "%m", "%Y") if day_first else ("%m", "%d", "%Y")) for mark in "/-.")


def _iso_days() -> tuple[str, ...]:
    return ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")


def _grouped(decimal: str, thousands: str) -> str:
    """Return the pattern of a number with marks between its thousands."""
    return rf"[+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(decimal)}\d+)?"
