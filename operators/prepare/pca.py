"""Replace many numeric columns by a few that hold most of their variance."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, ClassVar

import narwhals as nw
import numpy as np
import polars as pl
from pydantic import Field

from operators.base import Card, Example, FittedOperator, frame
from operators.errors import EmptyTableError, ParameterError
from operators.fields import hint
from operators.prepare.columns import FLOATS, chosen
from operators.prepare.indicators import require_new_names
from operators.tables import NUMERIC, Column, LazyTable, Schema, collected, empty_table, names_of, require_columns

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
        title={"en": "Principal components", "zh": "主成分分析"}, category="prepare", online="fitted"
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
        learnt = values["columns"]
        known = require_columns(table, [column["name"] for column in learnt])
        centred = [_centred(known[column["name"]], column) for column in learnt]
        components = [
            reduce(add, (value * weight for value, weight in zip(centred, weights, strict=True))).alias(
                f"{self.prefix}{number}"
            )
            for number, weights in enumerate(values["weights"], start=1)
        ]
        kept = [nw.col(name) for name in names_of(table) if self.keep or name not in known]
        return table.select(*kept, *components)

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
    varies = spread > NOTHING * np.maximum(np.abs(means), 1e-300)
    scales = np.where(varies, spread, 1.0) if scale else np.ones_like(spread)
    return np.where(varies, centred, 0.0) / scales, means, scales
