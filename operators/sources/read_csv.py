"""Read a CSV file straight into a pipeline."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card, Source
from operators.contract.common_fields import SourceFile
from operators.contract.context import Context
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable, Schema


class ReadCsv(Operator):
    """Read a CSV or TSV file with a header; dialect and encoding are found out where they are not given.

    Rows come in the order of the file. Rows that cannot be read are left out; read_dataset shows how many.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Read CSV", "zh": "读取 CSV"},
        category="data",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "读取带表头的 CSV 或 TSV 文件；未指定时自动识别分隔符和编码。\n\n行的顺序与文件一致。"
                "无法读取的行会被略去；read_dataset 可以查看略去了多少行。"
            )
        },
    )

    path: SourceFile
    delimiter: str | None = Field(
        None,
        min_length=1,
        max_length=1,
        description="Character between fields; found out when left out",
        json_schema_extra=hint("字段分隔符；省略时自动识别"),
    )
    encoding: Literal["utf-8", "gbk", "gb18030", "utf-16"] | None = Field(
        None,
        description="Encoding of the text; found out when left out",
        json_schema_extra=hint("文本编码；省略时自动识别"),
    )

    decimal: Literal[".", ","] | None = Field(
        None,
        description="Decimal mark of the numbers; a point when left out",
        json_schema_extra=hint("数字的小数点；省略时为句点"),
    )
    thousands: Literal[",", ".", " ", "'"] | None = Field(
        None,
        description="Mark between the thousands of the numbers; none when left out",
        json_schema_extra=hint("数字的千位分隔符；省略时没有"),
    )
    header_row: int | None = Field(
        None,
        ge=1,
        description="Line that holds the names, from 1; found out when left out",
        json_schema_extra=hint("列名所在行，从 1 数起；省略时自动识别"),
    )

    def sources(self) -> Sequence[Source]:
        """Return the file."""
        return (Source("file", self.path),)

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the file's schema where it is known: not with a given dialect, as files are looked at without."""
        return {"table": None if self._options() else sources.get(self.path)}

    def run(self, context: Context) -> LazyTable:
        """Return the rows."""
        return context.file(self.path, **self._options())

    def _options(self) -> dict[str, Any]:
        given = {
            "delimiter": self.delimiter, "encoding": self.encoding, "decimal": self.decimal,
            "thousands": self.thousands, "header_row": self.header_row,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a read of `people.csv`, a file that the check suite's context holds."""
        return [Example(cls(path="people.csv")), Example(cls(path="people.csv", delimiter=","))]
