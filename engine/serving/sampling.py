"""A seeded sample of the rows of a lazy table."""

import random

import polars as pl

from operators.row_numbers import unused_name

_PLACE = "tandem place"


def sample(table: pl.LazyFrame, rows: int, seed: int = 0) -> pl.DataFrame:
    """Return `rows` of the rows of `table`, or all where it has fewer, in their order.

    Args:
        table: Any number of rows; only those chosen are kept in memory.
        rows: At least 1.
        seed: The same seed chooses the same rows of the same table.
    """
    count = int(table.select(pl.len()).collect().item())
    if count <= rows:
        return table.collect()
    places = sorted(random.Random(seed).sample(range(count), rows))  # noqa: S311 # no secret
    place = unused_name(table.collect_schema().names(), _PLACE)
    chosen = table.with_row_index(place).filter(pl.col(place).is_in(places))
    return chosen.collect(engine="streaming").sort(place).drop(place)
