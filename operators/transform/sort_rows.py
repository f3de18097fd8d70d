"""Put rows in order."""

from collections.abc import Collection, Sequence
from typing import ClassVar

import polars as pl
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.fields import hint
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, Schema, lazy, require_columns


class SortRows(TableOperator):
    """Sort the rows by one column or several; nulls come last either way.

    On Polars rows that are equal in all of `by` keep their order; on DuckDB and Spark they come in any. Values
    stay as they are. At a service there is nothing to sort.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Sort rows", "zh": "排序"},
        category="transform",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "按一列或多列排序；无论升序还是降序，空值都排在最后。\n\n在 Polars 中，"
                "`by` 各列都相同的行保持原有顺序；在 DuckDB 和 Spark 中顺序不定。取值不变。在线服务时不需要排序。"
            )
        },
    )

    by: tuple[str, ...] = Field(
        min_length=1,
        description="Columns to sort by, the most important first",
        json_schema_extra=hint("排序依据的列，最重要的在前", "columns"),
    )
    descending: bool | tuple[bool, ...] = Field(
        False, description="Largest first: for all columns, or one answer for each", json_schema_extra=hint("是否降序")
    )

    @model_validator(mode="after")
    def _one_answer_each(self) -> "SortRows":
        if isinstance(self.descending, tuple) and len(self.descending) != len(self.by):
            raise contradiction(
                "descending",
                "descending has {answers} answers for {columns} columns",
                "降序给出了 {answers} 个回答，而排序列有 {columns} 个",
                answers=len(self.descending),
                columns=len(self.by),
            )
        return self

    def works_on(self, schema: Schema) -> Collection[str] | None:
        """Return the columns that the rows are sorted by."""
        del schema
        return self.by

    def transform(self, table: LazyTable) -> LazyTable:
        """Return `table` sorted.

        Raises:
            MissingColumnError: One of `by` is not in `table`.
        """
        require_columns(table, self.by, field="by")
        descending = [self.descending] * len(self.by) if isinstance(self.descending, bool) else list(self.descending)
        native = table.to_native()
        if isinstance(native, pl.LazyFrame):  # narwhals cannot say that equal rows keep their order
            return lazy(native.sort(self.by, descending=descending, nulls_last=True, maintain_order=True))
        return table.sort(*self.by, descending=descending, nulls_last=True)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one column with a null, and two in opposite directions."""
        people = frame(name=["Ann", "Bo", "Cy", "Di"], age=[40, None, 30, 35], city=["Oslo", "Rome", "Rome", None])
        return [
            Example(cls(by=("age",)), {"table": people}),
            Example(cls(by=("city", "age"), descending=(True, False)), {"table": people}),
        ]
