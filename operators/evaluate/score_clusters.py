"""How well clusters are told apart."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ParameterError
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable
from operators.contract.values.metrics import Metrics
from operators.contract.values.model import Model, features_frame
from operators.evaluate.samples import clusters_model, people
from operators.learners.clusters import Clusters

Array = np.ndarray[Any, Any]


class ScoreClusters(Operator):
    """Say how dense and how far apart the clusters are in which a model puts the rows.

    `silhouette`, in [-1, 1], and `calinski_harabasz` are better the larger, `davies_bouldin` the smaller; they
    compare distances between rows and are made for round clusters. `silhouette` looks at a sample of the rows.
    `distance` is the mean distance of a row from the middle of its cluster, `sizes` counts the rows of each. A figure
    that the rows do not define, as with one cluster only, is None.
    """

    judges: ClassVar[str] = "clustering"
    card: ClassVar[Card] = Card(
        title={"en": "Score clusters", "zh": "评估聚类"},
        category="evaluate",
        engines=ALL_ENGINES,
        about={
            "zh": (
                "衡量模型划分的聚类有多紧密、彼此相距多远。\n\n"
                "`silhouette`（范围 [-1, 1]）和 `calinski_harabasz` 越大越好，`davies_bouldin` 越小越好；"
                "它们比较行与行之间的距离，适合圆形聚类。`silhouette` 只使用部分行。"
                "`distance` 是各行到聚类中心的平均距离，`sizes` 是各聚类的行数。"
                "数据无法定义的指标（例如只有一个聚类时）为空。"
            )
        },
    )

    sample: int = Field(
        5000,
        ge=10,
        le=50_000,
        description="Rows that the silhouette looks at, at most; the time grows with their square",
        json_schema_extra=hint("计算轮廓系数时最多使用的行数；耗时随其平方增长"),
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="Seed of the sample", json_schema_extra=hint("抽样的随机种子"))

    def run(self, model: Model, table: LazyTable) -> Metrics:
        """Return the figures.

        Raises:
            MissingColumnError: A column that the model was trained on is missing.
            ParameterError: The model does not cluster.
        """
        if model.task != "clustering" or not isinstance(model.estimator, Clusters):
            raise ParameterError(
                f"The model does {model.task}, not clustering.",
                hint=f"Use the operator that scores {model.task}."
                if model.task != "clustering"
                else "Use a model of train_clusters.",
            )
        clusters = model.estimator
        rows = features_frame(model.prepare(table), model.features)
        numbers, points = clusters.predict(rows), clusters.encode(rows)
        sizes = np.bincount(numbers, minlength=clusters.count)
        distance = float(clusters.distance(rows).mean()) if rows.height else None
        return Metrics(
            **self._figures(points, numbers),
            distance=distance,
            rows=rows.height,
            clusters=int((sizes > 0).sum()),
            sizes=sizes.tolist(),
        )

    def _figures(self, points: Array, numbers: Array) -> dict[str, float | None]:
        from sklearn import metrics

        drawn = np.sort(np.random.default_rng(self.seed).permutation(len(points))[: self.sample])
        few = metrics.silhouette_score(points[drawn], numbers[drawn]) if _defined(numbers[drawn]) else None
        figures = {"silhouette": few, "calinski_harabasz": None, "davies_bouldin": None}
        if _defined(numbers):
            with np.errstate(all="ignore"):
                figures["calinski_harabasz"] = metrics.calinski_harabasz_score(points, numbers)
                figures["davies_bouldin"] = metrics.davies_bouldin_score(points, numbers)
        return {
            name: None if value is None or not np.isfinite(value) else float(value) for name, value in figures.items()
        }

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one case."""
        return [Example(cls(), {"model": clusters_model(), "table": people()})]


def _defined(numbers: Array) -> bool:
    """True where there are two clusters at least, and fewer than there are rows."""
    return 1 < len(np.unique(numbers)) < len(numbers)
