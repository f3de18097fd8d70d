"""A sample of a stored table's rows: the same rows each time, spread over all of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from operators.row_numbers import unused_name

SEED: Final = 7


def spread_sample(path: Path, columns: Sequence[str], rows: int, size: int) -> pl.DataFrame:
    """Return at most `size` of the rows of a Parquet file, in order, and only some of its columns.

    Rows are drawn by chance, so that no rhythm of the table shows in the sample; of several
    columns the same rows are drawn.

    Args:
        path: The file.
        columns: Names of columns that it has.
        rows: How many it has.
        size: How many are wanted.
    """
    table = pl.scan_parquet(path, glob=False).select(columns)
    if rows <= size:
        return table.collect()
    number = unused_name(list(columns))
    wanted = pl.LazyFrame({number: positions(rows, size)})
    return table.with_row_index(number).join(wanted, on=number, how="semi").drop(number).collect()


def positions(rows: int, size: int) -> pl.Series:
    """Return at most `size` positions below `rows`, ascending, the same ones each time."""
    every = pl.int_range(rows, dtype=pl.get_index_type(), eager=True)
    return every if rows <= size else every.sample(size, seed=SEED).sort()
