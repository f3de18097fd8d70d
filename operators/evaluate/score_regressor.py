"""How good a regressor is on rows whose target is known."""

from collections.abc import Sequence
from typing import ClassVar

import polars as pl
from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator
from operators.contract.tables import LazyTable
from operators.contract.values.metrics import Metrics
from operators.contract.values.model import Model
from operators.evaluate.samples import age_model, people
from operators.learners.targets import check_target_type, target_type
from operators.scoring.figures import regression_figures
from operators.scoring.truth import prepared_rows


class ScoreRegressor(Operator):
    """Compare what a regressor predicts with the numbers there are.

    Gives r2, mae, rmse, median_absolute_error, max_error in the target's unit, and mape as a share over the rows
    whose target is not 0. A figure that the rows do not define is None. Rows without a target are left out and
    counted.
    """

    judges: ClassVar[str] = "regression"
    card: ClassVar[Card] = Card(
        title={"en": "Score a regressor", "zh": "评估回归器"},
        category="evaluate",
        engines=ALL_ENGINES,
        about={
            "zh": (
                "比较回归器的预测与真实数值。\n\n给出 r2、mae、rmse、median_absolute_error、"
                "max_error（单位与目标相同），以及 mape（只计算目标不为 0 的行）。数据无法定义的指标为空。"
                "没有目标的行会被略去并计数。"
            )
        },
    )

    target: str | None = Field(
        None,
        min_length=1,
        description="Column with the true numbers; the model's target when unset",
        json_schema_extra=hint("真实值所在的列；不填则为模型的目标列", "column"),
    )

    def run(self, model: Model, table: LazyTable) -> Metrics:
        """Return the figures.

        Raises:
            MissingColumnError: The target, or a column that the model was trained on, is missing.
            ColumnTypeError: The target is not a number.
            ParameterError: The model is no regressor.
        """
        rows, missing = prepared_rows(model, table, self.target, "regression")
        target = self.target or model.target
        if rows.height:
            check_target_type(target, target_type(rows, target), "regression")
        truth = rows.get_column(target).cast(pl.Float64).to_numpy()
        predicted = model.answer(rows).get_column("prediction").to_numpy()
        return Metrics(**regression_figures(truth, predicted), rows=rows.height, rows_without_target=missing)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one case."""
        return [Example(cls(target="age"), {"model": age_model(), "table": people()})]
