"""Summarise rows group by group."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final, Literal

import narwhals as nw
from pydantic import BaseModel, ConfigDict, Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.errors import ColumnTypeError, ParameterError
from operators.contract.fields import hint
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import INTEGERS, NUMERIC, Column, LazyTable, names_of, require_columns, schema_of
from operators.prepare.columns import FLOATS
from operators.row_numbers import unused_name

__all__ = ["Aggregation", "GroupAggregate"]

FunctionName = Literal["sum", "mean", "median", "std", "min", "max", "count", "n_unique", "rows"]

_FIGURES = frozenset({"sum", "mean", "median", "std"})
_FUNCTIONS: Final[Mapping[str, Callable[[nw.Expr], nw.Expr]]] = {
    "sum": lambda value: value.sum(),
    "mean": lambda value: value.mean(),
    "median": lambda value: value.median(),
    "std": lambda value: value.std(ddof=1),
    "min": lambda value: value.min(),
    "max": lambda value: value.max(),
    "count": lambda value: value.count().cast(nw.Int64()),
    # narwhals counts null as a value of its own
    "n_unique": lambda value: (
        value.n_unique().cast(nw.Int64()) - nw.when(value.null_count() > 0).then(nw.lit(1)).otherwise(nw.lit(0))
    ),
}


class Aggregation(BaseModel):
    """One figure of each group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    function: FunctionName = Field(
        description="What to compute; rows counts all rows, count those with a value",
        json_schema_extra=hint("要计算的统计量；rows 为所有行数，count 为非空值数"),
    )
    column: str | None = Field(
        None, description="Of which column; not for rows", json_schema_extra=hint("针对哪一列；rows 不需要", "column")
    )
    name: str | None = Field(
        None,
        description="Name of the new column; column_function when left out",
        json_schema_extra=hint("新列的名称；省略时为 列名_统计量"),
    )

    @model_validator(mode="after")
    def _column_where_needed(self) -> "Aggregation":
        if self.column is None and self.function != "rows":
            raise contradiction("column", "{function} needs a column", "{function} 需要指定列", function=self.function)
        return self

    @property
    def label(self) -> str:
        """The name of the new column."""
        return self.name or ("rows" if self.column is None else f"{self.column}_{self.function}")


class GroupAggregate(TableOperator):
    """Give one row for each group of rows that are equal in `by`, with figures of each group.

    Null is a group like any other, and so is NaN. The groups are sorted by their keys, nulls last. Figures pass over
    nulls and NaN; a group without values has sum 0 and else null. Engines add in parallel, so the last bits of sums and
    means of fractions may differ from run to run. Counts and sums of integers are int64, and a sum that does not fit
    there is an error. The deviation of infinite values is null. Without `by` the whole table is one group.
    """

    alternative: ClassVar[str] = (
        "Store the groups as a dataset, and bring them in by join_tables with one right row per key."
    )
    card: ClassVar[Card] = Card(
        title={"en": "Group and aggregate", "zh": "分组聚合"},
        category="transform",
        engines=ALL_ENGINES,
        version=2,
        about={
            "zh": (
                "把 `by` 取值相同的行归为一组，每组输出一行统计量。\n\n空值与其他取值一样自成一组。各组按键排序，"
                "空值排在最后。统计量忽略空值和 NaN；没有值的组总和为 0，其余统计量为空值。计算引擎并行求和，"
                "小数的总和与均值的末位可能因运行而异。计数与整数的总和为 int64，放不下时报错；"
                "含无穷大时标准差为空值。不填 `by` 时整个表为一组。"
            )
        },
    )

    by: tuple[str, ...] = Field(
        (),
        description="Columns that make the groups; none for one group of all rows",
        json_schema_extra=hint("分组依据的列；留空表示整个表为一组", "columns"),
    )
    aggregations: tuple[Aggregation, ...] = Field(
        min_length=1, description="The figures of each group", json_schema_extra=hint("每组要计算的统计量")
    )

    def transform(self, table: LazyTable) -> LazyTable:
        """Return one row for each group.

        Raises:
            MissingColumnError: A column is not in `table`.
            ColumnTypeError: A figure of a column that is not numeric.
            ParameterError: Two columns would have the same name.
        """
        require_columns(table, self.by, field="by")
        labels = [*self.by, *(aggregation.label for aggregation in self.aggregations)]
        for label in labels:
            if labels.count(label) > 1:
                raise ParameterError(
                    f"Two columns would be called {label!r}.", hint="Give one a name.", field="aggregations"
                )
        table, summed = self._with_exact_sums(table)
        figures = [self._figure(table, aggregation, summed) for aggregation in self.aggregations]
        if not self.by:
            return table.select(*figures)
        keys = [nw.col(name) for name in self.by]  # narwhals takes the name "" for none
        return table.group_by(*keys).agg(*figures).sort(*self.by, nulls_last=True)

    def _with_exact_sums(self, table: LazyTable) -> tuple[LazyTable, Mapping[str, str]]:
        """Return the table and, by column, what to add up instead of an int64: decimals on Spark, which adds in int64.

        A sum may pass the end of int64 on its way and come back, in whatever order the rows are added.
        """
        if not table.implementation.is_pyspark():
            return table, {}
        columns = {one.column for one in self.aggregations if one.function == "sum" and one.column is not None}
        summed: dict[str, str] = {}
        names, native = names_of(table), table.to_native()
        for column in schema_of(table):
            if column.name in columns and column.type == "int64":
                summed[column.name] = unused_name([*names, *summed.values()])
                native = native.withColumn(summed[column.name], native[f"`{column.name}`"].cast("decimal(19, 0)"))
        return nw.from_native(native), summed

    def _figure(self, table: LazyTable, aggregation: Aggregation, summed: Mapping[str, str]) -> nw.Expr:
        if aggregation.column is None:
            return nw.len().cast(nw.Int64()).alias(aggregation.label)
        column = require_columns(table, [aggregation.column], field="aggregations")[aggregation.column]
        if aggregation.function == "rows":
            return nw.len().cast(nw.Int64()).alias(aggregation.label)
        value = _there(column)
        if aggregation.function == "sum" and column.name in summed:
            value = nw.col(summed[column.name])
        elif aggregation.function in _FIGURES:
            polars = table.implementation.is_polars()
            value = value.cast(_summable(column, aggregation.function, polars=polars))
        figure = _FUNCTIONS[aggregation.function](value)
        if aggregation.function == "std" and column.type in FLOATS:
            figure = _finite_only(value)
        return _as_polars(figure, column, aggregation).alias(aggregation.label)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return every function over groups with nulls, and a table as one group."""
        sales = frame(
            shop=["b", "a", None, "a", "b"], price=[2.0, 4.0, 1.0, None, 3.0], count=[1, 2, 3, 4, 5], big=[True] * 5
        )
        functions: list[FunctionName] = ["sum", "mean", "median", "std", "min", "max", "count", "n_unique"]
        every = tuple(Aggregation(function=function, column="price") for function in functions)
        return [
            Example(cls(by=("shop",), aggregations=(*every, Aggregation(function="rows"))), {"table": sales}),
            Example(
                cls(
                    by=("shop",),
                    aggregations=(
                        Aggregation(function="sum", column="count", name="all"),
                        Aggregation(function="mean", column="big"),
                    ),
                ),
                {"table": sales},
            ),
            Example(cls(aggregations=(Aggregation(function="max", column="price"),)), {"table": sales}),
        ]


def _there(column: Column) -> nw.Expr:
    """Return a column with nulls for NaN, which engines order, count and add in their own ways."""
    value = nw.col(column.name)
    return nw.when(~value.is_nan()).then(value) if column.type in FLOATS else value


def _finite_only(value: nw.Expr) -> nw.Expr:
    """Return the deviation, null where a value is infinite: DuckDB would fail."""
    endless = nw.when(~value.is_finite()).then(value).count()
    return nw.when(endless == 0).then(nw.when(value.is_finite()).then(value).std(ddof=1))


def _summable(column: Column, function: str, *, polars: bool) -> nw.dtypes.DType:
    """Return the type in which a column is summed: wide enough for many rows, and not to wrap.

    Polars adds int64 in int64, so it is handed int128; DuckDB adds in a wider type, Spark is handed decimals.
    """
    if column.type not in NUMERIC | {"boolean", "unknown"}:
        raise ColumnTypeError(
            f"Column {column.name!r} is {column.type}, and {function} needs a number.",
            hint="Use count, n_unique, min or max, or cast the column first.",
            field="aggregations",
        )
    if function != "sum" or column.type not in INTEGERS | {"boolean"}:
        return nw.Float64()
    large = column.type == "uint64" or (polars and column.type == "int64")
    return nw.Int128() if large else nw.Int64()


def _as_polars(figure: nw.Expr, column: Column, aggregation: Aggregation) -> nw.Expr:
    """Return `figure` in the type that Polars gives it, where another engine gives another."""
    if aggregation.function not in _FIGURES:
        return figure
    whole = aggregation.function == "sum" and column.type in INTEGERS | {"boolean"}
    return figure.cast(nw.Int64() if whole else nw.Float64())
