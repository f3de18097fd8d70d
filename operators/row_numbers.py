"""Number the rows of a table where the engine has no order that everybody sees, and add columns row by row."""

from collections.abc import Callable, Sequence
from typing import cast

import narwhals as nw
import polars as pl

from operators.contract.card import Engine
from operators.contract.conversion import as_engine
from operators.contract.tables import LazyTable, lazy, names_of

Compute = Callable[[pl.DataFrame], pl.DataFrame]


def unused_name(names: list[str], wanted: str = "row_number") -> str:
    """Return `wanted`, made longer until it is none of `names`, in any case."""
    taken = {name.casefold() for name in names}
    while wanted in taken:
        wanted += "_"
    return wanted


def numbered(table: LazyTable, name: str) -> LazyTable:
    """Return `table` with its row numbers from 0 as the int64 column `name`; nothing is computed.

    DuckDB numbers rows as they come. Spark's rows have no order, so there they are numbered in that of
    their contents.
    """
    if table.implementation.is_duckdb():
        relation = table.to_native().project(f'*, row_number() OVER () - 1 AS "{name}"')
        return cast("LazyTable", nw.from_native(relation))
    return table.with_row_index(name, order_by=names_of(table)).with_columns(nw.col(name).cast(nw.Int64()))


def attached(table: LazyTable, columns: Sequence[str], compute: Compute) -> LazyTable:
    """Return `table` with columns that are computed from `columns` of all rows at once, at the end and in its order.

    Polars rows are computed once and kept in memory. DuckDB numbers the rows of `table`, which should be a stored
    one; only the number and `columns` come here. Spark's rows have no order, so they are first put in that of
    their contents.

    Args:
        table: Any number of rows.
        columns: The columns that `compute` looks at.
        compute: Takes `columns` of all rows as a Polars frame with one more column, the row number from 0, and
            returns a frame of as many rows; a column that `table` has is replaced.
    """
    native = table.to_native()
    name = unused_name(names_of(table))
    if isinstance(native, pl.LazyFrame):
        rows = native.collect()
        found = compute(rows.select(*columns, pl.int_range(pl.len()).alias(name)))
        return lazy(rows.drop(found.columns, strict=False).hstack(found))
    rows_by_number = numbered(table, name)
    seen = rows_by_number.select(*columns, name).collect(backend="polars").to_native().sort(name)
    found = compute(seen)
    engine: Engine = "duckdb" if table.implementation.is_duckdb() else "spark"
    beside = as_engine(found.with_columns(seen[name].cast(pl.Int64)), engine)
    kept = rows_by_number.drop(found.columns, strict=False)
    return kept.join(beside, on=name, how="left").sort(name).drop(name)
