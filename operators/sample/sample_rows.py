"""Keep a random part of the rows."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import polars as pl
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator, frame
from operators.contract.tables import LazyTable, Schema, empty_table, require_columns
from operators.sample.divided import divide
from operators.sample.draws import Mask, random_rows, sampled, stratified_rows


class SampleRows(Operator):
    """Keep rows drawn at random, without repetition: a share of them, or a number.

    With `stratify` every value of that column keeps its share of the rows; null counts as a value. The rows kept
    stay in order and as they are; a table with rows gives at least one, and one with fewer than `count` gives all.
    The same rows in the same order with the same seed give the same sample; on Spark, whose rows have no order, they
    are first put in that of their contents. At a service the sample is left out.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Sample rows", "zh": "抽样"},
        category="sample",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "不重复地随机抽取一部分行：按比例，或按行数。\n\n设置 `stratify` 后，该列的每个取值保持原有占比，"
                "空值也算一个取值。保留的行及其顺序不变；有行的表至少抽取一行，不足 `count` 行时全部保留。"
                "相同的行、顺序和种子得到相同的样本；Spark 中的行没有顺序，会先按内容排序。在线服务时跳过抽样。"
            )
        },
    )

    share: float | None = Field(
        None,
        gt=0,
        le=1,
        description="Share of the rows to keep, in (0, 1], halves rounded up; 0.1 when neither this nor count is set",
        json_schema_extra=hint("保留的行所占比例，介于 0 和 1 之间；与行数都不填时为 0.1"),
    )
    count: int | None = Field(
        None, ge=1, description="Rows to keep, instead of a share", json_schema_extra=hint("保留的行数，代替比例")
    )
    stratify: str | None = Field(
        None,
        min_length=1,
        description="Column whose values keep their shares; any rows when unset",
        json_schema_extra=hint("分层所依据的列，各取值保持原有比例；不填则不分层", "column"),
    )
    seed: int = Field(
        0, ge=0, le=2**63 - 1, description="Another seed gives another draw", json_schema_extra=hint("随机种子")
    )

    @model_validator(mode="after")
    def _one_size(self) -> "SampleRows":
        if self.share is not None and self.count is not None:
            raise contradiction("count", "the size is a share or a count, not both", "比例与行数只能填写一个")
        return self

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema of the rows."""
        del sources
        schema = inputs.get("table")
        if schema is not None:
            require_columns(empty_table(schema), self._columns, field="stratify")
        return {"table": schema}

    def run(self, table: LazyTable) -> LazyTable:
        """Return the rows drawn.

        Raises:
            MissingColumnError: `stratify` is not in `table`.
        """
        require_columns(table, self._columns, field="stratify")
        return divide(table, self._columns, self._draw)[1]

    @property
    def _columns(self) -> list[str]:
        return [] if self.stratify is None else [self.stratify]

    def _draw(self, rows: pl.DataFrame) -> Mask:
        total = len(rows)
        share = 0.1 if self.share is None else self.share
        count = sampled(total, share=share, count=self.count)
        if self.stratify is None:
            return random_rows(total, count, self.seed)
        return stratified_rows(rows[self.stratify], count, count / max(total, 1), self.seed)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a share, a number, and a share of each kind."""
        table = frame(row=list(range(10)), kind=["a", "a", "b", None, "b", "a", "a", "b", "b", "a"])
        return [
            Example(cls(share=0.3, seed=7), {"table": table}),
            Example(cls(count=4), {"table": table}),
            Example(cls(share=0.5, stratify="kind"), {"table": table}),
        ]
