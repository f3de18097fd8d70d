"""From a table, a target and an algorithm to a model."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from operators.contract.errors import ColumnTypeError, LearnerError, MissingColumnError
from operators.contract.learner import Learner, Lesson, Supervised, thread_share
from operators.contract.tables import Column, Schema, lazy, schema_of
from operators.contract.values.model import Model, features_frame
from operators.learners.algorithm import learner_of
from operators.learners.encoding import Encoder, fit_encoder
from operators.learners.learnt import Learnt, thread_pools
from operators.learners.targets import Target, class_numbers, fit_target, with_target


def fit_model(
    rows: pl.DataFrame,
    target: str,
    task: Supervised,
    algorithm: str | Learner,
    *,
    features: Sequence[str] | None = None,
    seed: int = 0,
    balance: bool = False,
    validation: pl.DataFrame | None = None,
) -> Model:
    """Train `algorithm` on `rows`.

    Args:
        rows: Training rows; those without a target are left out.
        target: The column to predict.
        task: What to learn.
        algorithm: A learner, or its name.
        features: Columns to learn from; all but the target when None.
        seed: For everything random.
        balance: Give every class the same weight.
        validation: Rows that a learner may stop early on.

    Raises:
        OperatorError: The columns or the algorithm cannot be used; `field` names the parameter.
    """
    learner = learner_of(algorithm)
    learner.require(task)
    rows = with_target(rows, target)
    outcome = fit_target(rows, target, task)
    usable = usable_features(rows, target, features)
    frame = features_frame(rows, usable)
    encoder, matrix = fit_encoder(frame, outcome.outcomes, learner.encoding, seed)
    if learner.needs_columns and not encoder.columns:
        raise LearnerError(
            f"No column is left to predict {target!r} from.",
            hint="A column that is all null, or text that never repeats, cannot be learnt from.",
            field="features",
        )
    lesson = Lesson(
        matrix,
        outcome.values,
        outcome.balanced_weights if balance and outcome.classes else None,
        encoder.categorical,
        _held_out(validation, target, outcome, usable, encoder),
        seed,
        thread_share(),
    )
    used = {column.name for column in encoder.columns}
    return Model(
        task,
        target,
        tuple(column for column in usable if column.name in used),
        learner.kind,
        Learnt(encoder, _fitted(learner, task, lesson)),
        outcome.classes,
        outcome.type,
    )


def usable_features(rows: pl.DataFrame, target: str, features: Sequence[str] | None) -> Schema:
    """Return the columns to learn from.

    Raises:
        MissingColumnError: One of `features` is not there.
        ColumnTypeError: One of `features` is nested or binary; without `features` such columns are left out.
        LearnerError: The target is among `features`.
    """
    known = {column.name: column for column in schema_of(lazy(rows))}
    found = []
    for name in dict.fromkeys(features) if features is not None else [name for name in known if name != target]:
        if name not in known:
            raise MissingColumnError.among(name, known, field="features")
        if name == target:
            raise LearnerError(
                f"The target {target!r} is among the features.", hint="Take it out of `features`.", field="features"
            )
        dtype = rows.get_column(name).dtype
        if dtype.is_decimal() or dtype == pl.Null:
            found.append(Column(name, "float64"))
        elif known[name].type not in {"unknown", "binary"}:
            found.append(known[name])
        elif features is not None:
            raise ColumnTypeError(
                f"The column {name!r} holds {dtype}, which no algorithm takes.",
                hint="Turn it into text or numbers first, or take it out of `features`.",
                field="features",
            )
    return tuple(found)


def _held_out(
    validation: pl.DataFrame | None, target: str, outcome: Target, usable: Schema, encoder: Encoder
) -> tuple[Any, Any] | None:
    if validation is None:
        return None
    rows = with_target(validation, target)
    if outcome.classes:
        codes = class_numbers(rows.get_column(target), outcome.classes).fill_null(-1)
        rows, numbers = rows.filter(codes >= 0), codes.filter(codes >= 0).to_numpy()
        if rows.is_empty():
            return None
    else:
        numbers = fit_target(rows, target, "regression").values
    used = {column.name for column in encoder.columns}
    frame = features_frame(rows, tuple(column for column in usable if column.name in used))
    return encoder.encode(frame), numbers


def _fitted(learner: Learner, task: Supervised, lesson: Lesson) -> Any:
    try:
        with warnings.catch_warnings(), thread_pools().limit(limits=lesson.threads):
            warnings.simplefilter("ignore")
            return learner.fit(task, lesson)
    except _failures() as error:
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        rows, columns = lesson.matrix.shape
        raise LearnerError(
            f"The algorithm {learner.kind!r} cannot learn from these {rows} rows and {columns} columns: {first:.200}",
            hint="Try another algorithm, or more rows.",
            field="algorithm",
        ) from error


def _failures() -> tuple[type[Exception], ...]:
    """Return what libraries raise where data or settings do not suit them."""
    from lightgbm.basic import LightGBMError

    return (ValueError, ArithmeticError, MemoryError, np.linalg.LinAlgError, LightGBMError)
