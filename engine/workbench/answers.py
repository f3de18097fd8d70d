"""The rows that a job found, kept as a file in its folder."""

from pathlib import Path
from typing import Final

import polars as pl

from engine.config import Workspace
from engine.errors import StoreError

ROWS: Final = "rows.parquet"
"""File of a job's folder that holds the rows it found, where it found any."""


def folder_of(workspace: Workspace, job: str) -> Path:
    """Return where the files of a job are; the folder may not exist."""
    return workspace.jobs / Path(job).name


def rows_of(workspace: Workspace, job: str) -> pl.LazyFrame:
    """Return the rows that a job found, lazily.

    Raises:
        StoreError: It found none, or they were removed: they are kept for a day.
    """
    path = folder_of(workspace, job) / ROWS
    if not path.is_file():
        raise StoreError("The rows of this answer are no longer kept.", hint="Ask again.")
    return pl.scan_parquet(path, glob=False)
