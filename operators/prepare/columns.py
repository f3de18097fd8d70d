"""Which columns a fitted operator works on, and the figures it learns of them in one query."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import narwhals as nw

from operators.errors import ColumnTypeError
from operators.tables import Column, LazyTable, require_columns, schema_of

FLOATS = frozenset({"float32", "float64"})


def chosen(table: LazyTable, columns: Sequence[str], types: Collection[str], purpose: str) -> list[Column]:
    """Return the columns to work on: those named, or every one of a fitting type where none is named.

    A named column whose type is unknown (all null, or nested) is passed over.

    Args:
        table: Only its schema is looked at.
        columns: Names; empty for all that fit.
        types: Names of the types that fit.
        purpose: What needs them, for the error: `the mean`.

    Raises:
        MissingColumnError: A named column is not in `table`.
        ColumnTypeError: A named column has another type.
    """
    if not columns:
        return [column for column in schema_of(table) if column.type in types]
    found = [column for column in require_columns(table, columns).values() if column.type != "unknown"]
    for column in found:
        if column.type not in types:
            raise ColumnTypeError(
                f"Column {column.name!r} is {column.type}, and {purpose} needs {_kinds(types)}.",
                hint="Choose another column or method, or cast the column first.",
                field="columns",
            )
    return found


def _kinds(types: Collection[str]) -> str:
    words = [("a number", "float64"), ("text", "string"), ("true or false", "boolean")]
    return " or ".join(word for word, kind in words if kind in types)


def finite(column: Column) -> nw.Expr:
    """Return the column with nulls for NaN and infinities, which teach nothing."""
    value = nw.col(column.name)
    return nw.when(value.is_finite()).then(value) if column.type in FLOATS else value


def figures(table: LazyTable, wanted: Mapping[str, nw.Expr]) -> dict[str, Any]:
    """Compute aggregates of `table` in one query and return them by name.

    Args:
        table: Any number of rows.
        wanted: Expressions that give one value each.
    """
    if not wanted:
        return {}
    names = {f"figure_{position}": name for position, name in enumerate(wanted)}
    query = table.select(*(wanted[name].alias(alias) for alias, name in names.items()))
    row = query.collect(backend="polars").to_native().row(0, named=True)
    return {name: row[alias] for alias, name in names.items()}
