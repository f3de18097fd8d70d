"""Divide a table by a mask over its rows, on any engine: no row is lost, none comes twice."""

from collections.abc import Callable

import narwhals as nw
import polars as pl

from operators.contract.tables import LazyTable, names_of
from operators.row_numbers import attached, unused_name
from operators.sample.draws import Mask

Draw = Callable[[pl.DataFrame], Mask]


def divide(table: LazyTable, columns: list[str], draw: Draw) -> tuple[LazyTable, LazyTable]:
    """Return the rows for which the mask is false, and those for which it is true, in order.

    Args:
        table: Any number of rows; `attached` says what is computed of them.
        columns: The columns that `draw` looks at.
        draw: Takes `columns` of all rows as a Polars frame with one more column, the row number from 0 and
            returns a mask of shape (n,).
    """
    name = unused_name(names_of(table), "drawn")
    marked = attached(table, columns, lambda rows: pl.DataFrame({name: pl.Series(draw(rows), dtype=pl.Boolean)}))
    return marked.filter(~nw.col(name)).drop(name), marked.filter(nw.col(name)).drop(name)
