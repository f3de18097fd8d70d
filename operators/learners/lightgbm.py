"""Gradient boosting as LightGBM does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from operators.contract.fields import hint
from operators.contract.learner import Learner, Lesson, Matrix, Supervised, searched


class LightGBM(Learner):
    """Trees that correct each other, grown leaf by leaf: fast on large tables, and takes gaps as they are.

    With validation rows it stops once they have not improved for `early_stopping_rounds` rounds.
    """

    title: ClassVar[Mapping[str, str]] = {"en": "LightGBM", "zh": "LightGBM"}
    about: ClassVar[Mapping[str, str]] = {"zh": "逐叶生长、逐步纠错的树：在大表上速度快，可以直接处理空值。"}
    place: ClassVar[int] = 40
    in_auto: ClassVar[bool] = True

    kind: Literal["lightgbm"] = Field(
        "lightgbm", description="Name of the algorithm", json_schema_extra=hint("算法名称")
    )
    learning_rate: float = Field(
        0.1,
        gt=0,
        le=1,
        description="Weight of each new tree",
        json_schema_extra=searched("学习率", 0.01, 0.3, log=True),
    )
    n_estimators: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Rounds, of one tree for each class",
        json_schema_extra=searched("迭代轮数", 50, 400, log=True),
    )
    num_leaves: int = Field(
        31,
        ge=2,
        le=65_535,
        description="Most leaves of a tree",
        json_schema_extra=searched("树的最大叶节点数", 4, 63, log=True),
    )
    min_child_samples: int = Field(
        20,
        ge=1,
        le=100_000,
        description="Fewest rows in a leaf",
        json_schema_extra=searched("叶节点的最少行数", 2, 60, log=True),
    )
    subsample: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Share of the rows that each tree sees",
        json_schema_extra=searched("每棵树使用的行比例", 0.5, 1.0),
    )
    colsample_bytree: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Share of the columns that each tree sees",
        json_schema_extra=searched("每棵树使用的列比例", 0.4, 1.0),
    )
    reg_lambda: float = Field(
        0.0,
        ge=0,
        le=1e6,
        description="Strength of the L2 penalty",
        json_schema_extra=searched("L2 惩罚强度", 1e-6, 10, log=True),
    )
    early_stopping_rounds: int = Field(
        10,
        ge=1,
        le=10_000,
        description="Rounds without improvement after which it stops early",
        json_schema_extra=hint("多少轮无改进后提前停止"),
    )

    def estimator(self, task: Supervised, *, seed: int, threads: int) -> Any:
        """Return LightGBM's estimator for `task`, silent and deterministic."""
        from lightgbm import LGBMClassifier, LGBMRegressor

        kind = LGBMClassifier if task == "classification" else LGBMRegressor
        return kind(
            **self.model_dump(exclude={"kind", "early_stopping_rounds"}),
            subsample_freq=1,
            min_data_per_group=10,  # LightGBM's 100 keeps a category of a small table from ever being split on
            cat_smooth=5,
            random_state=seed,
            n_jobs=threads,
            deterministic=True,
            force_row_wise=True,
            verbose=-1,
        )

    def fit(self, task: Supervised, lesson: Lesson) -> Any:
        """Return a fitted booster, stopped early on the validation rows if there are any."""
        from lightgbm import early_stopping

        estimator = self.estimator(task, seed=lesson.seed, threads=lesson.threads)
        held_out: dict[str, Any] = {}
        if lesson.validation is not None:
            held_out["eval_set"] = [lesson.validation]
            held_out["callbacks"] = [early_stopping(self.early_stopping_rounds, verbose=False)]
        fitted = estimator.fit(
            lesson.matrix,
            lesson.target,
            sample_weight=lesson.weights,
            categorical_feature=list(lesson.categorical),
            **held_out,
        )
        return Boosted(fitted.booster_)


@dataclass(frozen=True, eq=False)
class Boosted:
    """A fitted booster, asked in one thread and without the checks of its scikit-learn face: the same answers.

    Args:
        booster: LightGBM's own; it answers up to the round that was its best where it stopped early.
    """

    booster: Any

    def predict(self, matrix: Matrix) -> Matrix:
        """Return a number for each row, shape (n,)."""
        return np.asarray(self.booster.predict(matrix, num_threads=1))

    def predict_proba(self, matrix: Matrix) -> Matrix:
        """Return the probability of each class, shape (n, k)."""
        shares = self.predict(matrix)
        return shares if shares.ndim > 1 else np.column_stack((1.0 - shares, shares))
