"""Drop the rows that have gaps."""

from collections.abc import Collection, Sequence
from typing import ClassVar, Literal

import narwhals as nw
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.fields import hint
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import Column, LazyTable, Schema, require_columns, schema_of

_FLOATS = frozenset({"float32", "float64"})


class DropMissing(TableOperator):
    """Leave out rows that have no value in any, or in all, of the chosen columns.

    Null and NaN are no value; an empty text is one. The rows kept stay in order and as they are. At a service nothing
    is dropped: whoever asks about a row gets an answer.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Drop missing rows", "zh": "删除缺失行"},
        category="transform",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "删除所选列中任意一列或全部列没有值的行。\n\n空值和 NaN 视为没有值，空文本视为有值。"
                "保留下来的行及其顺序不变。在线服务时不删除任何行：每一次请求都会得到回答。"
            )
        },
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Columns to look at; all when empty",
        json_schema_extra=hint("要检查的列；留空表示所有列", "columns"),
    )
    when: Literal["any", "all"] = Field(
        "any",
        description="Drop a row that lacks a value in any of the columns, or only one that lacks all of them",
        json_schema_extra=hint("任意一列缺失即删除，或所有列都缺失才删除"),
    )

    def works_on(self, schema: Schema) -> Collection[str] | None:
        """Return the columns that are named; any where none is."""
        del schema
        return self.columns or None

    def transform(self, table: LazyTable) -> LazyTable:
        """Return the rows of `table` that are complete enough.

        Raises:
            MissingColumnError: One of `columns` is not in `table`.
        """
        columns = list(require_columns(table, self.columns).values()) if self.columns else list(schema_of(table))
        if not columns:
            return table
        there = [_has_value(column) for column in columns]
        kept = nw.all_horizontal if self.when == "any" else nw.any_horizontal
        return table.filter(kept(*there, ignore_nulls=False))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return rows with gaps anywhere, in one column, and in every column."""
        people = frame(name=["Ann", None, "", None], age=[30, 40, None, None], size=[1.5, float("nan"), 2.0, None])
        return [
            Example(cls(), {"table": people}),
            Example(cls(columns=("age",)), {"table": people}),
            Example(cls(when="all"), {"table": people}),
        ]


def _has_value(column: Column) -> nw.Expr:
    value = nw.col(column.name)
    there = ~value.is_null()
    return there & ~value.is_nan().fill_null(value=False) if column.type in _FLOATS else there
