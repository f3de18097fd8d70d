"""Pull extreme numbers in to bounds learnt from the training rows."""

import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.losses import Loss, before
from operators.contract.operator import Example, frame
from operators.contract.tables import NUMERIC, LazyTable, Schema, require_columns
from operators.prepare.columns import chosen, figures, finite, schema_after

_LARGEST = sys.float_info.max  # infinity has no place in JSON


class ClipOutliers(FittedOperator):
    """Set numbers beyond a lower and an upper bound to the bound.

    `iqr`: the quartiles of the training rows, widened by `factor` times their distance; `quantile`: the quantiles
    `lower` and `upper` (linear between values). The columns become float64. Rows and their order stay; nulls
    stay null, NaN stays NaN, infinities come to a bound. A column without values in training stays as it is.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Clip outliers", "zh": "截断异常值"},
        category="prepare",
        engines=ALL_ENGINES,
        online="fitted",
        about={
            "zh": (
                "把超出上下界的数值设为界限值。\n\n`iqr`：训练数据的四分位数向外扩展 `factor` 倍四分位距；"
                "`quantile`：取 `lower` 和 `upper` 两个分位数（线性插值）。列变为 float64。行及其顺序不变；"
                "空值仍为空值，NaN 仍为 NaN，无穷大取界限值。训练数据中没有值的列保持不变。"
            )
        },
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Numeric columns to clip; all numeric columns when empty",
        json_schema_extra=hint("要截断的数值列；留空表示所有数值列", "columns"),
    )
    method: Literal["iqr", "quantile"] = Field(
        "iqr",
        description="Where the bounds lie: beyond the quartiles, or at two quantiles",
        json_schema_extra=hint("界限的确定方式：四分位距或分位数"),
    )
    factor: float = Field(
        1.5,
        ge=0,
        le=100,
        description="Quartile distances beyond the quartiles, for iqr",
        json_schema_extra=hint("四分位距的倍数，用于 iqr", show_if={"method": "iqr"}),
    )
    lower: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Lower quantile, for quantile",
        json_schema_extra=hint("下分位数，用于 quantile", show_if={"method": "quantile"}),
    )
    upper: float = Field(
        0.99,
        ge=0,
        le=1,
        description="Upper quantile, for quantile",
        json_schema_extra=hint("上分位数，用于 quantile", show_if={"method": "quantile"}),
    )

    @model_validator(mode="after")
    def _bounds_in_order(self) -> "ClipOutliers":
        if self.lower >= self.upper:
            raise contradiction(
                "upper",
                "lower is below upper, but {lower} is not below {upper}",
                "下分位数必须小于上分位数，而 {lower} 不小于 {upper}",
                lower=self.lower,
                upper=self.upper,
            )
        return self

    def works_on(self, schema: Schema) -> Collection[str] | None:
        """Return the columns that are named; any where none is."""
        del schema
        return self.columns or None

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema: the columns become float64 whatever is learnt."""
        del sources
        return schema_after(self, inputs, self._neutral)

    def _neutral(self, table: LazyTable) -> dict[str, Any]:
        return {
            column.name: {"lower": None, "upper": None} for column in chosen(table, self.columns, NUMERIC, "clipping")
        }

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{column: {"lower", "upper"}}`, null for both where a column has no values.

        Raises:
            MissingColumnError: One of `columns` is not in `train`.
            ColumnTypeError: One of `columns` is not numeric.
        """
        columns = chosen(train, self.columns, NUMERIC, "clipping")
        low, high = (0.25, 0.75) if self.method == "iqr" else (self.lower, self.upper)
        wanted = {
            (column.name, level): finite(column).quantile(level, interpolation="linear")
            for column in columns
            for level in (low, high)
        }
        found = figures(train, wanted, quantiles=True)
        return {column.name: self._bounds(found[column.name, low], found[column.name, high]) for column in columns}

    def _bounds(self, low: float | None, high: float | None) -> dict[str, float | None]:
        if low is None or high is None:
            return {"lower": None, "upper": None}
        margin = self.factor * (high - low) if self.method == "iqr" else 0.0
        return {"lower": max(float(low) - margin, -_LARGEST), "upper": min(float(high) + margin, _LARGEST)}

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` with the learnt columns within their bounds.

        Raises:
            MissingColumnError: A learnt column is not in `table`.
        """
        require_columns(table, list(values))
        clipped = [_clipped(name, bounds).alias(name) for name, bounds in values.items()]
        return table.with_columns(*clipped) if clipped else table

    def losses(self, schemas: Mapping[str, Schema], values: Mapping[str, Any] | None = None) -> Sequence[Loss]:
        """Return the values that were moved to a bound."""
        del schemas
        found = []
        for name in values or {}:
            there, needs = ~before(name, "train").is_null(), {"train": (name,)}
            found.append(Loss("clipped", name, there & (before(name, "train") != nw.col(name)), there, needs))
        return found

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return both methods on a column with a null and an extreme value."""
        table = frame(name=["a", "b", "c", "d", "e", "f"], size=[1, 2, 3, None, 4, 900], same=[1.0] * 6)
        return [
            Example(cls(), {"train": table}),
            Example(cls(columns=("size",), method="quantile", lower=0.1, upper=0.9), {"train": table}),
        ]


def _clipped(name: str, bounds: Mapping[str, float | None]) -> nw.Expr:
    value = nw.col(name).cast(nw.Float64())
    if bounds["lower"] is None:
        return value
    low, high = nw.lit(bounds["lower"]), nw.lit(bounds["upper"])
    is_number = ~value.is_nan()  # DuckDB and Spark take NaN for the largest number
    return (
        nw.when(is_number & (value < low))
        .then(low)
        .otherwise(nw.when(is_number & (value > high)).then(high).otherwise(value))
    )
