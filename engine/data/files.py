"""Read a user's file as a table without keeping it: the same parser, in its child process."""

import tempfile
from pathlib import Path
from typing import Any

from engine.data.datasets import read_options
from engine.data.frames import scan
from engine.data.parsing.parse import parse
from operators.contract.tables import LazyTable


def read_table(file: Path, scratch: Path, engine: str = "polars", **options: Any) -> LazyTable:
    """Return the rows of a CSV, TSV, Parquet, Arrow, JSON lines or XLSX file as a table of `engine`.

    Args:
        file: The user's file.
        scratch: A folder that outlives the table; its Parquet file is written there.
        engine: One of `polars`, `duckdb`, `spark`.
        options: Fields of `ReadOptions`.

    Raises:
        UnreadableFileError: It is no table we read.
        ConfigError: An option is unknown or cannot be.
    """
    folder = Path(tempfile.mkdtemp(prefix="read-", dir=scratch))
    parse(file, read_options(**options), folder, profile=False)
    return scan(folder / "table.parquet", engine)
