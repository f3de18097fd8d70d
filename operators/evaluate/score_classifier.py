"""How good a classifier is on rows whose label is known."""

from collections.abc import Sequence
from typing import Any, ClassVar

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.common_fields import Labels, Positive
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable
from operators.contract.values.metrics import Metrics
from operators.contract.values.model import Model
from operators.evaluate.curves import place_of
from operators.evaluate.samples import people, people_model
from operators.scoring.figures import classification_figures, confusion
from operators.scoring.truth import known_labels, label_codes, prepared_rows


class ScoreClassifier(Operator):
    """Compare what a classifier predicts with the labels there are.

    Gives accuracy, balanced_accuracy, log_loss, and for the positive class (the higher of two labels, unless said)
    roc_auc, precision, recall, f1, average_precision and brier; with more than two classes these are means over the
    classes (brier: their sum). A figure that the rows do not define is None. `confusion` counts rows by label and
    prediction. Rows without a label are left out and counted. A label that the model does not know (1.9 where it knows
    1 and 2) counts as wrong, and `rows_of_unknown_labels` says how many there are.
    """

    judges: ClassVar[str] = "classification"
    card: ClassVar[Card] = Card(
        title={"en": "Score a classifier", "zh": "评估分类器"},
        category="evaluate",
        engines=ALL_ENGINES,
        about={
            "zh": (
                "比较分类器的预测与真实标签。\n\n给出 accuracy、balanced_accuracy、log_loss，"
                "以及正类（未指定时取两个标签中较大的）的 roc_auc、precision、recall、f1、"
                "average_precision 和 brier；类别多于两个时取各类别的平均（brier 取总和）。"
                "数据无法定义的指标为空。`confusion` 按标签和预测统计行数。没有标签的行会被略去并计数。"
                "模型不认识的标签（例如模型只认识 1 和 2 时的 1.9）算作预测错误，"
                "行数见 `rows_of_unknown_labels`。"
            )
        },
    )

    target: Labels = None
    positive: Positive = None

    def run(self, model: Model, table: LazyTable) -> Metrics:
        """Return the figures.

        Raises:
            MissingColumnError: The target, or a column that the model was trained on, is missing.
            ParameterError: The model is no classifier, or `positive` is none of its labels.
        """
        positive = place_of(self.positive, model)
        rows, missing = prepared_rows(model, table, self.target, "classification")
        answers = model.answer(rows)
        codes = label_codes(rows.get_column(self.target or model.target), model)
        truth = known_labels(rows.get_column(self.target or model.target), model)
        probabilities = answers.drop("prediction").to_numpy()
        labels = sorted({*model.classes, *truth}, key=lambda label: (label not in model.classes, label))
        counted = confusion(truth, answers.get_column("prediction").to_list(), labels)
        return Metrics(
            **classification_figures(codes, probabilities, positive),
            rows=rows.height,
            rows_without_target=missing,
            rows_of_unknown_labels=int((codes < 0).sum()),
            positive=None if positive is None else _plain(model.classes[positive]),
            confusion={"labels": [_plain(label) for label in labels], "counts": counted},
        )

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one case as the model has it and one that says more."""
        inputs = {"model": people_model(), "table": people()}
        return [Example(cls(), inputs), Example(cls(target="left", positive=False), inputs)]


def _plain(label: Any) -> Any:
    return label if isinstance(label, bool | int | float | str) else str(label)
