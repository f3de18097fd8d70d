"""Tables as files for others: text that a spreadsheet would run as a formula is told to be text."""

import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from engine.errors import DataError

FORMATS: Final = ("csv", "parquet", "xlsx")
Format = Literal["csv", "parquet", "xlsx"]
MOST_ROWS: Final = 1_048_575
MOST_COLUMNS: Final = 16_384
MOST_CELLS: Final = 5_000_000
LONGEST_CELL: Final = 32_767
"""Limits of a sheet: Excel's, but for the cells, which keep the writing of one under about a minute."""
_FORMULA: Final = r"^[=+\-@\t\r]"
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def export(table: pl.LazyFrame, path: Path, kind: str, *, formulas: bool = False) -> None:
    """Write a table to a file: `csv` (UTF-8 with a mark), `parquet` or `xlsx`.

    Args:
        table: With types that a dataset has.
        path: The file; an existing one is overwritten.
        kind: One of `FORMATS`.
        formulas: Leave text as it is; otherwise text and names that begin like a formula get a `'` before them in
            `csv` and `xlsx`. Numbers are never touched.

    Raises:
        DataError: There is no such kind, or a sheet cannot hold the table.
    """
    if kind not in FORMATS:
        raise DataError(f"A table cannot be written as {kind!r}.", hint=f"It may be one of {', '.join(FORMATS)}.")
    if kind == "parquet":
        table.sink_parquet(path, compression="zstd")
        return
    plain = flat(_with_exact_durations(table) if kind == "csv" else table)
    safe = plain if formulas else without_formulas(plain)
    if kind == "csv":
        safe.sink_csv(path, include_bom=True)
    else:
        _write_sheet(safe, path)


def flat(table: pl.LazyFrame) -> pl.LazyFrame:
    """Return a table whose columns all fit a cell: bytes as base64, durations in seconds, lists with spaces between."""
    return table.with_columns(_text_of(name, dtype) for name, dtype in table.collect_schema().items())


def _with_exact_durations(table: pl.LazyFrame) -> pl.LazyFrame:
    """Return a table with durations as seconds in text: centuries have more microseconds than a float has digits."""
    durations = [name for name, dtype in table.collect_schema().items() if isinstance(dtype, pl.Duration)]
    return table.with_columns(_exact_seconds(pl.col(name)).alias(name) for name in durations)


def _exact_seconds(span: pl.Expr) -> pl.Expr:
    total = span.dt.total_microseconds()
    size = total.abs()
    fraction = (size % 1_000_000).cast(pl.String).str.zfill(6).str.strip_chars_end("0")
    sign = pl.when(total < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    zero = pl.when(fraction == "").then(pl.lit("0")).otherwise(fraction)
    return pl.concat_str(sign, (size // 1_000_000).cast(pl.String), pl.lit("."), zero)


def without_formulas(table: pl.LazyFrame) -> pl.LazyFrame:
    """Return a table in which text and names that a spreadsheet would run begin with `'`; text of numbers stays."""
    schema = table.collect_schema()
    names = safe_names(schema.names())
    return table.with_columns(_safe(name) for name, dtype in schema.items() if dtype == pl.String).rename(
        {old: new for old, new in names.items() if old != new}
    )


def safe_names(names: Sequence[str]) -> Mapping[str, str]:
    """Return names by name, those that begin like a formula with a `'` before them; all stay different."""
    taken, found = set(names), {}
    for name in names:
        new = f"'{name}" if re.match(_FORMULA, name) else name
        while new != name and new in taken:
            new = f"'{new}"
        taken.add(new)
        found[name] = new
    return found


def _safe(name: str) -> pl.Expr:
    column = pl.col(name)
    risky = column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER)
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), column)).otherwise(column).alias(name)


def _text_of(name: str, dtype: Any) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Binary):
        return column.bin.encode("base64")
    if isinstance(dtype, pl.Duration):
        return column.dt.total_microseconds().cast(pl.Float64) / 1e6
    if isinstance(dtype, pl.List):
        return column.cast(pl.List(pl.String)).list.join(" ")
    return column


def _write_sheet(table: pl.LazyFrame, path: Path) -> None:
    from openpyxl import Workbook

    names = table.collect_schema().names()
    rows = int(table.select(pl.len()).collect().item())
    if rows > MOST_ROWS or len(names) > MOST_COLUMNS or rows * len(names) > MOST_CELLS:
        raise DataError(
            f"A table of {rows} rows and {len(names)} columns does not fit into a sheet.",
            hint=f"A sheet takes {MOST_ROWS} rows, {MOST_COLUMNS} columns and here {MOST_CELLS} cells: take CSV.",
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append([_cell(name) for name in names])
    for row in itertools.chain.from_iterable(part.iter_rows() for part in _parts(table, rows)):
        sheet.append([_cell(value) for value in row])
    book.save(path)


def _parts(table: pl.LazyFrame, rows: int) -> Any:
    size = 100_000
    return (table.slice(start, size).collect() for start in range(0, rows, size))


def _cell(value: Any) -> Any:
    """Return a value as openpyxl takes it: text without what XML forbids, as long as a cell may be, and no NaN."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("�", value)[:LONGEST_CELL]
    if isinstance(value, float) and value != value:  # noqa: PLR0124 (NaN)
        return None
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    return value
