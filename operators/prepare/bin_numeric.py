"""Sort numbers into bins."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
import polars as pl
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.errors import ParameterError
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example, frame
from operators.contract.tables import NUMERIC, Column, LazyTable, Schema, lazy, names_of, require_columns
from operators.prepare.columns import FLOATS, chosen, figures, finite, schema_after

Method = Literal["equal_width", "equal_frequency", "edges"]


class BinNumeric(FittedOperator):
    """Replace numbers by the bin they fall into.

    `equal_width`: `bins` intervals of the same width between the smallest and the largest training value;
    `equal_frequency`: between quantiles of the training rows (linear between values), so that each holds about as
    many; equal quantiles make one bin of several. `edges`: between the numbers given. A bin holds its lower edge and
    not its upper one; the first and the last are open, so that every number has a bin. Bins are int64, counted from
    0, or texts such as `[10, 20)`. Rows and their order stay; null and NaN become null. A constant column and one
    without values have one bin.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Bin numbers", "zh": "数值分箱"},
        category="prepare",
        engines=ALL_ENGINES,
        online="fitted",
        about={
            "zh": (
                "把数值替换为它所在的箱。\n\n`equal_width`：在训练数据的最小值与最大值之间划分 `bins` 个等宽区间；"
                "`equal_frequency`：按训练数据的分位数（线性插值）划分，每箱行数大致相同，"
                "相等的分位数合并为一箱；`edges`：按给定的边界划分。每箱包含下边界，不包含上边界；"
                "首尾两箱不设限，因此每个数都有所属的箱。箱为从 0 开始的 int64 编号，或如 `[10, 20)` 的文本。"
                "行及其顺序不变；空值和 NaN 变为空值。常量列和没有值的列只有一箱。"
            )
        },
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Numeric columns to bin; all numeric columns when empty",
        json_schema_extra=hint("要分箱的数值列；留空表示所有数值列", "columns"),
    )
    method: Method = Field(
        "equal_frequency",
        description="Bins of the same width, of about as many rows each, or between given edges",
        json_schema_extra=hint("分箱方式：等宽、等频、指定边界"),
    )
    bins: int = Field(
        5,
        ge=2,
        le=100,
        description="Number of bins; not for edges",
        json_schema_extra=hint("箱数；指定边界时不使用", show_if={"method": ["equal_width", "equal_frequency"]}),
    )
    edges: tuple[float, ...] = Field(
        (),
        max_length=99,
        description="Ascending numbers between the bins, for edges",
        json_schema_extra=hint("箱与箱之间的边界，按升序填写，用于指定边界", show_if={"method": "edges"}),
    )
    output: Literal["number", "range"] = Field(
        "number",
        description="What a bin is called: its number from 0, or its range",
        json_schema_extra=hint("箱的表示：从 0 开始的编号，或取值范围"),
    )
    keep: bool = Field(
        False,
        description="Keep the numbers, and put the bins beside them as column_bin",
        json_schema_extra=hint("保留原数值列，并将分箱结果放入新列 列名_bin"),
    )

    @model_validator(mode="after")
    def _edges_ascend(self) -> "BinNumeric":
        if (self.method == "edges") != bool(self.edges):
            raise contradiction(
                "edges", "edges are given exactly when the method is edges", "仅当方法为指定边界时填写边界，且必须填写"
            )
        if not all(math.isfinite(edge) for edge in self.edges):
            raise contradiction(
                "edges",
                "edges are finite numbers, not {edges}",
                "边界必须是有限的数，不能是 {edges}",
                edges=list(self.edges),
            )
        if any(low >= high for low, high in itertools.pairwise(self.edges)):
            raise contradiction(
                "edges",
                "edges ascend, and {edges} do not",
                "边界必须按升序填写，而 {edges} 不是",
                edges=list(self.edges),
            )
        return self

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the schema, which does not depend on what is learnt."""
        del sources
        return schema_after(self, inputs, self._neutral)

    def _neutral(self, table: LazyTable) -> dict[str, Any]:
        return {column.name: {"edges": []} for column in self._chosen(table)}

    def _chosen(self, table: LazyTable) -> list[Column]:
        columns, names = chosen(table, self.columns, NUMERIC, "binning"), set(names_of(table))
        for column in columns:
            if self.keep and _beside(column.name) in names:
                raise ParameterError(
                    f"There is a column {_beside(column.name)!r} already.", hint="Rename it first.", field="keep"
                )
        return columns

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{column: {"edges"}}`: the numbers between its bins, ascending; one fewer than there are bins.

        Raises:
            MissingColumnError: One of `columns` is not in `train`.
            ColumnTypeError: One of `columns` is not numeric.
            ParameterError: A new column would have the name of another.
        """
        columns = self._chosen(train)
        if self.method == "edges":
            return {column.name: {"edges": list(self.edges)} for column in columns}
        levels = [number / self.bins for number in range(1, self.bins)] if self.method == "equal_frequency" else []
        wanted: dict[tuple[str, float], nw.Expr] = {}
        for column in columns:
            value = finite(column)
            wanted |= {(column.name, 0.0): value.min(), (column.name, 1.0): value.max()}
            wanted |= {(column.name, level): value.quantile(level, interpolation="linear") for level in levels}
        found = figures(train, wanted, quantiles=bool(levels))
        return {column.name: {"edges": self._edges(column.name, levels, found)} for column in columns}

    def _edges(self, name: str, levels: Sequence[float], found: Mapping[tuple[str, float], Any]) -> list[float]:
        if found[name, 0.0] is None:
            return []
        low, high = float(found[name, 0.0]), float(found[name, 1.0])
        if levels:
            return inner_edges((float(found[name, level]) for level in levels), low, high)
        shares = [number / self.bins for number in range(1, self.bins)]
        if math.isfinite(high - low):
            return inner_edges((low + (high - low) * share for share in shares), low, high)
        return inner_edges((low * (1 - share) + high * share for share in shares), low, high)

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` with the bins of the learnt columns.

        Raises:
            MissingColumnError: A learnt column is not in `table`.
        """
        if not values:
            return table
        kinds, names = require_columns(table, list(values)), {name: self._label(name) for name in values}
        native = table.to_native()
        if isinstance(
            native, pl.LazyFrame
        ):  # a search in the edges, where other engines compare with one after another
            found = [
                _searched(kinds[name], learnt["edges"], self._names(learnt["edges"])).alias(names[name])
                for name, learnt in values.items()
            ]
            return lazy(native.with_columns(found))
        compared = [
            _compared(kinds[name], learnt["edges"], self._names(learnt["edges"])).alias(names[name])
            for name, learnt in values.items()
        ]
        return table.with_columns(*compared)

    def _label(self, name: str) -> str:
        return _beside(name) if self.keep else name

    def _names(self, edges: Sequence[float]) -> list[Any]:
        return ranges(edges) if self.output == "range" else list(range(len(edges) + 1))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return each method on whole numbers and fractions, with gaps, a skewed column and a constant one."""
        table = frame(
            name=["a", "b", "c", "d", "e", "f"],
            age=[18, 25, None, 41, 60, 33],
            size=[0.0, 0.0, 0.0, float("nan"), 2.5, 900.0],
            same=[1.0] * 6,
        )
        return [
            Example(cls(bins=3), {"train": table}),
            Example(cls(method="equal_width", bins=4, output="range", keep=True), {"train": table}),
            Example(cls(columns=("age",), method="edges", edges=(18, 65), output="range"), {"train": table}),
        ]


def _searched(column: Column, edges: Sequence[float], names: Sequence[Any]) -> pl.Expr:
    """Return the bins of a column by binary search, as Polars does it."""
    value = pl.col(column.name).cast(pl.Float64)
    value = pl.when(value.is_not_nan()).then(value)
    place = pl.lit(pl.Series(edges, dtype=pl.Float64)).search_sorted(value, side="right")
    kind: Any = pl.String if isinstance(names[0], str) else pl.Int64
    return pl.when(value.is_not_null()).then(pl.lit(pl.Series(names, dtype=kind)).gather(place))


def _compared(column: Column, edges: Sequence[float], names: Sequence[Any]) -> nw.Expr:
    """Return the bins of a column by comparing it with each edge."""
    value = nw.col(column.name)
    there = ~value.is_null()
    if column.type in FLOATS:
        there = there & ~value.is_nan()
    bins = nw.lit(names[-1])
    for edge, name in reversed(list(zip(edges, names, strict=False))):
        bins = nw.when(value < edge).then(nw.lit(name)).otherwise(bins)
    return nw.when(there).then(bins).cast(nw.String() if isinstance(names[0], str) else nw.Int64())


def inner_edges(candidates: Any, low: float, high: float) -> list[float]:
    """Return the candidates strictly between `low` and `high`, each once, ascending: so that no bin is empty by design.

    They are rounded to 12 digits, or to 9 of the distance between `low` and `high` where that is finer and floats can
    tell: engines interpolate with other last bits, and numbers often lie on an edge.

    Args:
        candidates: Finite numbers.
        low: The smallest value; a bin below it would hold nothing.
        high: The largest value, which belongs to the last bin as scikit-learn has it.
    """
    return sorted({edge for edge in (_rounded(one, high - low) for one in candidates) if low < edge < high})


def _rounded(edge: float, width: float) -> float:
    usual = float(f"{edge:.12g}")
    if not 0 < width < abs(edge) * 1e-3:
        return usual
    least = 2 * math.ulp(edge)
    return round(round(edge / least) * least, 8 - math.floor(math.log10(width)))


def ranges(edges: Sequence[float]) -> list[str]:
    """Return a text for each bin, as `(-∞, 10)`, `[10, 20)`, `[20, ∞)`; all are different."""
    told = [f"{edge:.6g}" for edge in edges]
    if len(set(told)) < len(told):
        told = [repr(float(edge)) for edge in edges]
    ends = ["-∞", *told, "∞"]
    return [
        f"{'(' if number == 0 else '['}{low}, {high})" for number, (low, high) in enumerate(itertools.pairwise(ends))
    ]


def _beside(name: str) -> str:
    return f"{name}_bin"
