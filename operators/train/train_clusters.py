"""Learn which rows belong together."""

import logging
from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.common_fields import Seed
from operators.contract.context import Context
from operators.contract.errors import MissingColumnError
from operators.contract.fields import hint
from operators.contract.operator import Example, frame
from operators.contract.tables import LazyTable, Schema, collected
from operators.contract.trainer import Trainer
from operators.contract.values.model import Model
from operators.learners.clusters import ClusterAlgorithm, fit_clusters
from operators.train.supervised import seed_of

_log = logging.getLogger(__name__)


class TrainClusters(Trainer):
    """Divide rows into clusters of rows that are alike, without a target.

    Numbers, booleans and moments are scaled to variance 1 with nulls at the median; text with at most 20 values
    becomes columns of 0 and 1, other text is left out. The model answers every row, also one it never saw, with
    the number of its cluster (0 has the most training rows) and its distance from the middle of it. `k_means` finds
    round clusters, `mini_batch_k_means` about the same ones in less time, `gaussian_mixture` also long and slanted
    ones.
    """

    task: ClassVar[str] = "clustering"
    card: ClassVar[Card] = Card(
        title={"en": "Train clusters", "zh": "训练聚类"},
        category="train",
        engines=ALL_ENGINES,
        version=2,
        about={
            "zh": (
                "不需要目标，把相似的行分为若干聚类。\n\n数字、布尔值和时刻缩放为方差 1，空值取中位数；"
                "取值不超过 20 个的文本变为 0 和 1 的列，其他文本略去。"
                "模型对每一行（包括没见过的行）给出聚类编号（0 的训练行最多）以及到聚类中心的距离。"
                "`k_means` 适合圆形聚类，`mini_batch_k_means` 结果相近但更快，`gaussian_mixture` 也能找到狭长、"
                "倾斜的聚类。"
            )
        },
    )

    algorithm: ClusterAlgorithm = Field(
        "k_means",
        description="Round clusters, about the same in less time, or clusters with a shape of their own",
        json_schema_extra=hint("聚类算法：K 均值、小批量 K 均值（更快）、高斯混合（可为任意椭圆形状）"),
    )
    clusters: int = Field(5, ge=2, le=1000, description="Number of clusters", json_schema_extra=hint("聚类的数量"))
    features: tuple[str, ...] | None = Field(
        None,
        min_length=1,
        description="Columns to compare rows by; all that can be when unset",
        json_schema_extra=hint("用于比较的列；不填则为所有可用的列", "columns"),
    )
    seed: Seed = None

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Check the features against the training rows' schema.

        Raises:
            MissingColumnError: One of them is not there.
        """
        schema = inputs.get("train")
        if schema is not None:
            known = {column.name for column in schema}
            for name in self.features or ():
                if name not in known:
                    raise MissingColumnError.among(name, known, field="features")
        return super().infer(inputs, sources)

    def train(self, train: LazyTable, *, context: Context) -> Model:
        """Return a model of the clusters.

        Raises:
            MissingColumnError: One of `features` is not in `train`.
            EmptyTableError: There are fewer rows than clusters.
            LearnerError: No column is left, or too few rows differ.
        """
        rows = collected(train)
        seed = seed_of(self.seed, context)
        model = fit_clusters(rows, self.algorithm, self.clusters, features=self.features, seed=seed)
        context.report(0, {"rows": rows.height, "columns": len(model.features)})
        left_out = [name for name in rows.columns if name not in {column.name for column in model.features}]
        if left_out and self.features is None:
            _log.info("Left out, as rows cannot be compared by them: %s.", ", ".join(left_out[:20]))
        return model

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return each algorithm on two groups of rows with gaps and a text."""
        rows = frame(
            size=[1.0, 1.2, None, 0.9, 1.1, 1.0, 9.0, 9.2, 8.9, 9.1, None, 9.0],
            weight=[10, 12, 11, 9, 10, 11, 50, 52, 51, 49, 50, 51],
            kind=["a", "a", "a", None, "a", "b", "b", "b", "b", "a", "b", "b"],
        )
        algorithms: tuple[ClusterAlgorithm, ...] = ("k_means", "mini_batch_k_means", "gaussian_mixture")
        return [Example(cls(algorithm=algorithm, clusters=2, seed=1), {"train": rows}) for algorithm in algorithms]
