"""Where the path of a registered model begins: rows are put into the columns and types of its source."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from operators.contract.errors import ColumnTypeError, MissingColumnError, ParameterError
from operators.contract.step import Step
from operators.contract.tables import NUMERIC, TYPES, Column, Schema, collected, lazy, schema_of

_ROW = "tandem row"


@dataclass(frozen=True)
class Origin:
    """The rows that a model's path begins with, as a service takes them.

    Args:
        columns: Of the source, in order.
        required: Those that must be there; the others are null where they are not.
    """

    columns: Schema
    required: tuple[str, ...]

    def rows(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return `table` with the columns of the source alone, in their order and of their types.

        Raises:
            MissingColumnError: A required one is not there.
            ColumnTypeError: One holds values that its type does not have.
        """
        types = {column.name: column.type for column in schema_of(lazy(table))}
        for name in self.required:
            if name not in types:
                raise MissingColumnError.among(name, types)
        known = [
            pl.lit(None, TYPES.get(column.type)).alias(column.name)
            if column.name not in types
            else _as(table.get_column(column.name), types[column.name], column)
            for column in self.columns
        ]
        return table.select(known) if known else table.select([])

    def after(self, table: pl.DataFrame, steps: Sequence[Step]) -> pl.DataFrame:
        """Return the rows of `table` after `steps`, in their order.

        Raises:
            ParameterError: A step with a table beside it does not keep rows one to one.
        """
        rows = lazy(self.rows(table))
        for step in steps:
            rows = lazy(_joined(step, collected(rows))) if step.beside else step.apply(rows)
        return collected(rows)


def fits(kind: str, wanted: str) -> bool:
    """Return whether values of the type `kind` may be rows of a source whose column has the type `wanted`."""
    return kind in {wanted, "unknown", ""} or wanted == "unknown" or {kind, wanted} <= NUMERIC


def _as(values: pl.Series, kind: str, column: Column) -> pl.Series:
    if kind == column.type or column.type not in TYPES:
        return values
    if values.null_count() == len(values):
        return pl.Series(column.name, [None] * len(values), dtype=TYPES[column.type])
    if {kind, column.type} <= NUMERIC:
        cast = values.cast(TYPES[column.type], strict=False)
        if cast.cast(values.dtype, strict=False).eq_missing(values).all():
            return cast
    raise ColumnTypeError(
        f"Column {column.name!r} holds {values.drop_nulls().head(1).to_list()[0]!r:.60}, "
        f"which cannot be read as {column.type}.",
        hint=f"The model was trained on values of type {column.type}: cast the column to it.",
    )


def _joined(step: Step, rows: pl.DataFrame) -> pl.DataFrame:
    """Apply a step that has tables beside it, and put the rows back in order: a join need not keep it."""
    taken = {*rows.columns, *(name for table in step.beside.values() for name in table.collect_schema().names())}
    number = _ROW
    while number in taken:
        number += "_"
    after = collected(step.apply(lazy(rows.with_row_index(number))))
    if number not in after.columns or after[number].n_unique() != len(rows) or len(after) != len(rows):
        raise ParameterError(
            f"Node {step.node!r} ({step.operator.card.name}) does not give one row for each row it takes.",
            hint="Make the keys of the other table unique, and use a left join.",
        )
    return after.sort(number).drop(number)
