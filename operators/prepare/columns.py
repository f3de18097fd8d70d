"""Which columns a fitted operator works on, and the figures it learns of them in one query."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

import narwhals as nw
import polars as pl

from operators.contract.errors import ColumnTypeError
from operators.contract.fitted import FittedOperator
from operators.contract.tables import Column, LazyTable, Schema, empty_table, require_columns, schema_of

Key = TypeVar("Key")

_AT_ONCE = 32  # figures that are computed together where they need whole columns
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


def figures(table: LazyTable, wanted: Mapping[Key, nw.Expr], *, quantiles: bool = False) -> dict[Key, Any]:
    """Compute aggregates of `table` and return them by name.

    Args:
        table: Any number of rows.
        wanted: Expressions that give one value each.
        quantiles: They need all values of a column at once, so Polars gets a few columns at a time, in memory:
            its streaming engine takes minutes over thousands of quantiles.
    """
    names = list(wanted)
    step = _AT_ONCE if quantiles and table.implementation.is_polars() else max(len(names), 1)
    found: dict[Key, Any] = {}
    for start in range(0, len(names), step):
        part = names[start : start + step]
        query = table.select(*(wanted[name].alias(f"figure_{number}") for number, name in enumerate(part)))
        found |= dict(zip(part, _row(query, in_memory=quantiles), strict=True))
    return found


def _row(query: LazyTable, *, in_memory: bool) -> tuple[Any, ...]:
    native = query.to_native()
    if in_memory and isinstance(native, pl.LazyFrame):
        return native.collect(engine="in-memory").row(0)
    row: tuple[Any, ...] = query.collect(backend="polars").to_native().row(0)
    return row


def schema_after(
    operator: FittedOperator, inputs: Mapping[str, Schema | None], neutral: Callable[[LazyTable], Mapping[str, Any]]
) -> Mapping[str, Schema | None]:
    """Return what `infer` answers, from what would be learnt of no rows, without asking any.

    Args:
        operator: Whose columns are asked for.
        inputs: The schema of its port `train`.
        neutral: Returns values for `apply` that give the types which learnt values give.
    """
    schema = inputs.get("train")
    if schema is None:
        return {"table": None, "state": None}
    table = empty_table(schema)
    return {"table": schema_of(operator.apply(neutral(table), table)), "state": None}
