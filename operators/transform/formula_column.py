"""Add a column computed from the others by a SQL expression."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import narwhals as nw
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.fields import hint
from operators.contract.losses import Loss, before
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, Schema
from operators.sql.expressions import ROUNDING, expression
from operators.sql.syntax import columns_named
from operators.sql.trying import check_types

_MAY_FAIL = re.compile(
    r"[/%]|::|\b(try_)?cast\b|\b(ln|log\w*|sqrt|a?cos|a?sin|pow\w*|exp|mod|divide|strp\w+|to_date|date_part|try_\w+)\b",
    re.IGNORECASE,
)
"""What may give null though all that it is computed from is there; CASE and NULLIF do so because they are asked to."""


def _names(expression: str, column: str) -> bool:
    """Return whether an expression may name a column."""
    return re.search(rf"(?<!\w){re.escape(column)}(?!\w)", expression, re.IGNORECASE) is not None


class FormulaColumn(TableOperator):
    """Set the column `name` to a SQL expression over the columns of the same row.

    An existing column of that name is replaced in its place, a new one comes last. Rows stay as they
    are, in order. A null in the expression gives null, as in SQL; so does a division by zero. Whole numbers are
    computed in int64, and one that does not fit there is an error. A cast of a fraction to a whole number rounds, as in
    SQL.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Formula column", "zh": "公式列"},
        category="transform",
        engines=ALL_ENGINES,
        version=2,
        online="row",
        about={
            "zh": (
                "用同一行各列组成的 SQL 表达式计算列 `name`。\n\n已有同名列时原位替换，否则新列放在最后。"
                "行及其顺序不变。与 SQL 一样，表达式中有空值或除以零时，结果为空值。"
                "整数按 int64 计算，放不下时报错；小数转换为整数时与 SQL 一样四舍五入。"
            )
        },
    )

    meaning: ClassVar[int] = ROUNDING
    name: str = Field(min_length=1, description="Column to add or replace", json_schema_extra=hint("要添加或替换的列"))
    expression: str = Field(
        min_length=1,
        description="SQL expression over the row, such as price * quantity",
        json_schema_extra=hint("基于当前行的 SQL 表达式，例如 price * quantity", "expression"),
    )

    def works_on(self, schema: Schema) -> Collection[str] | None:
        """Return the columns that the expression names, and the one that it sets."""
        named = columns_named(schema, self.expression)
        return None if named is None else named | {self.name}

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema with the column, after trying the expression on no rows."""
        schema = check_types(self, inputs, self.expression)
        return super().infer(inputs, sources) if schema is None else {"table": schema}

    def transform(self, table: LazyTable) -> LazyTable:
        """Return `table` with the column.

        Raises:
            ExpressionError: The expression is wrong or uses what is not allowed.
            MissingColumnError: The expression names a column that is not in `table`.
        """
        return table.with_columns(expression(table, self.expression, meaning=self.meaning).alias(self.name))

    def losses(self, schemas: Mapping[str, Schema], values: Mapping[str, Any] | None = None) -> Sequence[Loss]:
        """Return rows whose columns are all there and whose result is not: divisions by zero, roots, casts."""
        del values
        if not _MAY_FAIL.search(self.expression):
            return ()
        used = tuple(column.name for column in schemas["table"] if _names(self.expression, column.name))
        if not used:
            return ()
        there = nw.all_horizontal(*(~before(name).is_null() for name in used), ignore_nulls=True)
        return (Loss("not_computed", self.name, there & nw.col(self.name).is_null(), there, {"table": used}),)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return arithmetic with a null and a zero, a case, and a replaced text column."""
        orders = frame(item=["tea", None, "jam"], price=[2.5, 4.0, None], count=[2, 0, 1])
        return [
            Example(cls(name="each", expression="price / count"), {"table": orders}),
            Example(
                cls(name="size", expression="CASE WHEN count > 1 THEN 'many' ELSE 'few' END"),
                {"table": orders},
            ),
            Example(cls(name="item", expression="upper(coalesce(item, 'none'))"), {"table": orders}),
        ]
