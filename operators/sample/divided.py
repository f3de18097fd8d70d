"""Divide a table by a mask over its rows, on any engine: no row is lost, none comes twice."""

from collections.abc import Callable

import narwhals as nw
import polars as pl

from operators.base import Engine
from operators.conversion import as_engine
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
    engine: Engine = "duckdb" if table.implementation.is_duckdb() else "spark"
    marked = rows_by_number.join(as_engine(marks, engine), on=name, how="left").sort(name)
    test = nw.col(f"{name}_test")
    return tuple(  # type: ignore[return-value]
        marked.filter(side).drop(name, f"{name}_test") for side in (~test, test)
    )
