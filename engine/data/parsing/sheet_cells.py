"""Turn the cells of a column of a sheet into text that is read by the rules of delimited files, or into times."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from engine.data.formats import CELL_ERRORS, Finding
from engine.data.parsing.kinds import example_of, kind_of, marks_of
from engine.data.parsing.moments import DATED
from engine.data.parsing.readers import Reader

_ERRORS: Final = frozenset(CELL_ERRORS)
_EXACT: Final = 10**15
"""Excel keeps 15 digits of a number."""
_SHORT: Final = datetime.timedelta(days=60)
"""Moments so near to the day 0 of a workbook are times beyond a day."""
_LEAP: Final = datetime.timedelta(days=1)
_FIRST_YEAR: Final = 1900
"""Workbooks that count from 1900 count its 29 February, so their first 59 days lie a day nearer to day 0."""
_SAMPLE: Final = 200

TIME: Final = Reader("time", "a time of day", lambda text: text.str.to_time("%H:%M:%S%.f", strict=False))
DURATION: Final = Reader(
    "duration", "a duration", lambda text: text.cast(pl.Int64, strict=False).cast(pl.Duration("us"))
)


@dataclass(frozen=True)
class ColumnCells:
    """The cells of a column as text, and the reader that alone reads them; `is_text` where every cell is text."""

    texts: list[str | None]
    reader: Reader | None = None
    is_text: bool = False
    findings: tuple[Finding, ...] = field(default=())


def column_of(name: str, values: Sequence[Any], epoch: datetime.datetime, *, plain: bool, decimal: str) -> ColumnCells:
    """Return the cells of a column.

    Args:
        name: What the user calls it.
        values: Of the cells, as openpyxl gives them.
        epoch: The day 0 of the workbook.
        plain: Whether times and durations are wanted as text.
        decimal: The mark of decimals in the text.
    """
    kinds = {type(value) for value in values} - {type(None)}
    findings: list[Finding] = []
    if str in kinds:
        values, findings = _without_errors(name, values)
        kinds = {type(value) for value in values} - {type(None)}
    if kinds == {str}:
        return ColumnCells([_text(value) for value in values], None, True, (*findings, *_about_text(name, values)))
    if kinds and not plain and kinds <= {datetime.time, datetime.timedelta, datetime.datetime}:
        if kinds == {datetime.time}:
            return ColumnCells([_text(value) for value in values], TIME, findings=tuple(findings))
        spans = [_span(value, epoch) for value in values]
        if kinds != {datetime.datetime} and all(
            span is not None for span, value in zip(spans, values, strict=True) if value is not None
        ):
            texts = [None if span is None else str(span // datetime.timedelta(microseconds=1)) for span in spans]
            return ColumnCells(texts, DURATION, findings=tuple(findings))
    findings += _about_digits(name, values)
    timed = any(isinstance(value, datetime.datetime) and value.time() != datetime.time() for value in values)
    texts = [_text(value, timed=timed, decimal=decimal) for value in values]
    return ColumnCells(texts, findings=tuple(findings))


def _text(value: Any, *, timed: bool = False, decimal: str = ".") -> str | None:
    """Return the value of a cell as the text that a CSV file would hold."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ") if timed else value.date().isoformat()
    if isinstance(value, datetime.date) and timed:
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, datetime.timedelta):
        return _clock(value)
    if isinstance(value, float):
        text = str(int(value)) if value.is_integer() and abs(value) < 2**53 else str(value)
        return text.replace(".", decimal)
    return str(value)


def _clock(span: datetime.timedelta) -> str:
    """Return a duration as hours, minutes and seconds: 25:30:00."""
    seconds, fraction = divmod(abs(span) // datetime.timedelta(microseconds=1), 1_000_000)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    sign = "-" if span < datetime.timedelta() else ""
    return f"{sign}{text}.{fraction:06d}" if fraction else f"{sign}{text}"


def text_of_cell(value: Any) -> str:
    """Return a cell as a person would read it in a rejected row; empty where nothing is in it."""
    midnight = isinstance(value, datetime.datetime) and value.time() == datetime.time()
    return _text(value, timed=not midnight) or ""


def _span(value: Any, epoch: datetime.datetime) -> datetime.timedelta | None:
    """Return the duration that a cell shows: a time of day, or a moment near day 0 where the format has no days."""
    if isinstance(value, datetime.time):
        return datetime.datetime.combine(epoch, value) - epoch
    if isinstance(value, datetime.datetime):
        span = value - epoch - _LEAP * (epoch.year < _FIRST_YEAR)
        return span if span < _SHORT else None
    return value if isinstance(value, datetime.timedelta) else None


def _without_errors(name: str, values: Sequence[Any]) -> tuple[Sequence[Any], list[Finding]]:
    """Return cells without the errors among them, and how many there were."""
    errors = [value for value in values if isinstance(value, str) and value in _ERRORS]
    if not errors:
        return values, []
    sentence = f"{len(errors)} cells of column {name!r} hold an error such as {errors[0]!r}: they are missing."
    told = {"count": len(errors), "example": errors[0]}
    rest = [None if isinstance(value, str) and value in _ERRORS else value for value in values]
    return rest, [Finding(kind="cell_errors", column=name, sentence=sentence, values=told)]


def _about_text(name: str, cells: Sequence[Any]) -> list[Finding]:
    """Say that the cells of a column are text, though they read as numbers or dates."""
    present = [value.strip() for value in cells if value and value.strip()]
    sample = present[:: max(1, len(present) // _SAMPLE)]
    codes = any(value[0] == "0" and value[1:2].isdecimal() for value in sample)
    example = sample[0][:60] if sample else ""
    if sample and not codes and (marks := marks_of(sample)):
        sentence = f"Column {name!r} is text, as its cells are, though they read as numbers ({example!r})."
        values = {"example": example, "like": example_of(marks)}
        return [Finding(kind="text_numbers", column=name, sentence=sentence, values=values)]
    if sample and sum(kind_of(value) in DATED for value in sample) > len(sample) / 2:
        sentence = f"Column {name!r} is text, as its cells are, though they read as dates ({example!r})."
        return [Finding(kind="text_dates", column=name, sentence=sentence, values={"example": example})]
    return []


def _about_digits(name: str, values: Sequence[Any]) -> list[Finding]:
    """Say that numbers have more digits than a spreadsheet keeps."""
    long = [
        value for value in values if isinstance(value, (int, float)) and abs(value) >= _EXACT and value == value // 1
    ]
    if not long:
        return []
    sentence = f"Column {name!r} has numbers of more than 15 digits ({long[0]:.0f}), which Excel rounds."
    return [Finding(kind="sheet_digits", column=name, sentence=sentence, values={"example": f"{long[0]:.0f}"})]
