"""Which labels a classifier takes for which, as a table of cells."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.common_fields import Labels
from operators.contract.errors import EmptyTableError, ParameterError
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable
from operators.contract.values.figure import Axis, Figure, Series, words
from operators.contract.values.model import Model
from operators.evaluate.samples import people, people_model
from operators.scoring.figures import confusion
from operators.scoring.truth import known_labels, prepared_rows

Array = np.ndarray[Any, Any]
MOST_LABELS = 50


class ConfusionMatrix(Operator):
    """Count rows by their label and by what the model predicts.

    One cell for each pair, labels in the model's order and then those it does not know. `count` has rows; `truth`
    the share of the rows with that label (the diagonal is recall), `prediction` of those predicted as such (the
    diagonal is precision), `all` of all rows; a share of no rows is empty. Rows without a label are left out. The
    facts are `accuracy` and `rows`.
    """

    judges: ClassVar[str] = "classification"
    card: ClassVar[Card] = Card(
        title={"en": "Confusion matrix", "zh": "混淆矩阵"},
        category="evaluate",
        engines=ALL_ENGINES,
        about={
            "zh": (
                "按真实标签和预测标签统计行数。\n\n每对标签一格，先按模型中的顺序，再列出模型不认识的标签。"
                "`count` 为行数；`truth` 为占该标签行数的比例（对角线即召回率）；"
                "`prediction` 为占该预测行数的比例（对角线即精确率）；`all` 为占全部行的比例；"
                "分母为零的比例留空。没有标签的行会被略去。附带 `accuracy` 和 `rows`。"
            )
        },
    )

    target: Labels = None
    normalize: Literal["count", "truth", "prediction", "all"] = Field(
        "count",
        description="Rows, or shares of the rows with a label, of those predicted, or of all",
        json_schema_extra=hint("显示行数，或占该标签、该预测、全部行的比例"),
    )

    def run(self, model: Model, table: LazyTable) -> Figure:
        """Return the figure.

        Raises:
            MissingColumnError: The target, or a column that the model was trained on, is missing.
            ParameterError: The model is no classifier, or there are too many labels to be seen.
            EmptyTableError: No row has a label.
        """
        rows, missing = prepared_rows(model, table, self.target, "classification")
        if not rows.height:
            raise EmptyTableError(
                f"No row has a label ({missing} rows).", hint="Bring rows whose outcome is known.", field="target"
            )
        truth = known_labels(rows.get_column(self.target or model.target), model)
        predicted = model.answer(rows).get_column("prediction").to_list()
        unknown = sorted(set(truth) - set(model.classes))
        labels = [*model.classes, *unknown]
        if len(labels) > MOST_LABELS:
            raise ParameterError(
                f"{len(labels)} labels make more cells than can be seen; {MOST_LABELS} are the most.",
                hint="Score the classifier instead, which counts them too.",
                field="target",
            )
        return self._figure(np.array(confusion(truth, predicted, labels), dtype=np.float64), [str(x) for x in labels])

    def _figure(self, counts: Array, labels: list[str]) -> Figure:
        wholes = {"truth": counts.sum(1, keepdims=True), "prediction": counts.sum(0, keepdims=True)}
        whole = np.broadcast_to(wholes.get(self.normalize, counts.sum()), counts.shape)
        shares = np.divide(counts, whole, out=np.full_like(counts, np.nan), where=whole > 0)
        cells = (counts if self.normalize == "count" else shares).ravel().tolist()
        pairs = [(predicted, label) for label in labels for predicted in labels]
        series = Series(
            kind="cells",
            name=words("Rows", "行数") if self.normalize == "count" else words("Share", "比例"),
            x=tuple(predicted for predicted, _ in pairs),
            y=tuple(label for _, label in pairs),
            value=tuple(None if np.isnan(cell) else cell for cell in cells),
            value_label=words("Rows", "行数") if self.normalize == "count" else words("Share of rows", "行的比例"),
        )
        return Figure(
            title=words("Confusion matrix", "混淆矩阵"),
            x=Axis(label=words("Predicted", "预测"), kind="category", categories=tuple(labels)),
            y=Axis(label=words("Label", "实际标签"), kind="category", categories=tuple(labels)),
            series=(series,),
            facts={"accuracy": float(np.trace(counts) / counts.sum()), "rows": float(counts.sum())},
            note=words("On the diagonal the model is right.", "对角线上的格子表示预测正确。"),
        )

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return counts, and shares of each label."""
        inputs = {"model": people_model(), "table": people()}
        return [Example(cls(), inputs), Example(cls(normalize="truth"), inputs)]
