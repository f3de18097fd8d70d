"""Let a user's Python change a table."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.context import Context
from operators.contract.errors import UserCodeError
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator, frame
from operators.contract.tables import TYPES, Column, LazyTable, Schema, collected, empty_table, lazy, schema_of
from operators.script.isolation import level
from operators.script.sandbox import Limits, run_script
from operators.transform.cast_types import TypeName

_LOGGER = logging.getLogger("operators.script")


class PythonScript(Operator):
    """Call `run(table)` of a user's code with the rows as a Polars DataFrame, and give the DataFrame it returns.

    Rows, order and nulls are up to the code. It runs in a child process with limits, without this process's
    environment and, where the machine allows it, without network (`operators.script.sandbox` says what holds). What
    it prints goes to the log of the run.
    """

    alternative: ClassVar[str] = "formula_column does the like row by row."
    card: ClassVar[Card] = Card(
        title={"en": "Python script", "zh": "Python 脚本"},
        category="script",
        engines=ALL_ENGINES,
        online="refuse",
        about={
            "zh": (
                "用 Polars DataFrame 调用用户代码中的 `run(table)`，输出它返回的 DataFrame。\n\n行、"
                "顺序和空值由代码决定。代码在受限的子进程中运行，看不到主进程的环境变量，"
                "并在系统允许时断开网络（具体限制见 `operators.script.sandbox`）。打印的内容写入运行日志。"
            )
        },
    )
    trusted: ClassVar[bool] = False

    code: str = Field(
        min_length=1,
        max_length=1_000_000,
        description="Python that defines run(table) on a Polars DataFrame; Polars is there as pl",
        json_schema_extra=hint("定义 run(table) 的 Python 代码，参数与返回值均为 Polars DataFrame", "code"),
    )
    columns: Mapping[str, TypeName] | None = Field(
        None,
        description="Columns and types that run returns, checked after it; found out by the first run when left out",
        json_schema_extra=hint("run 返回的列及类型；省略时由首次运行得知", "types"),
    )
    timeout_s: float = Field(
        600.0,
        gt=0,
        le=86_400,
        description="Seconds after which it is killed",
        json_schema_extra=hint("超时秒数", advanced=True),
    )
    memory_mb: int = Field(
        4096,
        ge=512,
        le=2**20,
        description="Memory that it and all it starts may use together, in MiB",
        json_schema_extra=hint("脚本及其所有子进程可用的内存（MiB）", advanced=True),
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the declared columns; not known where none are declared, as the code is not run for this.

        `try_empty` runs it, where a user asks for that.
        """
        del inputs, sources
        if self.columns is None:
            return {"table": None}
        return {"table": tuple(Column(name, kind) for name, kind in self.columns.items())}

    def run(self, table: LazyTable, context: Context) -> LazyTable:
        """Return what the code returns.

        Raises:
            UserCodeError: The code failed or overran its limits, or returned other columns than declared.
        """
        return self._done(table, lambda: context.cancelled)

    def try_empty(self, inputs: Mapping[str, Schema], cancelled: Callable[[], bool]) -> Mapping[str, Schema]:
        """Return the columns that the code gives for a table without rows; it runs as it does in a run.

        Raises:
            UserCodeError: The code needs rows or failed, overran its limits, or returned other columns than declared.
            CancelledError: `cancelled` said so.
        """
        result = self._done(empty_table(inputs["table"]), cancelled)
        if self.columns is None:
            _require_told(collected(result), inputs["table"])
        return {"table": schema_of(result)}

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Run the code on other rows, as a whole: those that are scored by a model behind it."""
        del values, beside
        return self._done(table, lambda: False)

    def _done(self, table: LazyTable, cancelled: Callable[[], bool]) -> LazyTable:
        _LOGGER.info("The script runs at level %s.", level())
        limits = Limits(self.timeout_s, self.memory_mb * 2**20)
        outcome = run_script(self.code, collected(table), limits, cancelled)
        for line in outcome.printed.splitlines():
            _LOGGER.info("%s", line)
        result = lazy(outcome.table)
        self._require_declared(schema_of(result))
        return result

    def _require_declared(self, found: Schema) -> None:
        if self.columns is None:
            return
        kinds = {column.name: column.type for column in found}
        if list(kinds.items()) != list(self.columns.items()):
            raise UserCodeError(
                f"run(table) returned {_named(kinds)}, not the declared {_named(self.columns)}.",
                hint="Change the code or the declaration.",
                field="columns",
            )

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a script that adds a column, and one with a declaration."""
        people = frame(name=["Ann", "Bo"], age=[30, None])
        add = "def run(table):\n    return table.with_columns(older=pl.col('age') + 1)\n"
        keep = "import polars as pl\n\ndef run(table):\n    return table.lazy().select('name')\n"
        return [
            Example(cls(code=add), {"table": people}),
            Example(cls(code=keep, columns={"name": "string"}), {"table": people}),
        ]


def _require_told(result: pl.DataFrame, given: Schema) -> None:
    """Require that a table made of no rows tells columns and types: lists without values have no type."""
    if not result.columns:
        raise UserCodeError("run(table) returned no columns.", hint="Declare the columns.", field="columns")
    untold = {column.name for column in given if column.type not in TYPES}
    for name, kind in result.schema.items():
        if kind == pl.Null and name not in untold:
            raise UserCodeError(
                f"Without rows the type of {name!r} does not show.", hint="Declare the columns.", field="columns"
            )


def _named(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({kind})" for name, kind in columns.items()) or "no columns"
