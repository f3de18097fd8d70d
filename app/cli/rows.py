"""Rows of a file, and asking a service about them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from engine import Workbench

Rows = list[dict[str, Any]]
TABLES = {".csv", ".tsv", ".parquet"}
TEXTS = {".json", ".jsonl", ".ndjson"}


def ask(bench: "Workbench", service: str, path: Path) -> dict[str, Any]:
    """Return a service's answer to the rows of a file.

    Raises:
        UsageError: The file is of a kind that holds no rows, or cannot be read.
    """
    if path.suffix.lower() in TEXTS:
        return dict(bench.services.predict(service, read_rows(path)))
    return dict(bench.services.predict_table(service, read_table(path)))


def read_table(path: Path) -> "pl.DataFrame":
    """Return the rows of a CSV, TSV or Parquet file as a table.

    Raises:
        UsageError: Another kind of file, or one that cannot be read.
    """
    import polars as pl

    kind = path.suffix.lower()
    if kind not in TABLES:
        known = ", ".join(sorted(TABLES | TEXTS))
        raise UsageError(f"Rows cannot be read from {path.name}.", hint=f"Give a file ending in one of {known}.")
    try:
        if kind == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, separator="\t" if kind == ".tsv" else ",", infer_schema_length=None)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def read_rows(path: Path) -> Rows:
    """Return the rows of a JSON file (a list of objects, or `{"rows": [...]}`) or of a JSON-lines file.

    Raises:
        UsageError: It cannot be read, or holds no rows.
    """
    try:
        text = path.read_text("utf-8")
        lines = path.suffix.lower() != ".json"
        document = [json.loads(line) for line in text.splitlines() if line.strip()] if lines else json.loads(text)
    except ValueError as error:
        raise _unreadable(path, error) from error
    rows = document.get("rows", [document]) if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path.name} holds no rows.", hint='Write a list of objects: [{"age": 41}, ...].')
    return rows


def _unreadable(path: Path, error: Exception) -> UsageError:
    first_line = (str(error).splitlines() or ["it is damaged"])[0]
    return UsageError(f"{path.name} cannot be read: {first_line}.", hint="Check the file.")
