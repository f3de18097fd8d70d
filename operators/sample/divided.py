"""Divide a table by a mask over its rows, on any engine: no row is lost, none comes twice."""

from collections.abc import Callable
from typing import cast

import narwhals as nw
import polars as pl

from operators.row_numbers import numbered, unused_name
from operators.sample.draws import Mask
from operators.tables import LazyTable, lazy, names_of

Draw = Callable[[pl.DataFrame], Mask]


def divide(table: LazyTable, columns: list[str], draw: Draw) -> tuple[LazyTable, LazyTable]:
    """Return the rows for which the mask is false, and those for which it is true.

    Polars rows are computed once and kept in memory. DuckDB numbers the rows of `table`, which should be a stored
    one; only the number and `columns` come here. Spark's rows have no order, so they are first put in that of
    their contents.

    Args:
        table: Any number of rows.
        columns: The columns that `draw` looks at.
        draw: Takes `columns` of all rows as a Polars frame with one more column, the row number from 0 and
            returns a mask of shape (n,).
    """
    native = table.to_native()
    if isinstance(native, pl.LazyFrame):
        rows = native.collect()
        test_rows = pl.Series(draw(rows.select(*columns, pl.int_range(pl.len()).alias(unused_name(rows.columns)))))
        return lazy(rows.filter(~test_rows)), lazy(rows.filter(test_rows))
    name = unused_name(names_of(table))
    rows_by_number = numbered(table, name)
    seen = rows_by_number.select(*columns, name).collect(backend="polars").to_native().sort(name)
    mask = draw(seen)
    marks = pl.DataFrame({name: seen[name].cast(pl.Int64), f"{name}_test": mask})
    marked = rows_by_number.join(_like(rows_by_number, marks), on=name, how="left").sort(name)
    test = nw.col(f"{name}_test")
    return tuple(  # type: ignore[return-value]
        marked.filter(side).drop(name, f"{name}_test") for side in (~test, test)
    )


def _like(table: LazyTable, marks: pl.DataFrame) -> LazyTable:
    """Return `marks` as a table of the engine behind `table`."""
    if table.implementation.is_duckdb():
        import duckdb

        return nw.from_native(duckdb.connect(":default:").from_arrow(marks.to_arrow()))
    spark = table.to_native().sparkSession
    return cast("LazyTable", nw.from_native(spark.createDataFrame(marks.to_arrow())))
