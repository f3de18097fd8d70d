"""Learn to predict a label."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.context import Context
from operators.contract.fields import hint
from operators.contract.learner import Supervised
from operators.contract.operator import Example, frame
from operators.contract.ports import Validation
from operators.contract.tables import LazyTable
from operators.contract.values.model import Model
from operators.learners.random_forest import RandomForest
from operators.train.supervised import SupervisedTrainer


class TrainClassifier(SupervisedTrainer):
    """Learn to predict the label in one column from the other columns.

    Text, dates and nulls are taken as they are. Rows without a label are left out and counted; labels come back as
    they stood in the column (boolean, whole number or text). With `validation` rows the boosters stop early.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Train a classifier", "zh": "训练分类器"},
        category="train",
        engines=ALL_ENGINES,
        version=2,
        about={
            "zh": (
                "根据其他列学习预测某一列的标签。\n\n文本、日期和空值可以直接使用。没有标签的行会被略去并计数；"
                "预测的标签与列中的写法一致（布尔、整数或文本）。提供 `validation` 时，提升类算法会提前停止。"
            )
        },
    )
    task: ClassVar[Supervised] = "classification"

    balance: bool = Field(
        False,
        description="Give every class the same weight, however rare it is",
        json_schema_extra=hint("让每个类别的权重相同"),
    )

    def train(self, train: LazyTable, validation: Validation | None = None, *, context: Context) -> Model:
        """Return a model of the training rows.

        Raises:
            MissingColumnError: The target or a feature is not in `train`.
            EmptyTableError: No row has a label.
            LearnerError: There is one label only, or too many, or the algorithm cannot fit the rows.
        """
        return self.fitted(train, validation, context, balance=self.balance)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one case by name and one with settings."""
        people = frame(
            age=[22, 41, None, 35, 58, 29, 47, 33],
            plan=["a", "b", "a", None, "b", "a", "b", "a"],
            left=[True, False, True, True, False, True, False, None],
        )
        forest = RandomForest(n_estimators=5)
        return [
            Example(cls(target="left", algorithm="linear", seed=1), {"train": people}),
            Example(cls(target="left", algorithm=forest, features=("age",), balance=True), {"train": people}),
        ]
