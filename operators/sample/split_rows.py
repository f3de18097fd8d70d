"""Hold out rows for testing."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple

import polars as pl
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator, frame
from operators.contract.ports import HeldOut, TrainRows
from operators.contract.tables import LazyTable, Schema, require_columns
from operators.sample.divided import divide
from operators.sample.draws import Mask, held_out, latest_rows, random_rows, stratified_rows, whole_groups

Method = Literal["random", "stratified", "time", "group"]


class Split(NamedTuple):
    """The two sides of a split."""

    train: TrainRows
    test: HeldOut


class SplitRows(Operator):
    """Divide rows into a training and a test side; every row is on exactly one of them.

    `random` draws rows; `stratified` draws within each value of `column`, so that both sides have the same mix;
    `time` holds out the latest rows by `column`; `group` keeps all rows of one value of `column` together. The test
    side has `test_share` of the rows, halves rounded up, and from two rows on neither side is empty. Both sides
    keep the order of the rows, and nulls count as a value. The same rows in the same order with the same
    seed give the same split; on Spark, whose rows have no order, they are first put in that of their contents.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Split rows", "zh": "拆分数据"},
        category="sample",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "把数据分为训练集和测试集，每一行只在其中之一。\n\n`random` 随机抽取；"
                "`stratified` 在 `column` 的每个取值内抽取，两边的构成相同；"
                "`time` 把按 `column` 最新的行留作测试；`group` 使 `column` 取值相同的行在同一边。"
                "测试集占 `test_share`，半行进位；有两行以上时两边都不为空。两边都保持原有行序，空值算一个取值。"
                "相同的行、顺序和种子得到相同的划分；Spark 中的行没有顺序，会先按内容排序。"
            )
        },
    )

    test_share: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="Share of the rows that is held out, in (0, 1)",
        json_schema_extra=hint("留作测试的行所占比例，介于 0 和 1 之间"),
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**63 - 1,
        description="Another seed gives another draw; not used by time",
        json_schema_extra=hint("随机种子；按时间拆分时不使用", show_if={"method": ["random", "stratified", "group"]}),
    )
    method: Method = Field(
        "random",
        description="How rows are chosen: at random, within each value of column, the latest, or whole groups",
        json_schema_extra=hint("如何选择行：随机、按列分层、按时间最新、按组整体"),
    )
    column: str | None = Field(
        None,
        description="The column of values, moments or groups; not used by random",
        json_schema_extra=hint(
            "分层、时间或分组所依据的列；随机拆分时不使用",
            "column",
            show_if={"method": ["stratified", "time", "group"]},
        ),
    )

    @model_validator(mode="after")
    def _column_where_needed(self) -> "SplitRows":
        if self.method != "random" and not self.column:
            raise contradiction(
                "column", "the method {method} needs a column", "方法 {method} 需要指定列", method=self.method
            )
        return self

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema of the rows for both sides."""
        del sources
        schema = inputs.get("table")
        if schema is not None:
            self._require(schema)
        return {"train": schema, "test": schema}

    def run(self, table: LazyTable) -> Split:
        """Return both sides.

        Raises:
            MissingColumnError: `column` is not in `table`.
        """
        if self._column is not None:
            require_columns(table, [self._column], field="column")
        return Split(*divide(table, [self._column] if self._column else [], self._draw))

    @property
    def _column(self) -> str | None:
        return None if self.method == "random" else self.column

    def _require(self, schema: Schema) -> None:
        from operators.contract.tables import empty_table

        if self._column is not None:
            require_columns(empty_table(schema), [self._column], field="column")

    def _draw(self, rows: pl.DataFrame) -> Mask:
        count = held_out(len(rows), self.test_share)
        if self._column is None:
            return random_rows(len(rows), count, self.seed)
        values = rows[self._column]
        if self.method == "stratified":
            return stratified_rows(values, count, self.test_share, self.seed)
        if self.method == "group":
            return whole_groups(values, self.test_share, self.seed)
        return latest_rows(values, self.test_share)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one case of each method."""
        table = frame(
            row=list(range(10)),
            kind=["a", "a", "b", None, "b", "a", "a", "b", "b", "a"],
            at=[3, 1, 2, 9, 8, 7, 4, 5, 6, None],
        )
        return [
            Example(cls(seed=7), {"table": table}),
            Example(cls(test_share=0.4, method="stratified", column="kind"), {"table": table}),
            Example(cls(test_share=0.3, method="time", column="at"), {"table": table}),
            Example(cls(test_share=0.3, method="group", column="kind"), {"table": table}),
        ]
