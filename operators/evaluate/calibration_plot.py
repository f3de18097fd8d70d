"""Whether a classifier's probabilities mean what they say, as a curve."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.common_fields import Labels, Positive
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable
from operators.contract.values.figure import Axis, Figure, Reference, Series, same, words
from operators.contract.values.model import Model
from operators.evaluate.curves import Array, Scored, scored_classes
from operators.evaluate.samples import people, people_model


class CalibrationPlot(Operator):
    """Draw how often the positive class comes true against how likely the model said it was, in bins.

    Of rows with a probability of 0.8, eight in ten should be positive: the curve should lie on the diagonal. `uniform`
    bins have the same width, `quantile` bins about as many rows; an empty bin has no point. The figure's facts are
    `brier`, the mean squared distance of probability and outcome, and `expected_calibration_error`, the mean distance
    of the points from the diagonal weighed by their rows; both in [0, 1], 0 is best. With more than two labels, and
    none chosen, each of the five most frequent has a curve. Rows without a label are left out.
    """

    judges: ClassVar[str] = "classification"
    card: ClassVar[Card] = Card(
        title={"en": "Calibration plot", "zh": "校准曲线"},
        category="evaluate",
        engines=ALL_ENGINES,
        about={
            "zh": (
                "分箱比较正类的实际发生比例与模型给出的概率。\n\n概率为 0.8 的行中，应有八成为正类："
                "曲线应落在对角线上。`uniform` 各箱等宽，`quantile` 各箱行数大致相同；空箱没有点。"
                "图中的 `brier` 是概率与结果之差的均方，"
                "`expected_calibration_error` 是各点到对角线的距离按行数加权的平均；两者范围都是 [0, 1]，"
                "0 为最好。标签多于两个且未指定时，最常见的五个标签各有一条曲线。没有标签的行会被略去。"
            )
        },
    )

    target: Labels = None
    positive: Positive = None
    bins: int = Field(
        10, ge=2, le=100, description="Number of bins of probability", json_schema_extra=hint("概率分箱的数量")
    )
    strategy: Literal["uniform", "quantile"] = Field(
        "uniform",
        description="Bins of the same width, or with about as many rows each",
        json_schema_extra=hint("等宽分箱，或每箱行数大致相同"),
    )

    def run(self, model: Model, table: LazyTable) -> Figure:
        """Return the figure.

        Raises:
            MissingColumnError: The target, or a column that the model was trained on, is missing.
            ParameterError: The model is no classifier, or `positive` is none of its labels.
            EmptyTableError: No row has a label.
        """
        classes = scored_classes(model, table, self.target, self.positive, 5)
        series, facts = [], {}
        for one in classes:
            said, came, rows = binned(one.truth, one.probabilities, self.edges(one.probabilities))
            series.append(_series(one, said, came, rows))
            ending = "" if len(classes) == 1 else f".{one.label}"
            facts[f"brier{ending}"] = float(((one.probabilities - one.truth) ** 2).mean())
            facts[f"expected_calibration_error{ending}"] = float((rows / rows.sum() * np.abs(said - came)).sum())
        return Figure(
            title=words("Calibration", "概率校准"),
            x=Axis(label=words("Mean predicted probability", "平均预测概率"), low=0, high=1),
            y=Axis(label=words("Share that came true", "实际为正的比例"), low=0, high=1),
            series=tuple(series),
            references=(Reference(name=words("Perfectly calibrated", "完美校准"), x=(0, 1), y=(0, 1)),),
            facts=facts,
            note=words(
                "Below the diagonal the model is too sure of the class, above it not sure enough.",
                "低于对角线表示模型高估了该类别的概率，高于对角线表示低估。",
            ),
        )

    def edges(self, probabilities: Array) -> Array:
        """Return the ends of the bins, ascending, shape (k + 1,), k at most `bins`."""
        shares = np.linspace(0, 1, self.bins + 1)
        return shares if self.strategy == "uniform" else np.unique(np.quantile(probabilities, shares))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return bins of both kinds."""
        inputs = {"model": people_model(), "table": people()}
        return [Example(cls(bins=4), inputs), Example(cls(bins=3, strategy="quantile", positive=False), inputs)]


def binned(truth: Array, probabilities: Array, edges: Array) -> tuple[Array, Array, Array]:
    """Return the mean probability, the share that came true and the rows of each bin that has rows, shape (k,).

    Args:
        truth: Shape (n,), booleans.
        probabilities: Shape (n,), in [0, 1].
        edges: Ascending; a bin holds its lower edge, the last also its upper one.
    """
    places = np.searchsorted(edges[1:-1], probabilities, side="right")
    rows = np.bincount(places, minlength=max(len(edges) - 1, 1)).astype(np.float64)
    there = rows > 0
    said = np.bincount(places, weights=probabilities, minlength=len(rows))[there] / rows[there]
    came = np.bincount(places, weights=truth.astype(np.float64), minlength=len(rows))[there] / rows[there]
    return said, came, rows[there]


def _series(one: Scored, said: Array, came: Array, rows: Array) -> Series:
    points: dict[str, Any] = {"x": tuple(said.tolist()), "y": tuple(came.tolist()), "value": tuple(rows.tolist())}
    return Series(kind="line", name=same(one.label), value_label=words("Rows", "行数"), **points)
