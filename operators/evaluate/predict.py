"""Predictions beside the rows they are about."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import polars as pl

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ParameterError
from operators.contract.operator import Example, Operator
from operators.contract.tables import Column, LazyTable, Schema, collected, lazy
from operators.contract.values.model import Model
from operators.evaluate.samples import people, people_model


class Predict(Operator):
    """Add what the model predicts to every row, as it was handed over.

    `prediction` holds a label or a number, and `probability_<label>` the probability of each class. Where the table
    has such a column already, the new ones end in `_2` (or the next number that is free).
    """

    card: ClassVar[Card] = Card(
        title={"en": "Predict", "zh": "预测"},
        category="evaluate",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "在每一行原有数据上添加模型的预测。\n\n`prediction` 为标签或数值，"
                "`probability_<label>` 为各类别的概率。表中已有同名列时，新列以 `_2`（或下一个可用的数字）结尾。"
            )
        },
    )

    def run(self, model: Model, table: LazyTable) -> LazyTable:
        """Return the rows of `table`, in order, with the predictions at the end.

        Raises:
            MissingColumnError: A column that the model was trained on is missing.
            ParameterError: The steps before the model drop or add rows.
        """
        rows = collected(table)
        answers = model.predict_rows(rows)
        if answers.height != rows.height:
            raise ParameterError(
                f"Of {rows.height} rows {answers.height} reach the model, so predictions cannot stand beside them.",
                hint="Predict on rows as they are after the step that filters, groups or joins them.",
            )
        return lazy(pl.concat([rows, _renamed(answers, rows.columns)], how="horizontal"))

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the columns of the rows and those of the answers, where what the model answers is known."""
        del sources
        rows, answers = inputs.get("table"), inputs.get("model")
        if rows is None or answers is None:
            return {"table": None}
        names = _free([column.name for column in answers], [column.name for column in rows])
        return {"table": (*rows, *(Column(name, one.type) for name, one in zip(names, answers, strict=True)))}

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return one case."""
        return [Example(cls(), {"model": people_model(), "table": people().head(3)})]


def _renamed(answers: pl.DataFrame, taken: Sequence[str]) -> pl.DataFrame:
    return answers.rename(dict(zip(answers.columns, _free(answers.columns, taken), strict=True)))


def _free(wanted: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Return the names that answers have beside columns of the names `taken`."""
    number, names = 1, list(wanted)
    while set(names) & set(taken):
        number += 1
        names = [f"{name}_{number}" for name in wanted]
    return names
