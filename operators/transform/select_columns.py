"""Keep or drop columns by name."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import narwhals as nw
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ParameterError
from operators.contract.fields import hint
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, names_of, require_columns


class SelectColumns(TableOperator):
    """Keep the named columns, in the order named, or drop them.

    Rows stay as they are, in order; nulls are not looked at.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Select columns", "zh": "选择列"},
        category="transform",
        engines=ALL_ENGINES,
        online="row",
        about={"zh": "按给定顺序只保留指定的列，或删除它们。\n\n行及其顺序不变，不检查空值。"},
    )

    columns: tuple[str, ...] = Field(
        min_length=1, description="Columns to keep or drop", json_schema_extra=hint("要保留或删除的列", "columns")
    )
    mode: Literal["keep", "drop"] = Field(
        "keep",
        description="Keep only these columns, in this order, or drop them",
        json_schema_extra=hint("只保留这些列（按此顺序），或删除它们"),
    )

    def transform(self, table: LazyTable) -> LazyTable:
        """Return `table` with fewer columns.

        Raises:
            MissingColumnError: One of `columns` is not in `table`.
            ParameterError: No column would be left.
        """
        require_columns(table, self.columns)
        if self.mode == "keep":
            kept = list(dict.fromkeys(self.columns))
        else:
            dropped = set(self.columns)
            kept = [name for name in names_of(table) if name not in dropped]
        if not kept:
            raise ParameterError("No column would be left.", hint="Drop fewer columns.", field="columns")
        return table.select(*(nw.col(name) for name in kept))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one case that keeps and one that drops."""
        people = frame(name=["Ann", "Bo"], age=[30, 40], city=["Oslo", None])
        return [
            Example(cls(columns=("age", "name")), {"table": people}),
            Example(cls(columns=("age",), mode="drop"), {"table": people}),
        ]
