"""Rows of a file, as a service is asked about them."""

import json
from pathlib import Path
from typing import Any

from app.cli.errors import UsageError

Rows = list[dict[str, Any]]


def read_rows(path: Path) -> Rows:
    """Return the rows of a CSV, TSV, Parquet, JSON or JSON-lines file; dates as ISO text.

    Raises:
        UsageError: Another kind of file, or one that cannot be read.
    """
    readers = {
        ".csv": _read_csv, ".tsv": _read_csv, ".parquet": _read_parquet, ".json": _read_json,
        ".jsonl": _read_json_lines, ".ndjson": _read_json_lines,
    }  # fmt: skip
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"Rows cannot be read from {path.name}.", hint=f"Give a file ending in one of {sorted(readers)}."
        )
    return reader(path)


def _read_csv(path: Path) -> Rows:
    import polars as pl

    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        table = pl.read_csv(path, separator=separator, infer_schema_length=None)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    return table.to_dicts()


def _read_parquet(path: Path) -> Rows:
    import polars as pl
    import polars.selectors as cs

    try:
        table = pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise _unreadable(path, error) from error
    return table.with_columns(cs.temporal().cast(pl.String)).to_dicts()


def _read_json(path: Path) -> Rows:
    try:
        document = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise _unreadable(path, error) from error
    rows = document.get("rows") if isinstance(document, dict) and "rows" in document else document
    return _records(path, [rows] if isinstance(rows, dict) else rows)


def _read_json_lines(path: Path) -> Rows:
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except ValueError as error:
        raise _unreadable(path, error) from error
    return _records(path, rows)


def _records(path: Path, rows: Any) -> Rows:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path.name} holds no rows.", hint='Write a list of objects: [{"age": 41}, ...].')
    return rows


def _unreadable(path: Path, error: Exception) -> UsageError:
    first_line = (str(error).splitlines() or ["it is damaged"])[0]
    return UsageError(f"{path.name} cannot be read: {first_line}.", hint="Check the file.")
