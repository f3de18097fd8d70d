"""Keep the rows for which a SQL expression is true."""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ExpressionError
from operators.contract.fields import hint
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, Schema, empty_table, schema_of
from operators.sql.expressions import ROUNDING, expression
from operators.sql.syntax import columns_named
from operators.sql.trying import check_types


class FilterRows(TableOperator):
    """Keep the rows for which a SQL expression is true.

    Rows for which it is false or null go; the others keep their order and values. At a service the
    filter is left out: whoever asks about a row gets an answer.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Filter rows", "zh": "筛选行"},
        category="transform",
        engines=ALL_ENGINES,
        version=2,
        online="skip",
        about={
            "zh": (
                "保留使 SQL 表达式为真的行。\n\n结果为假或为空的行被去掉，其余行的顺序和取值不变。"
                "在线服务时跳过筛选：每一次请求都会得到回答。"
            )
        },
    )

    meaning: ClassVar[int] = ROUNDING
    expression: str = Field(
        min_length=1,
        description="SQL expression that is true for the rows to keep, such as age >= 18",
        json_schema_extra=hint("对要保留的行为真的 SQL 表达式，例如 age >= 18", "expression"),
    )

    def works_on(self, schema: Schema) -> Collection[str] | None:
        """Return the columns that the expression names."""
        return columns_named(schema, self.expression)

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema of the rows, after trying the expression on no rows.

        Raises:
            ExpressionError: The expression is not true or false.
        """
        check_types(self, inputs, self.expression)
        schema = inputs.get("table")
        if schema is not None:
            table = empty_table(schema)
            kind = schema_of(table.select(expression(table, self.expression, meaning=self.meaning).alias("kept")))[
                0
            ].type
            if kind not in {"boolean", "unknown"}:
                raise ExpressionError(
                    f"{self.expression!r:.80} gives {kind}, not true or false.",
                    hint="Compare it with something, as in age > 18.",
                    field="expression",
                )
        return super().infer(inputs, sources)

    def transform(self, table: LazyTable) -> LazyTable:
        """Return the rows of `table` for which the expression is true.

        Raises:
            ExpressionError: The expression is wrong or uses what is not allowed.
            MissingColumnError: The expression names a column that is not in `table`.
        """
        return table.filter(expression(table, self.expression, meaning=self.meaning))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a comparison with nulls, and text with LIKE and IN."""
        people = frame(name=["Ann", "Bo", None, "Al"], age=[30, None, 50, 12])
        return [
            Example(cls(expression="age >= 18"), {"table": people}),
            Example(cls(expression="name LIKE 'A%' AND age NOT IN (30, 31)"), {"table": people}),
        ]
