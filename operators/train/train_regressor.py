"""Learn to predict a number."""

from collections.abc import Sequence
from typing import ClassVar

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.context import Context
from operators.contract.learner import Supervised
from operators.contract.operator import Example, frame
from operators.contract.ports import Validation
from operators.contract.tables import LazyTable
from operators.contract.values.model import Model
from operators.learners.linear import Linear
from operators.train.supervised import SupervisedTrainer


class TrainRegressor(SupervisedTrainer):
    """Learn to predict the number in one column from the other columns.

    Text, dates and nulls are taken as they are. Rows whose target is null or infinite are left out and counted.
    With `validation` rows the boosters stop early.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Train a regressor", "zh": "训练回归器"},
        category="train",
        engines=ALL_ENGINES,
        version=2,
        about={
            "zh": (
                "根据其他列学习预测某一列的数值。\n\n文本、日期和空值可以直接使用。"
                "目标为空或无穷大的行会被略去并计数。提供 `validation` 时，提升类算法会提前停止。"
            )
        },
    )
    task: ClassVar[Supervised] = "regression"

    def train(self, train: LazyTable, validation: Validation | None = None, *, context: Context) -> Model:
        """Return a model of the training rows.

        Raises:
            MissingColumnError: The target or a feature is not in `train`.
            ColumnTypeError: The target is not a number.
            EmptyTableError: No row has a target.
            LearnerError: The algorithm cannot fit the rows.
        """
        return self.fitted(train, validation, context)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one case by name and one with settings."""
        cars = frame(
            weight=[1.2, 1.4, None, 0.9, 2.1, 1.7],
            origin=["jp", "us", "us", "eu", "us", None],
            mpg=[31.0, 24.5, 22.0, 36.0, 14.5, None],
        )
        return [
            Example(cls(target="mpg", algorithm="random_forest", seed=1), {"train": cars}),
            Example(cls(target="mpg", algorithm=Linear(alpha=0.5)), {"train": cars}),
        ]
