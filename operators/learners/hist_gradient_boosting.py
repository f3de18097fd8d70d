"""Gradient boosting on histograms, as scikit-learn does it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from operators.contract.fields import hint
from operators.contract.learner import Learner, Lesson, Supervised, searched


class HistGradientBoosting(Learner):
    """Trees that correct each other, on binned columns: accurate on most tables, and takes gaps as they are.

    With validation rows it stops once they have not improved for `n_iter_no_change` rounds; without, it keeps a
    tenth of the training rows aside for that where there are more than 10,000.
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Histogram gradient boosting", "zh": "直方图梯度提升"}
    about: ClassVar[Mapping[str, str]] = {"zh": "在分箱后的列上逐步纠错的树：在大多数表上准确，可以直接处理空值。"}
    place: ClassVar[int] = 30
    in_auto: ClassVar[bool] = True

    kind: Literal["hist_gradient_boosting"] = Field(
        "hist_gradient_boosting", description="Name of the algorithm", json_schema_extra=hint("算法名称")
    )
    learning_rate: float = Field(
        0.1,
        gt=0,
        le=1,
        description="Weight of each new tree",
        json_schema_extra=searched("学习率", 0.01, 0.3, log=True),
    )
    max_iter: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Most rounds, of one tree for each class",
        json_schema_extra=searched("最大迭代轮数", 50, 400, log=True),
    )
    max_leaf_nodes: int = Field(
        31,
        ge=2,
        le=65_535,
        description="Most leaves of a tree",
        json_schema_extra=searched("树的最大叶节点数", 4, 63, log=True),
    )
    max_depth: int | None = Field(
        None,
        ge=1,
        le=200,
        description="Most levels of a tree; no limit when unset",
        json_schema_extra=hint("树的最大深度"),
    )
    min_samples_leaf: int = Field(
        20,
        ge=1,
        le=100_000,
        description="Fewest rows in a leaf",
        json_schema_extra=searched("叶节点的最少行数", 2, 60, log=True),
    )
    l2_regularization: float = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Strength of the L2 penalty",
        json_schema_extra=searched("L2 惩罚强度", 1e-6, 10, log=True),
    )
    n_iter_no_change: int = Field(
        10,
        ge=1,
        le=10_000,
        description="Rounds without improvement after which it stops early",
        json_schema_extra=hint("多少轮无改进后提前停止"),
    )

    def estimator(self, task: Supervised, *, seed: int, threads: int) -> Any:
        """Return scikit-learn's histogram boosting for `task`."""
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        del threads
        kind = HistGradientBoostingClassifier if task == "classification" else HistGradientBoostingRegressor
        return kind(**self.model_dump(exclude={"kind"}), random_state=seed)

    def fit(self, task: Supervised, lesson: Lesson) -> Any:
        """Return a fitted booster, stopped early on the validation rows if there are any."""
        estimator = self.estimator(task, seed=lesson.seed, threads=lesson.threads)
        held_out: dict[str, Any] = {}
        if lesson.validation is not None:
            held_out = {"X_val": lesson.validation[0], "y_val": lesson.validation[1]}
        estimator.set_params(
            categorical_features=list(lesson.categorical) or None,
            early_stopping=True if held_out else "auto",
        )
        return estimator.fit(lesson.matrix, lesson.target, sample_weight=lesson.weights, **held_out)
