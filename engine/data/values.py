"""Values of cells as JSON: what a table looks like to a screen, a script or the command line."""

import base64
import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl

from operators.contract.tables import LazyTable, collected


def cell(value: Any) -> Any:  # noqa: C901 (one line per family of values)
    """Return `value` as JSON: dates as ISO text, NaN as None, infinities and bytes as text.

    Whole numbers stay exact; decimals become floats where that loses nothing, else text.
    """
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return f"{_seconds(value)} s"
    if isinstance(value, Decimal):
        return float(value) if Decimal(float(value)) == value else str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"base64:{base64.b64encode(bytes(value)[:300]).decode()}"
    if isinstance(value, Mapping):
        return {str(key): cell(item) for key, item in value.items()}
    if isinstance(value, (Iterable, pl.Series)):
        return [cell(item) for item in value]
    return str(value)


def _seconds(span: datetime.timedelta) -> str:
    """Return a duration in seconds, to the microsecond however long it is."""
    whole, fraction = divmod(abs(span) // datetime.timedelta(microseconds=1), 1_000_000)
    sign = "-" if span < datetime.timedelta() else ""
    return f"{sign}{whole}.{f'{fraction:06d}'.rstrip('0') or '0'}"


def rows_of_cells(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return rows with every value as JSON."""
    return [[cell(value) for value in row] for row in rows]


def page(table: LazyTable | pl.DataFrame | pl.LazyFrame, *, rows: int = 50, total: int | None = None) -> dict[str, Any]:
    """Return the first rows of a table: `{"columns": [name], "rows": [[cell]], "total_rows"}`.

    Args:
        table: On any engine; only the rows that are shown are computed, where the engine allows it.
        rows: How many at most.
        total: How many rows the whole table has, if that is known; counted otherwise.
    """
    lazy: LazyTable = table if isinstance(table, nw.LazyFrame) else nw.from_native(table.lazy())
    if total is None:
        total = int(collected(lazy.select(nw.len().alias("rows"))).item())
    head = collected(lazy.head(rows))
    return {"columns": head.columns, "rows": rows_of_cells(head.rows()), "total_rows": total}
