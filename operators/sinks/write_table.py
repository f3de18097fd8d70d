"""Write a table to a file that people take away."""

import logging
from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.context import Context, ExportFormat
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator, frame
from operators.contract.tables import LazyTable, Schema

_log = logging.getLogger(__name__)


class WriteTable(Operator):
    """Write the rows to a file among the exports of the workspace, and pass them on as they are.

    The file is `name.format`; it appears complete or not at all, and replaces an earlier one of that name. It is
    written by every run, also where nothing changed. In CSV (UTF-8 with a mark) and XLSX, text that a spreadsheet
    would run as a formula gets a quote before it, unless `formulas` is set; numbers, and Parquet, stay as they are.
    Rows, order and nulls stay; at a service nothing is written.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Write table", "zh": "写出表"},
        category="data",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "把数据写成工作区导出目录中的文件，并原样传给下游。\n\n文件名为 `name.format`；文件要么完整出现，"
                "要么不出现，并会替换同名的旧文件。每次运行都会写出，即使内容没有变化。"
                "写成 CSV（带标记的 UTF-8）和 XLSX 时，可能被电子表格当作公式执行的文本前会加引号，"
                "除非设置了 `formulas`；数字以及 Parquet 保持原样。行、顺序和空值不变；在线服务时不写文件。"
            )
        },
    )
    leaves_files: ClassVar[bool] = True

    name: str = Field(
        pattern=r"^\w([\w -]{0,62}\w)?$",
        description="Name of the file without its ending: letters, digits, _, - and inner spaces, at most 64",
        json_schema_extra=hint("文件名（不含扩展名）：字母、数字、下划线、连字符和中间的空格，最多 64 个字符"),
    )
    format: ExportFormat = Field(
        "csv",
        description="CSV, Parquet, or XLSX for at most 1,048,575 rows",
        json_schema_extra=hint("文件格式：CSV、Parquet 或 XLSX（最多 1048575 行）"),
    )
    formulas: bool = Field(
        False,
        description="Leave text that looks like a formula as it is; only for files that no spreadsheet opens",
        json_schema_extra=hint(
            "保留形似公式的文本；仅用于不会在电子表格软件中打开的文件", show_if={"format": ["csv", "xlsx"]}
        ),
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema of the rows."""
        del sources
        return {"table": inputs.get("table")}

    def run(self, table: LazyTable, *, context: Context) -> LazyTable:
        """Return `table` after it was written.

        Raises:
            OperatorError: The file cannot be written, or its format cannot hold the table.
        """
        rows = context.export(table, self.name, self.format, formulas=self.formulas)
        context.report(0, {"rows": rows})
        _log.info("%d rows are in the export %s.%s.", rows, self.name, self.format)
        return table

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return two formats."""
        people = frame(name=["Ann", "=1+1", None], age=[30, None, 50])
        return [
            Example(cls(name="people"), {"table": people}),
            Example(cls(name="a b", format="xlsx"), {"table": people}),
        ]
