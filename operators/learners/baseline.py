"""The learner that looks at no column: what any other must beat."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from operators.contract.fields import hint
from operators.contract.learner import Learner, Supervised


class Baseline(Learner):
    """Answers every row with the share of each class, or with the mean or median of the target."""

    title: ClassVar[Mapping[str, str]] = {"en": "Baseline", "zh": "基线"}
    about: ClassVar[Mapping[str, str]] = {"zh": "对每一行都给出各类别的占比，或目标的均值、中位数。"}
    place: ClassVar[int] = 0
    needs_columns: ClassVar[bool] = False

    kind: Literal["baseline"] = Field(
        "baseline", description="Name of the algorithm", json_schema_extra=hint("算法名称")
    )
    statistic: Literal["mean", "median"] = Field(
        "mean", description="What a regression answers", json_schema_extra=hint("回归时给出的统计量")
    )

    def estimator(self, task: Supervised, *, seed: int, threads: int) -> Any:
        """Return scikit-learn's dummy for `task`."""
        from sklearn.dummy import DummyClassifier, DummyRegressor

        del seed, threads
        if task == "classification":
            return DummyClassifier(strategy="prior")
        return DummyRegressor(strategy=self.statistic)
