"""Replace missing values by a statistic of the training rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
import polars as pl
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.errors import ColumnTypeError
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example, frame
from operators.contract.tables import INTEGERS, NUMERIC, TYPES, Column, LazyTable, Schema, require_columns
from operators.prepare.columns import chosen, figures, finite, schema_after

Statistic = Literal["mean", "median", "min", "max", "most_frequent", "constant"]
SIMPLE = NUMERIC | {"string", "boolean"}


class FillMissing(FittedOperator):
    """Replace nulls and NaN by a statistic of the training rows, or by a constant.

    `mean` and `median` make the columns float64; the others keep their types. Of several most frequent values
    the smallest is taken. Rows and their order stay. A column without any value in training stays as it is.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Fill missing values", "zh": "填充缺失值"},
        category="prepare",
        engines=ALL_ENGINES,
        online="fitted",
        about={
            "zh": (
                "用训练数据的统计量或常量替换空值和 NaN。\n\n`mean` 和 `median` 使列变为 float64，"
                "其余方法保持类型。众数有多个时取最小的。行及其顺序不变。训练数据中没有任何值的列保持不变。"
            )
        },
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Columns to fill; every column that the statistic fits when empty",
        json_schema_extra=hint("要填充的列；留空表示所有适用的列", "columns"),
    )
    statistic: Statistic = Field(
        "mean",
        description="What to put in the gaps; a constant is given as value",
        json_schema_extra=hint("用什么填充缺失值；选择常量时由 value 给出"),
    )
    value: bool | float | str | None = Field(
        None,
        description="The constant, where the statistic is constant",
        json_schema_extra=hint("常量值，仅当统计量为 constant 时使用", show_if={"statistic": "constant"}),
    )

    @model_validator(mode="after")
    def _constant_has_a_value(self) -> "FillMissing":
        if (self.statistic == "constant") != (self.value is not None):
            raise contradiction(
                "value",
                "value is given exactly when the statistic is constant",
                "仅当统计量为常量时填写常量值，且必须填写",
            )
        return self

    def works_on(self, schema: Schema) -> Collection[str] | None:
        """Return the columns that are named; any where none is."""
        del schema
        return self.columns or None

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema, which does not depend on what is learnt."""
        del sources
        return schema_after(self, inputs, self._neutral)

    def _neutral(self, table: LazyTable) -> dict[str, Any]:
        columns = self._chosen(table)
        if self.statistic == "constant":
            self._found(table, columns)  # refuses a constant of another type
        return {column.name: {"fill": None, "type": self._type(column)} for column in columns}

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{column: {"fill", "type"}}`: what goes into the gaps (or null), and the column's new type.

        Raises:
            MissingColumnError: One of `columns` is not in `train`.
            ColumnTypeError: One of `columns` has no such statistic.
        """
        columns = self._chosen(train)
        found = self._found(train, columns)
        return {column.name: {"fill": found[column.name], "type": self._type(column)} for column in columns}

    def _chosen(self, table: LazyTable) -> list[Column]:
        return chosen(table, self.columns, self._types(), f"the statistic {self.statistic}")

    def _types(self) -> frozenset[str]:
        if self.statistic in {"mean", "median", "min", "max"}:
            return NUMERIC
        if self.statistic == "most_frequent" or self.columns:
            return SIMPLE
        kinds = {bool: frozenset({"boolean"}), str: frozenset({"string"})}
        return kinds.get(type(self.value), NUMERIC)

    def _type(self, column: Column) -> str:
        if self.statistic in {"mean", "median"}:
            return "float64"
        if column.type not in INTEGERS or not isinstance(self.value, float):
            return column.type
        if not self.value.is_integer():
            return "float64"
        return column.type if self._fits(column.type) else "int64"

    def _fits(self, kind: str) -> bool:
        low, high = pl.select(TYPES[kind].min(), TYPES[kind].max().alias("high")).row(0)
        return isinstance(self.value, float) and bool(low <= int(self.value) <= high)

    def _found(self, train: LazyTable, columns: Sequence[Column]) -> dict[str, Any]:
        if self.statistic == "constant":
            return {column.name: self._constant(column) for column in columns}
        if self.statistic == "most_frequent":
            return {column.name: _most_frequent(train, column) for column in columns}
        statistic = self.statistic
        wanted = {column.name: getattr(finite(column), statistic)() for column in columns}
        return figures(train, wanted, quantiles=statistic == "median")

    def _constant(self, column: Column) -> Any:
        value = self.value
        fits = {
            "boolean": isinstance(value, bool),
            "string": isinstance(value, str),
        }.get(column.type, isinstance(value, float) and not isinstance(value, bool))
        if fits and column.type in INTEGERS and isinstance(value, float) and value.is_integer():
            fits = self._fits(column.type) or (column.type != "uint64" and self._fits("int64"))
        if not fits:
            raise ColumnTypeError(
                f"Column {column.name!r} is {column.type}, and {value!r} is not.",
                hint="Give a value of the column's type, or cast the column first.",
                field="value",
            )
        if self._type(column) in INTEGERS and isinstance(value, float):
            return int(value)
        return value

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` with the gaps of the learnt columns filled.

        Raises:
            MissingColumnError: A learnt column is not in `table`.
        """
        if not values:
            return table
        require_columns(table, list(values))
        schema = table.collect_schema()
        return table.with_columns(*(_filled(name, schema[name], learnt) for name, learnt in values.items()))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return numbers, texts and constants with gaps."""
        people = frame(name=["Ann", None, "Cy", "Ann"], age=[30, None, 50, 40], size=[1.5, None, float("nan"), 2.0])
        return [
            Example(cls(columns=("age",), statistic="median"), {"train": people}),
            Example(cls(), {"train": people}),
            Example(cls(statistic="most_frequent"), {"train": people}),
            Example(cls(columns=("age", "size"), statistic="constant", value=0), {"train": people}),
            Example(cls(columns=("name",), statistic="constant", value="nobody"), {"train": people}),
        ]


def _most_frequent(train: LazyTable, column: Column) -> Any:
    """Return the value that most rows have, the smallest of several, or None where all are null."""
    counts = (
        train.select(finite(column).alias("value"))
        .drop_nulls()
        .group_by("value")
        .agg(nw.len().alias("rows"))
        .sort("rows", "value", descending=[True, False])
        .head(1)
    )
    rows = counts.collect(backend="polars").to_native()
    return rows["value"][0] if len(rows) else None


def _filled(name: str, dtype: Any, learnt: Mapping[str, Any]) -> nw.Expr:
    value = nw.col(name)
    if learnt["type"] == "int64" and dtype.is_integer() and dtype != nw.Int64:  # the constant does not fit
        value = value.cast(nw.Int64())
    if learnt["fill"] is not None:
        known = nw.when(~value.is_nan()).then(value) if dtype.is_float() else value
        value = known.fill_null(learnt["fill"])
    return (value.cast(nw.Float64()) if learnt["type"] == "float64" else value).alias(name)
