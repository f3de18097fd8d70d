"""Logistic regression for classes, ridge regression for numbers."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from operators.contract.fields import hint
from operators.contract.learner import Encoding, Learner, Supervised, searched


class Linear(Learner):
    """A weighted sum of scaled columns with an L2 penalty: quick, and every weight can be read."""

    title: ClassVar[Mapping[str, str]] = {"en": "Linear model", "zh": "线性模型"}
    about: ClassVar[Mapping[str, str]] = {"zh": "对缩放后的列加权求和，带 L2 惩罚：速度快，每个权重都可以解读。"}
    place: ClassVar[int] = 10
    in_auto: ClassVar[bool] = True
    encoding: ClassVar[Encoding] = Encoding(categories="one_hot", scaled=True, max_categories=50)

    kind: Literal["linear"] = Field("linear", description="Name of the algorithm", json_schema_extra=hint("算法名称"))
    alpha: float = Field(
        1.0,
        gt=0,
        le=1e6,
        description="Strength of the L2 penalty",
        json_schema_extra=searched("L2 惩罚强度", 1e-3, 1e3, log=True),
    )
    max_iter: int = Field(
        1000,
        ge=1,
        le=100_000,
        description="Most iterations of the solver (classes only)",
        json_schema_extra=hint("求解器的最大迭代次数（仅分类）"),
    )

    def estimator(self, task: Supervised, *, seed: int, threads: int) -> Any:
        """Return logistic regression with C = 1 / alpha, or ridge regression."""
        from sklearn.linear_model import LogisticRegression, Ridge

        del threads
        if task == "classification":
            return LogisticRegression(C=1 / self.alpha, max_iter=self.max_iter, random_state=seed)
        return Ridge(alpha=self.alpha, random_state=seed)
