"""Give columns other types."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ColumnTypeError
from operators.contract.fields import hint
from operators.contract.losses import Loss, before
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import INTEGERS, NUMERIC, Column, LazyTable, Schema, require_columns
from operators.transform.casting import TEMPORAL, cast_columns
from operators.transform.number_formats import NUMBER_FORMATS, NumberFormat, plain_number

TypeName = Literal[
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64", "boolean", "string", "date", "datetime",
]  # fmt: skip


class CastTypes(TableOperator):
    """Give columns other types; what cannot be read as the new type becomes null, or is an error.

    Text is read without the blanks around it: numbers as `-1.5e3` unless `numbers` says otherwise, booleans as
    true/false, yes/no, t/f, y/n or 1/0 in any case, dates as `2026-11-23`, moments as `2026-11-23 08:30:00`. Fractions
    are rounded to whole numbers, halves to the even one as in SQL. A number does not become a date, nor a date a
    number. Rows and their order stay, and so do nulls.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Cast types", "zh": "转换类型"},
        category="transform",
        engines=ALL_ENGINES,
        version=2,
        online="row",
        about={
            "zh": (
                "转换列的类型；无法转换的值变为空值，或使运行报错。\n\n读取文本时忽略两端空白：数字如 `-1.5e3`；"
                "布尔值为 true/false、yes/no、t/f、y/n 或 1/0，不区分大小写；日期如 `2026-11-23`；"
                "时刻如 `2026-11-23 08:30:00`。小数变为整数时四舍五入，"
                "恰为一半时与 SQL 一样取偶数。数字不能变为日期，日期也不能变为数字。"
                "行及其顺序不变，空值仍为空值。"
            )
        },
    )

    cuts: ClassVar[bool] = False
    types: Mapping[str, TypeName] = Field(
        min_length=1, description="New type of each column, by name", json_schema_extra=hint("各列的新类型", "types")
    )
    on_error: Literal["null", "error"] = Field(
        "null",
        description="What a value that cannot be read as the new type becomes: null, or an error of the whole run",
        json_schema_extra=hint("无法转换的值：变为空值，或使运行报错"),
    )

    numbers: NumberFormat = Field(
        "plain",
        description="How numbers stand in text: plain, or with these signs for thousands and decimals and a currency",
        json_schema_extra=hint("文本中数字的写法：普通，或带有这样的千位和小数符号以及货币符号"),
    )

    def works_on(self, schema: Schema) -> Collection[str] | None:
        """Return the columns that get another type."""
        del schema
        return set(self.types)

    def transform(self, table: LazyTable) -> LazyTable:
        """Return `table` with the new types.

        Raises:
            MissingColumnError: A column is not in `table`.
            ColumnTypeError: No value of a column could be read as the new type.
        """
        columns = require_columns(table, list(self.types), field="types")
        changed = {name: kind for name, kind in self.types.items() if columns[name].type != kind}
        for name, kind in changed.items():
            _require_readable(columns[name], kind)
        written = [
            plain_number(name, self.numbers)
            for name, kind in changed.items()
            if columns[name].type == "string" and kind in NUMERIC
        ]
        if self.numbers != "plain" and written:
            table = table.with_columns(*written)
        return cast_columns(table, columns, changed, strict=self.on_error == "error", cuts=self.cuts)

    def losses(self, schemas: Mapping[str, Schema], values: Mapping[str, Any] | None = None) -> Sequence[Loss]:
        """Return what cannot be read as the new type, and fractions and times of day that are cut off."""
        del values
        found: list[Loss] = []
        for column in schemas["table"]:
            kind = self.types.get(column.name, column.type)
            if kind != column.type:
                found.extend(_lost_by(column, kind, nulls=self.on_error == "null"))
        return found

    def mends(self, kind: str) -> Sequence[Mapping[str, Any]]:
        """Return other ways to write numbers, where numbers could not be read."""
        if kind not in {"unreadable_number", "unreadable_whole"}:
            return ()
        return [{"numbers": one} for one in NUMBER_FORMATS if one != self.numbers]

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return texts good and bad, and numbers."""
        texts = frame(
            whole=["1", " -2 ", "1.5", "x", None],
            number=["1", "2.5", "-1e3", "", None],
            flag=["true", "No", "1", "maybe", None],
            day=["2026-11-23", "2026-02-30", "23.11.2026", "", None],
            at=["2026-11-23 08:30:00", "2026-11-23T08:30:00", "2026-11-23", "noon", None],
        )
        prices = frame(price=["€378,70", "-1.234,5 EUR", "12", "1,234.5", None])
        numbers = frame(size=[1.7, -1.7, None], count=[0, 1, 2], good=[True, False, None])
        return [
            Example(
                cls(types={"whole": "int64", "number": "float64", "flag": "boolean", "day": "date", "at": "datetime"}),
                {"table": texts},
            ),
            Example(
                cls(types={"size": "int64", "count": "string", "good": "int64"}, on_error="error"), {"table": numbers}
            ),
            Example(cls(types={"price": "float64"}, numbers="1.234,5"), {"table": prices}),
        ]


def _lost_by(column: Column, kind: str, *, nulls: bool) -> Iterator[Loss]:
    name, needs = column.name, {"table": (column.name,)}
    old, there = before(name), ~before(name).is_null()
    if nulls and not _always_readable(column.type, kind):
        yield Loss(f"unreadable_{_WORDS.get(kind, 'number')}", name, there & nw.col(name).is_null(), there, needs)
    if column.type in _FLOATS and kind in INTEGERS:
        yield Loss("fraction", name, there & ~nw.col(name).is_null() & (old % 1 != 0), there, needs)
    if column.type == "datetime" and kind == "date":
        yield Loss("time_of_day", name, there & (old != old.dt.truncate("1d")), there, needs)


def _always_readable(old: str, kind: str) -> bool:
    """Return whether every value of a type has its like in another."""
    return (
        (kind in {"string", *_FLOATS} and old != "string")
        or (old == "boolean" and kind in NUMERIC)
        or (kind == "boolean" and old in NUMERIC)
        or {old, kind} == {"date", "datetime"}
    )


_FLOATS = NUMERIC - INTEGERS
_WORDS = {**dict.fromkeys(INTEGERS, "whole"), "boolean": "boolean", "date": "date", "datetime": "datetime"}


def _require_readable(column: Column, kind: str) -> None:
    numbers, old = NUMERIC | {"boolean"}, column.type
    if (old in numbers and kind in TEMPORAL) or (old in TEMPORAL and kind in numbers):
        raise ColumnTypeError(
            f"Column {column.name!r} is {old} and cannot become {kind}.",
            hint="Use formula_column, such as year(day) or date_diff('day', start, day).",
            field="types",
        )
