"""Ask one SQL question of one or two tables."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from operators.children.settings import step_memory
from operators.contract.card import ALL_ENGINES, Card
from operators.contract.context import Context
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator, frame
from operators.contract.ports import Beside
from operators.contract.tables import LazyTable, Schema, collected, lazy
from operators.sql.checking import checked
from operators.sql.locked import LockedSql


class SqlTransform(Operator):
    """Give the rows of one SELECT in DuckDB's SQL over `table` and, where connected, `other`.

    Rows come in the order that ORDER BY says, else in any. The query sees these two tables and nothing else: no file,
    no network, no setting. It works in a process of its own, which is ended after `timeout_s` seconds. Whole numbers
    wider than int64 and decimals become int64 and float64.
    """

    alternative: ClassVar[str] = "formula_column, filter_rows and join_tables do the like row by row."
    card: ClassVar[Card] = Card(
        title={"en": "SQL", "zh": "SQL 查询"},
        category="transform",
        engines=ALL_ENGINES,
        online="refuse",
        about={
            "zh": (
                "用 DuckDB 的 SQL 对 `table` 以及（连接时）`other` 执行一条 SELECT，输出其结果。\n\n"
                "行的顺序由 ORDER BY 决定，否则不定。查询只能看到这两个表，不能访问文件、网络和设置；"
                "它在单独的进程中运行，超过 `timeout_s` 秒会被结束。"
                "超过 int64 的整数和十进制数分别变为 int64 和 float64。"
            )
        },
    )

    query: str = Field(
        min_length=1,
        description="One SELECT, such as SELECT city, avg(age) AS age FROM table GROUP BY city ORDER BY city",
        json_schema_extra=hint("一条 SELECT 语句，可引用 table 和 other", "query"),
    )
    timeout_s: float = Field(
        600.0,
        gt=0,
        le=86_400,
        description="Seconds after which the query is stopped",
        json_schema_extra=hint("超时秒数", advanced=True),
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Ask the query of empty tables; what it gave for these schemas before is remembered."""
        del sources
        known = {port: schema for port, schema in inputs.items() if schema is not None}
        if len(known) < len(inputs):
            return {"table": None}
        return {"table": checked(self.query, known, self.timeout_s)}

    def run(self, table: LazyTable, context: Context, other: Beside | None = None) -> LazyTable:
        """Return the rows of the query.

        Raises:
            ExpressionError: The query is wrong, forbidden, too slow or too large.
            CancelledError: The run was cancelled meanwhile.
        """
        given = {"table": table} if other is None else {"table": table, "other": other}
        tables = {port: collected(value) for port, value in given.items()}
        with LockedSql(
            tables,
            self.timeout_s,
            context.scratch,
            memory=step_memory(),
            memory_setting="TANDEM_SQL_STEP_MEMORY_MB",
            cancelled=lambda: context.cancelled,
        ) as database:
            return lazy(database.rows(self.query))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a summary of one table, and a join of two."""
        people = frame(name=["Ann", "Bo", "Cy"], city=[1, 2, 1], age=[30, 40, None])
        cities = frame(id=[1, 2], label=["Oslo", "Rome"])
        return [
            Example(
                cls(query="SELECT city, count(*) AS rows, avg(age) AS age FROM table GROUP BY city ORDER BY city"),
                {"table": people},
            ),
            Example(
                cls(query='SELECT name, label FROM "table" JOIN other ON city = id ORDER BY name DESC'),
                {"table": people, "other": cities},
            ),
        ]
