"""Keep one of several equal rows."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import polars as pl
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.fields import hint
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, lazy, names_of, require_columns
from operators.row_numbers import numbered, unused_name


class DropDuplicates(TableOperator):
    """Keep the first or last of the rows that are equal in `columns`; null equals null.

    The rows kept stay in order. On Spark, whose rows have no order, first and last are meant in the order
    of the rows' contents. At a service there is nothing to drop.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Drop duplicates", "zh": "去除重复行"},
        category="transform",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "在 `columns` 取值相同的行中只保留第一行或最后一行；空值与空值视为相同。\n\n保留下来的行顺序不变。"
                "Spark 中的行没有顺序，“第一”和“最后”按行内容的顺序判断。在线服务时不删除任何行。"
            )
        },
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Columns in which rows must be equal; all when empty",
        json_schema_extra=hint("用于判断重复的列；留空表示所有列", "columns"),
    )
    keep: Literal["first", "last"] = Field(
        "first", description="Which of equal rows is kept", json_schema_extra=hint("保留重复行中的哪一行")
    )

    def transform(self, table: LazyTable) -> LazyTable:
        """Return the rows of `table` that are kept.

        Raises:
            MissingColumnError: One of `columns` is not in `table`.
        """
        require_columns(table, self.columns)
        native = table.to_native()
        if isinstance(native, pl.LazyFrame):
            return lazy(native.unique(self.columns or None, keep=self.keep, maintain_order=True))
        names = names_of(table)
        number = unused_name(names)
        kept = numbered(table, number).unique(list(self.columns) or names, keep=self.keep, order_by=[number])
        return kept.sort(number).drop(number)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return whole rows, and one column with the last kept."""
        visits = frame(name=["Ann", "Ann", "Bo", None, None], day=[1, 1, 2, 3, 4])
        return [
            Example(cls(), {"table": visits}),
            Example(cls(columns=("name",), keep="last"), {"table": visits}),
        ]
