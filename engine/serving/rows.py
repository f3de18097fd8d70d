"""Rows of a request as a typed table: everything a caller may get wrong is named by row and field."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from engine.serving.errors import RequestError
from engine.serving.values import WrongValueError, locate, series, shown

MAX_ROWS = 10_000
"""Rows that one request may ask about."""
UNPROCESSABLE = 422


def table_of(
    rows: Sequence[Any],
    schema: Mapping[str, pl.DataType],
    known: Collection[str] = (),
    optional: Collection[str] = frozenset(),
) -> pl.DataFrame:
    """Return JSON rows as a table with exactly the columns of `schema`.

    Args:
        rows: JSON objects, at least one and at most `MAX_ROWS`.
        schema: The columns a row must have; null is a value.
        known: Names a row may have beside them; their values are ignored.
        optional: Columns that a row may lack; it then has null there.

    Raises:
        RequestError: Status 413 for too many rows, else 422, with the first row and field at fault.
    """
    _require_size(rows)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise RequestError(
                f"Row {number} is {shown(row)}, not an object.",
                hint="Give each row as an object of column names and values.",
                status=UNPROCESSABLE,
                row=number,
            )
        if row.keys() != schema.keys():
            _require_names(row, number, schema, known, optional)
    columns = {name: _column(name, rows, dtype) for name, dtype in schema.items()}
    return pl.DataFrame(columns) if columns else pl.DataFrame(height=len(rows))


def _require_size(rows: Sequence[Any]) -> None:
    if not rows:
        raise RequestError("There are no rows to answer.", hint="Send at least one row.", status=UNPROCESSABLE)
    if len(rows) > MAX_ROWS:
        raise RequestError(
            f"{len(rows)} rows are more than the {MAX_ROWS} a request may have.",
            hint="Send them in several requests, or score them as a batch.",
            status=413,
        )


def _require_names(
    row: Mapping[str, Any],
    number: int,
    schema: Mapping[str, pl.DataType],
    known: Collection[str],
    optional: Collection[str],
) -> None:
    unknown = [name for name in row if name not in schema and name not in known]
    missing = [name for name in schema if name not in row and name not in optional]
    if unknown:
        near = difflib.get_close_matches(unknown[0], missing or list(schema), n=1)
        expected = f"The columns are {', '.join(map(repr, list(schema)[:20]))}."
        raise RequestError(
            f"Row {number} has an unknown column {shown(unknown[0])}.",
            hint=f"Did you mean {near[0]!r}?" if near else expected,
            status=UNPROCESSABLE,
            field=unknown[0][:200],
            row=number,
        )
    if missing:
        raise RequestError(
            f"Row {number} has no column {missing[0]!r}.",
            hint="Give it; null stands for a missing value. Only columns with gaps in training may be left out.",
            status=UNPROCESSABLE,
            field=missing[0],
            row=number,
        )


def _column(name: str, rows: Sequence[Mapping[str, Any]], dtype: pl.DataType) -> pl.Series:
    values = [row.get(name) for row in rows]
    try:
        return series(name, values, dtype)
    except WrongValueError:
        number, complaint = locate(values, dtype)
        raise RequestError(
            f"Row {number}: {name!r} {complaint}, not {shown(values[number])}.",
            hint="Null stands for a missing value.",
            status=UNPROCESSABLE,
            field=name,
            row=number,
        ) from None
