"""A trained model: the learner, the columns it was trained on, and the path rows take to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

import numpy as np
import polars as pl

from operators.errors import MissingColumnError
from operators.path import Step
from operators.tables import Column, LazyTable, Schema, collected, lazy

Task = Literal["classification", "regression", "clustering"]


@dataclass(frozen=True)
class Model:
    """What a trainer returns and a service answers with.

    Args:
        task: What it does.
        target: The column it predicts; empty for clustering.
        features: Columns it was trained on, in order.
        algorithm: Name of the learner.
        estimator: A fitted object with scikit-learn's `predict`, and `predict_proba` for classification; it takes
            a pandas frame of `features`.
        classes: Labels in the order of the probabilities, as they stood in the target column.
        pending: Steps that rows handed to this model still have to pass; the engine sets them.
    """

    task: Task
    target: str
    features: Schema
    algorithm: str
    estimator: Any
    classes: tuple[Any, ...] = ()
    pending: tuple[Step, ...] = field(default=(), compare=False)

    def after(self, steps: Sequence[Step]) -> Self:
        """Return this model with `steps` between the rows it will be handed and the learner."""
        return replace(self, pending=tuple(steps))

    def prepare(self, table: LazyTable) -> pl.DataFrame:
        """Return the rows of `table` after the pending steps, with every column, computed."""
        for step in self.pending:
            table = step.apply(table)
        return collected(table)

    def answer(self, prepared: pl.DataFrame) -> pl.DataFrame:
        """Predict prepared rows, in order.

        Args:
            prepared: `n` rows with the columns of `features`; others are ignored.

        Returns:
            `n` rows: `prediction` (a label, or float64), and for classification one column
            `probability_<label>` in [0, 1] for each class.

        Raises:
            MissingColumnError: A feature is not in `prepared`.
        """
        for column in self.features:
            if column.name not in prepared.columns:
                raise MissingColumnError.among(column.name, prepared.columns)
        if prepared.is_empty():
            return self._frame(np.empty((0, max(len(self.classes), 1))))
        frame = features_frame(prepared, self.features)
        if self.task == "classification":
            return self._frame(np.asarray(self.estimator.predict_proba(frame)))
        return self._frame(np.asarray(self.estimator.predict(frame)).reshape(-1, 1))

    def predict(self, table: LazyTable) -> pl.DataFrame:
        """Answer the rows of `table`, which still have the pending steps before them."""
        return self.answer(self.prepare(table))

    def predict_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Like `predict`, for rows that are already computed."""
        return self.predict(lazy(rows))

    def _frame(self, values: "np.ndarray[Any, Any]") -> pl.DataFrame:
        if self.task != "classification":
            kind = pl.Int64 if self.task == "clustering" else pl.Float64
            return pl.DataFrame({"prediction": values[:, 0].astype(np.float64)}).cast({"prediction": kind})
        labels = pl.Series("prediction", list(self.classes))
        best = values.argmax(axis=1) if len(values) else np.empty(0, dtype=np.int64)
        columns = {
            f"probability_{label}": values[:, i].astype(np.float64) for i, label in enumerate(self.classes)
        }
        return pl.DataFrame({"prediction": labels.gather(best.tolist()), **columns})


def features_frame(rows: pl.DataFrame, features: Schema) -> Any:
    """Return `rows` as the pandas frame learners take: numbers as float64, the rest as objects, nulls as NaN or None.

    The types are those of training, whatever the rows came as, so that one row and a
    million rows look the same to the learner.
    """
    import pandas as pd

    columns = {}
    for column in features:
        values = rows[column.name]
        columns[column.name] = _numbers(values) if _is_number(column) else _objects(values, column)
    return pd.DataFrame(columns, copy=False)


def _is_number(column: Column) -> bool:
    return column.is_numeric or column.type in {"boolean", "date", "datetime", "duration", "time"}


def _numbers(values: pl.Series) -> Any:
    if values.dtype.is_temporal():
        values = values.to_physical()
    return values.cast(pl.Float64, strict=False).to_numpy()


def _objects(values: pl.Series, column: Column) -> Any:
    import pandas as pd

    return pd.Series(values.cast(pl.String, strict=False).to_list(), name=column.name, dtype=object)
