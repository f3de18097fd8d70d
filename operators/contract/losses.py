"""What an operator loses: values that were there and are not, counted while the rows pass.

An operator declares its losses as expressions over the rows as they go out, beside which stand columns as they came
(`before`) and marks of the tables that rows came from (`came_from`). Whoever computes the rows counts them in the same
pass (`engine.tally`); nothing is computed twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import narwhals as nw

Severity = Literal["note", "warning", "alarm"]
MUCH: Final = 0.05
"""Share of the values from which a loss is more than a note."""
FORMS: Final[Mapping[str, str]] = {
    "unreadable_number": "{lost} of {of} values of {column} could not be read as a number and are missing now.",
    "unreadable_whole": "{lost} of {of} values of {column} could not be read as a whole number and are missing now.",
    "unreadable_boolean": "{lost} of {of} values of {column} could not be read as true or false and are missing now.",
    "unreadable_date": "{lost} of {of} values of {column} could not be read as a date and are missing now.",
    "unreadable_datetime": "{lost} of {of} values of {column} could not be read as a moment and are missing now.",
    "fraction": "{lost} of {of} values of {column} had a fraction and are whole numbers now.",
    "time_of_day": "{lost} of {of} values of {column} had a time of day, which was cut off.",
    "not_computed": "{lost} of {of} values of {column} could not be computed and are missing, as where "
    "a number is divided by zero.",
    "other": "{lost} of {of} values of {column} have no category of their own.",
    "clipped": "{lost} of {of} values of {column} were moved to a bound.",
    "unmatched": "{lost} of {of} rows found no match, so the columns that they were to get are empty.",
    "filled": "{lost} of {of} rows have no value in {column}, as their table lacks it.",
    "no_rows": "No row is left of {of}.",
    "repeated": "{of} rows became {lost}: some keys match several rows.",
}
"""What is said of each kind; `lost` and `of` are numbers, `column` is a name."""
BY_DESIGN: Final = frozenset({"fraction", "time_of_day", "other", "clipped", "filled"})
"""Kinds that somebody asked for: no more than a note, unless nothing is left."""


@dataclass(frozen=True)
class Loss:
    """Values that may be lost on the way through an operator.

    Args:
        kind: A key of `FORMS`.
        column: The column that loses them; empty for whole rows.
        lost: True in each row that goes out in which a value was lost; may name `before(...)` and `came_from(...)`.
        of: True in each row that goes out in which there was a value to lose.
        needs: Columns as they came that `lost` and `of` name, by port.
        marks: Ports whose `came_from` they name.
        carrier: A column that goes out and is not there for nothing where the loss matters; it carries the count.
    """

    kind: str
    column: str
    lost: nw.Expr
    of: nw.Expr
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    carrier: str = ""


def before_name(port: str, column: str) -> str:
    """Return the name under which a column as it came stands beside the rows that go out."""
    return f"tandem before {port} {column}"


def mark_name(port: str) -> str:
    """Return the name of the mark of a port's rows."""
    return f"tandem from {port}"


def before(column: str, port: str = "table") -> nw.Expr:
    """Return a column of an input as it came, in a row that goes out."""
    return nw.col(before_name(port, column))


def came_from(port: str) -> nw.Expr:
    """Return whether a row that goes out has a part in the rows of a port."""
    return ~nw.col(mark_name(port)).is_null()


def told(kind: str, column: str, lost: int, of: int, step: int = 0) -> dict[str, Any]:
    """Return a finding as JSON.

    Args:
        kind: A key of `FORMS`.
        column: The column, or empty.
        lost: Values or rows that were lost; for `repeated` the rows that came out.
        of: Those that there were.
        step: Place of the operator among those computed together, from 0.

    Returns:
        `{"kind", "column", "lost", "of", "severity", "sentence", "step"}`.
    """
    sentence = FORMS[kind].format(lost=f"{lost:,}", of=f"{of:,}", column=repr(column))
    severity = _severity(kind, lost, of)
    return {
        "kind": kind,
        "column": column,
        "lost": lost,
        "of": of,
        "severity": severity,
        "sentence": sentence,
        "step": step,
    }


def _severity(kind: str, lost: int, of: int) -> Severity:
    if kind == "repeated":
        return "warning"
    everything = lost >= of
    if kind in BY_DESIGN:
        return "warning" if everything else "note"
    if everything:
        return "alarm"
    return "warning" if lost >= MUCH * of else "note"
