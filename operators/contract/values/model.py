"""A trained model: the learner, the columns it was trained on, and the path rows take to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

import numpy as np
import polars as pl

from operators.contract.errors import ColumnTypeError, MissingColumnError
from operators.contract.step import Step
from operators.contract.tables import NUMERIC, TYPES, Column, LazyTable, Schema, collected, lazy, schema_of
from operators.contract.values.origin import Origin

Task = Literal["classification", "regression", "clustering"]

DISTANCE = "prediction_distance"
"""The column of an answer that says how far a row is from the middle of its cluster."""
TEMPORAL = frozenset({"date", "datetime", "duration", "time"})


@dataclass(frozen=True)
class Model:
    """What a trainer returns and a service answers with.

    Args:
        task: What it does.
        target: The column it predicts; empty for clustering.
        features: Columns it was trained on, in order.
        algorithm: Name of the learner.
        estimator: A fitted object with scikit-learn's `predict`, and `predict_proba` for classification; for
            clustering it may have `distance`, how far each row is from the middle of its cluster. It takes the
            Polars frame of `features_frame`.
        classes: Labels in the order of the probabilities, as they stood in the target column.
        target_type: Name of the target's type (a key of `operators.contract.tables.TYPES`), which labels are given
            back in.
        pending: Steps that rows handed to this model still have to pass; the engine sets them.
        origin: What rows are put into before these steps; set for a registered model, whose path begins at its source.
    """

    task: Task
    target: str
    features: Schema
    algorithm: str
    estimator: Any
    classes: tuple[Any, ...] = ()
    target_type: str = ""
    pending: tuple[Step, ...] = field(default=(), compare=False)
    origin: Origin | None = field(default=None, compare=False)

    def after(self, steps: Sequence[Step]) -> Self:
        """Return this model with `steps` between the rows it will be handed and the learner."""
        return replace(self, pending=tuple(steps))

    def at(self, origin: Origin) -> Self:
        """Return this model for rows that are as at the source of its path."""
        return replace(self, origin=origin)

    def prepare(self, table: LazyTable) -> pl.DataFrame:
        """Return the rows of `table` after the pending steps, with every column, computed."""
        if self.origin is not None:
            return self.origin.after(collected(table), self.pending)
        for step in self.pending:
            table = step.apply(table)
        return collected(table)

    def answer(self, prepared: pl.DataFrame) -> pl.DataFrame:
        """Predict prepared rows, in order.

        Args:
            prepared: `n` rows with the columns of `features`; others are ignored.

        Returns:
            `n` rows: `prediction` (a label, a float64, or the int64 number of a cluster), for classification one
            column `probability_<label>` in [0, 1] for each class, for clustering `prediction_distance`, at
            least 0.

        Raises:
            MissingColumnError: A feature is not in `prepared`.
            ColumnTypeError: A feature holds values that cannot be read as those it was trained on.
        """
        frame = features_frame(prepared, self.features)
        if self.task == "classification":
            shape = (0, len(self.classes))
            values = self.estimator.predict_proba(frame) if frame.height else np.empty(shape)
            return self._labels(np.asarray(values, dtype=np.float64))
        values = self._values(self.estimator.predict, frame)
        if self.task == "regression":
            return pl.DataFrame({"prediction": values})
        answers = {"prediction": values.cast(pl.Int64)}
        if hasattr(self.estimator, "distance"):
            answers[DISTANCE] = self._values(self.estimator.distance, frame)
        return pl.DataFrame(answers)

    @property
    def answers(self) -> Schema:
        """The columns of an answer, in order."""
        return schema_of(lazy(self.answer(pl.DataFrame(schema={one.name: pl.Null for one in self.features}))))

    def predict(self, table: LazyTable) -> pl.DataFrame:
        """Answer the rows of `table`, which still have the pending steps before them."""
        return self.answer(self.prepare(table))

    def predict_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Like `predict`, for rows that are already computed."""
        return self.predict(lazy(rows)) if self.pending or self.origin is not None else self.answer(rows)

    def _values(self, answer: Callable[[pl.DataFrame], Any], frame: pl.DataFrame) -> pl.Series:
        values = np.asarray(answer(frame) if frame.height else np.empty(0), dtype=np.float64)
        return pl.Series(values.reshape(-1))

    def _labels(self, values: "np.ndarray[Any, Any]") -> pl.DataFrame:
        labels = pl.Series("prediction", list(self.classes), dtype=TYPES.get(self.target_type))
        best = pl.Series(values.argmax(axis=1), dtype=pl.Int64)
        columns = {f"probability_{label}": values[:, i] for i, label in enumerate(self.classes)}
        return pl.DataFrame({"prediction": labels.gather(best), **columns})


def is_number(column: Column) -> bool:
    """True for a column that learners take as a number: numbers, booleans, dates and times."""
    return column.type in NUMERIC or column.type in TEMPORAL or column.type == "boolean"


def features_frame(rows: pl.DataFrame, features: Schema) -> pl.DataFrame:
    """Return the columns `features` of `rows` as learners take them: Float64 and String, and nothing else.

    Booleans become 0 and 1, dates and times seconds. The types are those of training, whatever the rows came as, so
    that one row and a million rows look the same to the learner.

    Raises:
        MissingColumnError: A feature is not in `rows`.
        ColumnTypeError: A feature holds values that cannot be read as its type.
    """
    known = set(rows.columns)
    columns: dict[str, pl.Series] = {}
    for column in features:
        if column.name not in known:
            raise MissingColumnError.among(column.name, known)
        values = rows.get_column(column.name)
        columns[column.name] = _numbers(values, column) if is_number(column) else _texts(values, column)
    return pl.DataFrame(columns) if columns else pl.DataFrame(height=rows.height)


def _numbers(values: pl.Series, column: Column) -> pl.Series:
    dtype = values.dtype
    if dtype == pl.Float64 and column.type not in TEMPORAL:
        return values
    if dtype == pl.Null:
        return values.cast(pl.Float64)
    if column.type in TEMPORAL:
        return _seconds(values, column)
    if dtype.is_numeric() or dtype == pl.Boolean:
        return values.cast(pl.Float64)
    if dtype == pl.String and column.type != "boolean":
        return _read(values, values.cast(pl.Float64, strict=False), column)
    raise _misfit(values, column)


def _seconds(values: pl.Series, column: Column) -> pl.Series:
    if values.dtype == pl.String and column.type in {"date", "datetime"}:
        values = _read(values, values.str.to_datetime(time_unit="us", strict=False), column)
    if isinstance(values.dtype, pl.Date | pl.Datetime) and column.type in {"date", "datetime"}:
        zone = getattr(values.dtype, "time_zone", None)
        return values.cast(pl.Datetime("us", zone)).to_physical().cast(pl.Float64) / 1e6
    if values.dtype == pl.Duration and column.type == "duration":
        return values.cast(pl.Duration("us")).to_physical().cast(pl.Float64) / 1e6
    if values.dtype == pl.Time and column.type == "time":
        return values.to_physical().cast(pl.Float64) / 1e9
    raise _misfit(values, column)


def _texts(values: pl.Series, column: Column) -> pl.Series:
    if values.dtype == pl.String:
        return values
    if values.dtype.is_nested() or isinstance(values.dtype, pl.Binary | pl.Object):
        raise _misfit(values, column)
    return values.cast(pl.String)


def _read(values: pl.Series, found: pl.Series, column: Column) -> pl.Series:
    if found.null_count() > values.null_count():
        raise _misfit(values.filter(found.is_null() & values.is_not_null()), column)
    return found


def _misfit(values: pl.Series, column: Column) -> ColumnTypeError:
    example = values.drop_nulls().head(1).to_list()
    shown = f"{example[0]!r:.60}" if example else str(values.dtype)
    return ColumnTypeError(
        f"Column {column.name!r} holds {shown}, which cannot be read as {column.type}.",
        hint=f"The model was trained on values of type {column.type}: cast the column to it.",
    )
