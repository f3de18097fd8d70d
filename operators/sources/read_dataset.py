"""Bring a stored dataset into a pipeline."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card, Source
from operators.contract.context import Context
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable, Schema


class ReadDataset(Operator):
    """Read a stored dataset: its newest version, or the one pinned as `name@version`.

    Rows come in the order in which they were stored.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Read dataset", "zh": "读取数据集"},
        category="data",
        engines=ALL_ENGINES,
        online="skip",
        about={"zh": "读取已保存的数据集：默认最新版本，也可以用 `名称@版本` 固定版本。\n\n行的顺序与保存时一致。"},
    )

    dataset: str = Field(
        min_length=1,
        max_length=128,
        description="Name of the dataset, or name@version",
        json_schema_extra=hint("数据集名称，或 名称@版本", "dataset"),
    )

    def sources(self) -> Sequence[Source]:
        """Return the dataset."""
        return (Source("dataset", self.dataset),)

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the dataset's schema where it is known; the check of a pipeline names datasets that are missing."""
        return {"table": sources.get(self.dataset)}

    def run(self, context: Context) -> LazyTable:
        """Return the rows, lazily."""
        return context.dataset(self.dataset)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a read of `people`, a dataset that the check suite's context holds."""
        return [Example(cls(dataset="people"))]
