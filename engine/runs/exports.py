"""Files that a run writes for people: in one folder, complete or not at all."""

import os
import secrets
from pathlib import Path
from typing import Any

import polars as pl

from engine.data.exporting import export
from engine.data.frames import sink
from operators.contract.context import ExportFormat
from operators.contract.tables import LazyTable


def export_to(
    folder: Path, table: LazyTable, name: str, kind: ExportFormat, scratch: Path, *, formulas: bool = False
) -> int:
    """Write a table to `folder/name.kind`, in place of an earlier file, and return its rows.

    The rows are computed once, into a file under `scratch`; the export is written beside its place, flushed to disk
    and renamed.

    Args:
        folder: The workspace's exports.
        table: On any engine.
        name: A plain name: no folder, no dots that lead out of one.
        kind: Ending and format of the file.
        scratch: A folder for the computed rows; its name begins that of the file that is not whole yet.
        formulas: Leave text as it is that a spreadsheet would run.

    Raises:
        DataError: The format cannot hold the table, or the disk is full.
    """
    computed = scratch / f"{secrets.token_hex(8)}.parquet"
    fresh = folder / f".{scratch.name}-{secrets.token_hex(8)}.partial"
    try:
        rows = sink(table, computed)
        export(pl.scan_parquet(computed, glob=False), fresh, kind, formulas=formulas)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(folder / f"{name}.{kind}")
    finally:
        computed.unlink(missing_ok=True)
        fresh.unlink(missing_ok=True)
    return rows


def exports_in(folder: Path) -> list[dict[str, Any]]:
    """Return the files of a folder, newest first: `{"name", "bytes", "written"}`, `written` in seconds since 1970."""
    if not folder.is_dir():
        return []
    files = [(path, path.stat()) for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    found = [{"name": path.name, "bytes": facts.st_size, "written": facts.st_mtime} for path, facts in files]
    return sorted(found, key=lambda one: (-one["written"], one["name"]))
