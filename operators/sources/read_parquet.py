"""Read a Parquet file straight into a pipeline."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from operators.contract.card import ALL_ENGINES, Card, Source
from operators.contract.common_fields import SourceFile
from operators.contract.context import Context
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable, Schema


class ReadParquet(Operator):
    """Read a Parquet file; rows come in the order of the file."""

    card: ClassVar[Card] = Card(
        title={"en": "Read Parquet", "zh": "读取 Parquet"},
        category="data",
        engines=ALL_ENGINES,
        online="skip",
        about={"zh": "读取 Parquet 文件，行的顺序与文件一致。"},
    )

    path: SourceFile

    def sources(self) -> Sequence[Source]:
        """Return the file."""
        return (Source("file", self.path),)

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the file's schema where it is known; the check of a pipeline names files that are missing."""
        return {"table": sources.get(self.path)}

    def run(self, context: Context) -> LazyTable:
        """Return the rows, lazily."""
        return context.file(self.path)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a read of `people.parquet`, a file that the check suite's context holds."""
        return [Example(cls(path="people.parquet"))]
