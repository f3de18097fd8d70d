"""How a classifier trades hits against false alarms, as curves."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy as np

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.common_fields import Labels, Positive
from operators.contract.errors import LearnerError
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable
from operators.contract.values.figure import Axis, Figure, Reference, Series, same, thinned, words
from operators.contract.values.model import Model
from operators.evaluate.curves import Scored, scored_classes
from operators.evaluate.samples import people, people_model

SHARE = {"low": 0.0, "high": 1.0}


class Curves(NamedTuple):
    """Both curves of a classifier."""

    roc: Figure
    precision_recall: Figure


class RocCurve(Operator):
    """Draw what a classifier finds against what it wrongly takes, over every threshold.

    `roc` has the share of the positive rows found against the share of the others taken, with the area under the
    curve: 0.5 is chance, 1 perfect. `precision_recall` has the share of the rows taken that are positive against the
    share of the positive ones found, with the average precision: chance is the share of positive rows. With more than
    two labels, and none chosen, each of the ten most frequent has a curve of its own, against all others. Rows
    without a label are left out.
    """

    judges: ClassVar[str] = "classification"
    card: ClassVar[Card] = Card(
        title={"en": "ROC curve", "zh": "ROC 曲线"},
        category="evaluate",
        engines=ALL_ENGINES,
        about={
            "zh": (
                "在所有阈值下，比较分类器找到的正类与误判的负类。\n\n`roc` 以误判比例为横轴、找到的正类比例为纵轴，"
                "并给出曲线下面积：0.5 相当于随机，1 为完美。`precision_recall` 以召回率为横轴、精确率为纵轴，"
                "并给出平均精确率：随机水平等于正类占比。标签多于两个且未指定时，最常见的十个标签各有一条曲线，"
                "与其余全部标签比较。没有标签的行会被略去。"
            )
        },
    )

    target: Labels = None
    positive: Positive = None

    def run(self, model: Model, table: LazyTable) -> Curves:
        """Return both figures.

        Raises:
            MissingColumnError: The target, or a column that the model was trained on, is missing.
            ParameterError: The model is no classifier, or `positive` is none of its labels.
            EmptyTableError: No row has a label.
            LearnerError: All rows have one label, so that there is no curve.
        """
        classes = [one for one in scored_classes(model, table, self.target, self.positive, 10) if one.defined]
        if not classes:
            raise LearnerError(
                "A curve needs rows of the positive class and others, and there is one kind only.",
                hint="Score on rows of at least two classes.",
                field="target",
            )
        return Curves(_roc(classes), _precision_recall(classes))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return the curves of one class as the model has it, and of the other."""
        inputs = {"model": people_model(), "table": people()}
        return [Example(cls(), inputs), Example(cls(target="left", positive=False), inputs)]


def _roc(classes: Sequence[Scored]) -> Figure:
    from sklearn.metrics import auc, roc_curve

    series, facts = [], {}
    for one in classes:
        false, found, _ = roc_curve(one.truth, one.probabilities)
        area = float(auc(false, found))
        x, y = thinned(false, found)
        series.append(Series(kind="line", name=same(f"{one.label} (AUC {area:.3f})"), x=x, y=y))
        facts[_fact("auc", one, classes)] = area
    return Figure(
        title=words("ROC curve", "ROC 曲线"),
        x=Axis(label=words("False positive rate", "假正率"), **SHARE),
        y=Axis(label=words("True positive rate", "真正率"), **SHARE),
        series=tuple(series),
        references=(Reference(name=words("Chance", "随机猜测"), x=(0, 1), y=(0, 1)),),
        facts=facts,
        note=words(
            "The nearer to the upper left corner, the better; the diagonal is chance.",
            "曲线越靠近左上角越好；对角线表示随机猜测。",
        ),
    )


def _precision_recall(classes: Sequence[Scored]) -> Figure:
    from sklearn.metrics import average_precision_score, precision_recall_curve

    series, facts, references = [], {}, []
    for one in classes:
        precision, recall, _ = precision_recall_curve(one.truth, one.probabilities)
        area = float(average_precision_score(one.truth, one.probabilities))
        x, y = thinned(recall[::-1], precision[::-1])
        series.append(Series(kind="step", name=same(f"{one.label} (AP {area:.3f})"), x=x, y=y))
        facts[_fact("average_precision", one, classes)] = area
        share = float(np.mean(one.truth))
        chance = words(f"Chance for {one.label}", f"{one.label} 的随机水平")
        references.append(Reference(name=chance, x=(0, 1), y=(share, share)))
    return Figure(
        title=words("Precision and recall", "精确率与召回率"),
        x=Axis(label=words("Recall", "召回率"), **SHARE),
        y=Axis(label=words("Precision", "精确率"), **SHARE),
        series=tuple(series),
        references=tuple(references),
        facts=facts,
        note=words(
            "The nearer to the upper right corner, the better; chance is the share of the class.",
            "曲线越靠近右上角越好；随机水平为该类别的占比。",
        ),
    )


def _fact(name: str, one: Scored, classes: Sequence[Scored]) -> str:
    return name if len(classes) == 1 else f"{name}.{one.label}"
