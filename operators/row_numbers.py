"""Number the rows of a table where the engine has no order that everybody sees: DuckDB and Spark."""

from typing import cast

import narwhals as nw

from operators.tables import LazyTable, names_of


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
