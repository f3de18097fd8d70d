"""Bring numeric columns to a common scale."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
from pydantic import Field

from operators.constant import is_constant, is_rounding
from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ColumnTypeError
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example, frame
from operators.contract.tables import NUMERIC, Column, LazyTable, Schema, require_columns
from operators.prepare.columns import chosen, figures, finite, schema_after

Method = Literal["standard", "min_max", "robust"]


class ScaleNumeric(FittedOperator):
    """Subtract a centre from numeric columns and divide by a spread, both learnt from the training rows.

    `standard`: mean and standard deviation (of the population); `min_max`: smallest value and range, so that
    training rows lie in [0, 1]; `robust`: median and interquartile range. The columns become float64. Rows and
    their order stay; nulls stay null. Values that are not finite teach nothing. A constant column becomes 0,
    one without values stays without.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Scale numbers", "zh": "数值缩放"},
        category="prepare",
        engines=ALL_ENGINES,
        version=2,
        online="fitted",
        about={
            "zh": (
                "把数值列减去中心再除以离散程度，两者都从训练数据学得。\n\n`standard`：均值与（总体）标准差；"
                "`min_max`：最小值与极差，使训练数据落在 [0, 1]；`robust`：中位数与四分位距。列变为 float64。"
                "行及其顺序不变，空值仍为空值。非有限的值不参与学习。常量列变为 0，没有值的列保持不变。"
            )
        },
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Numeric columns to scale; all numeric columns when empty",
        json_schema_extra=hint("要缩放的数值列；留空表示所有数值列", "columns"),
    )
    method: Method = Field(
        "standard",
        description="What is subtracted and divided by: mean and deviation, smallest and range, median and quartiles",
        json_schema_extra=hint("减去并除以：均值与标准差、最小值与极差、中位数与四分位距"),
    )

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
            column.name: {"center": 0.0, "scale": 1.0} for column in chosen(table, self.columns, NUMERIC, "scaling")
        }

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{column: {"center", "scale"}}`.

        Raises:
            MissingColumnError: One of `columns` is not in `train`.
            ColumnTypeError: One of `columns` is not numeric, or its numbers are too large for their distance.
        """
        columns = chosen(train, self.columns, NUMERIC, "scaling")
        measures = {column.name: self._measures(column) for column in columns}
        wanted = {(name, part): value for name, parts in measures.items() for part, value in parts.items()}
        found = figures(train, wanted, quantiles=self.method == "robust")
        learnt = {
            name: _center_and_scale({part: found[name, part] for part in parts}) for name, parts in measures.items()
        }
        for name, values in learnt.items():
            if not all(map(math.isfinite, values.values())):
                raise ColumnTypeError(
                    f"Column {name!r} holds numbers that lie too far apart to be scaled.",
                    hint="Pull them in with clip_outliers first, or leave the column out.",
                    field="columns",
                )
        return learnt

    def _measures(self, column: Column) -> dict[str, nw.Expr]:
        """Return the centre, and the spread or its two ends."""
        value = finite(column)
        ends = {"low": value.min(), "high": value.max()}
        if self.method == "standard":
            return {"center": value.mean(), "spread": value.std(ddof=0), "rows": value.count(), **ends}
        if self.method == "min_max":
            return {"center": value.min(), **ends}
        return {
            "center": value.median(),
            "low": value.quantile(0.25, interpolation="linear"),
            "high": value.quantile(0.75, interpolation="linear"),
        }

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` with the learnt columns scaled.

        Raises:
            MissingColumnError: A learnt column is not in `table`.
        """
        require_columns(table, list(values))
        scaled = [
            ((nw.col(name).cast(nw.Float64()) - learnt["center"]) / learnt["scale"]).alias(name)
            for name, learnt in values.items()
        ]
        return table.with_columns(*scaled) if scaled else table

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return each method on a column with a null and a constant one."""
        table = frame(name=["a", "b", "c", "d"], size=[1, 2, None, 9], same=[5.0, 5.0, 5.0, 5.0])
        methods: tuple[Method, ...] = ("standard", "min_max", "robust")
        return [Example(cls(method=method), {"train": table}) for method in methods]


def _center_and_scale(measured: Mapping[str, float | None]) -> dict[str, float]:
    known = {part: 0.0 if value is None else float(value) for part, value in measured.items()}
    if "spread" in known:
        spread = known["spread"]
        equal = known["low"] == known["high"]
        constant = equal or (math.isfinite(spread) and bool(is_constant(spread, known["center"], known["rows"])))
        center = known["low"] if constant else known["center"]  # a rounded mean would leave a rest
    else:
        spread = known["high"] - known["low"]
        constant, center = is_rounding(known["low"], known["high"]), known["center"]
    return {"center": center, "scale": 1.0 if constant else spread}
