"""Replace many numeric columns by a few that hold most of their variance."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, ClassVar

import narwhals as nw
import numpy as np
import polars as pl
from pydantic import Field

from operators.constant import is_constant
from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import EmptyTableError, ParameterError
from operators.contract.fields import hint
from operators.contract.fitted import FittedOperator
from operators.contract.operator import Example, frame
from operators.contract.tables import (
    NUMERIC,
    Column,
    LazyTable,
    Schema,
    collected,
    empty_table,
    lazy,
    names_of,
    require_columns,
)
from operators.prepare.columns import FLOATS, chosen
from operators.prepare.indicators import require_new_names
from operators.row_numbers import unused_name

Matrix = np.ndarray[Any, Any]

LEAST_ROWS = 2
NOTHING = 1e-12  # share of the variance below which a direction is rounding, not data


class Pca(FittedOperator):
    """Replace numeric columns by their principal components, `pc_1` first: the directions of largest variance.

    As many components as asked for, or as explain `share` of the variance of the training rows; never more than the
    columns have directions. With `scale` every column counts the same, whatever its unit. A null, NaN or infinity
    counts as the column's mean. The components come last, the other columns, the rows and their order stay. The state
    has `explained`, each component's share of the variance, and the weight of each column in it.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Principal components", "zh": "主成分分析"},
        category="prepare",
        engines=ALL_ENGINES,
        version=2,
        online="fitted",
        about={
            "zh": (
                "用主成分代替数值列，`pc_1` 在最前：即方差最大的方向。\n\n成分的个数按指定，"
                "或取到能解释训练数据方差的 `share` 为止，且不超过各列的独立方向数。设置 `scale` 后，"
                "各列无论单位都同等重要。空值、NaN 和无穷大按该列均值处理。成分放在最后，其余列、行及其顺序不变。"
                "状态中的 `explained` 是各成分解释的方差占比，并含有各列的权重。"
            )
        },
    )

    columns: tuple[str, ...] = Field(
        (),
        description="Numeric columns to replace; all numeric columns when empty",
        json_schema_extra=hint("要降维的数值列；留空表示所有数值列", "columns"),
    )
    components: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="Number of components; as many as explain `share` when unset",
        json_schema_extra=hint("主成分个数；不填则由累计方差占比决定"),
    )
    share: float = Field(
        0.95,
        gt=0,
        le=1,
        description="Share of the variance that the components explain together, where their number is not set",
        json_schema_extra=hint("主成分累计解释的方差占比，在未指定个数时使用"),
    )
    scale: bool = Field(
        True,
        description="Divide each column by its standard deviation first, so that units do not matter",
        json_schema_extra=hint("先将每列除以标准差，使单位不影响结果"),
    )
    keep: bool = Field(
        False, description="Keep the columns beside the components", json_schema_extra=hint("保留原来的列")
    )
    prefix: str = Field(
        "pc_",
        min_length=1,
        description="What the names of the components begin with; their number follows",
        json_schema_extra=hint("主成分列名的前缀，其后为序号"),
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Check the columns; how many components there are depends on the rows."""
        del sources
        schema = inputs.get("train")
        if schema is not None:
            self._chosen(empty_table(schema))
        return {"table": None, "state": None}

    def fit(self, train: LazyTable) -> dict[str, Any]:
        """Return `{"columns": [{"name", "mean", "scale"}], "weights", "explained"}`.

        `weights` has a list for each component with a weight for each column, `explained` a share for each component.

        Raises:
            MissingColumnError: One of `columns` is not in `train`.
            ColumnTypeError: One of `columns` is not numeric.
            EmptyTableError: There are fewer than two rows.
            ParameterError: No column varies, or a component would have the name of another column.
        """
        from sklearn.decomposition import PCA

        columns = self._chosen(train)
        rows = collected(train.select(*(_number(column) for column in columns))) if columns else pl.DataFrame()
        if rows.height < LEAST_ROWS:
            raise EmptyTableError(
                f"{rows.height} rows with {len(columns)} numeric columns have no principal components.",
                hint="Bring two rows and a numeric column at least.",
                field="columns",
            )
        matrix, means, scales = _standardised(rows.to_numpy(), scale=self.scale)
        if not matrix.any():
            raise ParameterError(
                "None of the columns varies, so they have no principal components.",
                hint="Choose columns that vary.",
                field="columns",
            )
        found = PCA(svd_solver="full").fit(matrix)
        count = self._count(found.explained_variance_ratio_)
        kept = set(names_of(train)) - (set() if self.keep else {column.name for column in columns})
        require_new_names(kept, [f"{self.prefix}{number}" for number in range(1, count + 1)])
        learnt = zip(columns, means.tolist(), scales.tolist(), strict=True)
        return {
            "columns": [{"name": column.name, "mean": mean, "scale": scale} for column, mean, scale in learnt],
            "weights": found.components_[:count].tolist(),
            "explained": found.explained_variance_ratio_[:count].tolist(),
        }

    def _chosen(self, table: LazyTable) -> list[Column]:
        return chosen(table, self.columns, NUMERIC, "a principal component")

    def _count(self, explained: Matrix) -> int:
        """Return how many components are kept, of those that are more than rounding."""
        real = int((explained > NOTHING).sum())
        if self.components is not None:
            return min(self.components, real)
        enough = int(np.searchsorted(np.cumsum(explained), self.share - NOTHING)) + 1
        return min(enough, real)

    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` with the components in place of the columns.

        Raises:
            MissingColumnError: A learnt column is not in `table`.
        """
        known = require_columns(table, [column["name"] for column in values["columns"]])
        kept = [name for name in names_of(table) if self.keep or name not in known]
        labels = [f"{self.prefix}{number}" for number in range(1, len(values["weights"]) + 1)]
        native = table.to_native()
        if isinstance(native, pl.LazyFrame):  # the sums below take 100 times as long on a row
            together = unused_name([*kept, *labels], "components")
            found = native.select(*kept, _added(values, labels).alias(together))
            return lazy(found.unnest(together))
        return table.select(*kept, *_summed(values, known, labels))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return columns that move together, with gaps and a constant one, by share and by number."""
        rows = frame(
            name=["a", "b", "c", "d", "e", "f"],
            size=[1.0, 2.0, None, 4.0, 5.5, 6.0],
            weight=[10, 21, 29, 42, 50, None],
            age=[3.0, 1.0, float("nan"), 1.0, 5.0, 9.0],
            same=[7] * 6,
        )
        return [
            Example(cls(share=0.9), {"train": rows}),
            Example(cls(columns=("size", "weight"), components=1, scale=False, keep=True, prefix="c"), {"train": rows}),
        ]


def _number(column: Column) -> nw.Expr:
    return nw.col(column.name).cast(nw.Float64())


def _added(values: Mapping[str, Any], labels: Sequence[str]) -> pl.Expr:
    """Return a struct of the components of each row, called `labels`."""
    means, scales = (np.array([column[part] for column in values["columns"]]) for part in ("mean", "scale"))
    weights = np.array(values["weights"]).T
    fields = pl.Struct(dict.fromkeys(labels, pl.Float64))

    def components(rows: pl.Series) -> pl.Series:
        matrix = rows.struct.unnest().to_numpy()
        centred = np.where(np.isfinite(matrix), (matrix - means) / scales, 0.0)
        # added up column by column: a product of matrices gives other last bits for one row than for many, which is
        # enough to send a row to the other side of a split of a tree
        total = np.zeros((len(rows), weights.shape[1]))
        for place, weight in enumerate(weights):
            total += centred[:, place, None] * weight
        return pl.DataFrame(total, schema=list(labels)).to_struct(rows.name)

    columns = pl.struct(pl.col(column["name"]).cast(pl.Float64) for column in values["columns"])
    return columns.map_batches(components, return_dtype=fields, is_elementwise=True)


def _summed(values: Mapping[str, Any], known: Mapping[str, Column], labels: Sequence[str]) -> list[nw.Expr]:
    """Return the components as sums over the columns."""
    centred = [_centred(known[column["name"]], column) for column in values["columns"]]
    return [
        reduce(add, (value * weight for value, weight in zip(centred, weights, strict=True))).alias(label)
        for label, weights in zip(labels, values["weights"], strict=True)
    ]


def _centred(column: Column, learnt: Mapping[str, Any]) -> nw.Expr:
    """Return a column less its mean in units of its scale, 0 where it has no finite value."""
    value = _number(column)
    there = ~value.is_null()
    if column.type in FLOATS:
        there = there & value.is_finite()
    return nw.when(there).then((value - learnt["mean"]) / learnt["scale"]).otherwise(nw.lit(0.0))


def _standardised(matrix: Matrix, *, scale: bool) -> tuple[Matrix, Matrix, Matrix]:
    """Return a matrix with mean 0, shape (n, d), gaps at 0, and what was subtracted and divided by, shape (d,)."""
    matrix = np.where(np.isfinite(matrix), matrix, np.nan)
    there = ~np.isnan(matrix)
    counts = np.maximum(there.sum(axis=0), 1)
    means = np.where(there, matrix, 0.0).sum(axis=0) / counts
    centred = np.where(there, matrix - means, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / counts)
    varies = ~is_constant(spread, means, counts)
    scales = np.where(varies, spread, 1.0) if scale else np.ones_like(spread)
    return np.where(varies, centred, 0.0) / scales, means, scales
