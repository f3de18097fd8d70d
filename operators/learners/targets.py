"""The target of supervised learning: what may be learnt, and labels as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from operators.contract.errors import ColumnTypeError, EmptyTableError, LearnerError, MissingColumnError
from operators.contract.learner import Matrix, Supervised
from operators.contract.tables import INTEGERS, NUMERIC, lazy, schema_of

MOST_CLASSES = 1000
SURELY_CLASSES = 50  # so many are taken for classes, however few rows there are
NO_LABELS = frozenset({"unknown", "binary"})


@dataclass(frozen=True)
class Target:
    """A target column of the training rows.

    Args:
        values: Shape (n,): numbers, or class numbers from 0.
        classes: The labels in ascending order; empty for regression.
        type: Name of the column's type.
    """

    values: Matrix
    classes: tuple[Any, ...]
    type: str

    @property
    def outcomes(self) -> Matrix:
        """Shape (n, k): the numbers, or a column of 0 and 1 per class (one column where there are two)."""
        column = self.values[:, None]
        several = len(self.classes) > 2  # noqa: PLR2004 - two classes need one column
        return np.asarray(column == np.arange(len(self.classes)) if several else column, dtype=np.float64)

    @property
    def balanced_weights(self) -> Matrix:
        """Shape (n,): weights under which every class counts the same, with mean 1."""
        sizes = np.bincount(self.values)
        return np.asarray(len(self.values) / (len(self.classes) * sizes[self.values]))


def with_target(rows: pl.DataFrame, target: str) -> pl.DataFrame:
    """Return the rows whose target is known: not null, and finite.

    Raises:
        MissingColumnError: There is no column `target`.
        EmptyTableError: No row is left.
    """
    if target not in rows.columns:
        raise MissingColumnError.among(target, rows.columns, field="target")
    values = rows.get_column(target)
    known = rows.filter(values.is_not_null() & (values.is_finite() if values.dtype.is_float() else True))
    if known.is_empty():
        raise EmptyTableError(
            f"No row has a value in the target {target!r} ({rows.height} rows).",
            hint="Choose another target, or bring rows whose outcome is known.",
            field="target",
        )
    return known


def fit_target(rows: pl.DataFrame, target: str, task: Supervised) -> Target:
    """Return the target of rows that all have one.

    Raises:
        ColumnTypeError: Its type cannot be learnt.
        LearnerError: There is one class only, or more than can be meant as classes.
    """
    values = rows.get_column(target)
    kind = target_type(rows, target)
    check_target_type(target, kind, task)
    if task == "regression":
        return Target(values.cast(pl.Float64).to_numpy(), (), kind)
    if isinstance(values.dtype, pl.Categorical | pl.Enum):
        values = values.cast(pl.String)
    elif values.dtype.is_decimal():
        values = values.cast(pl.Float64)
    labels = values.unique().sort()
    _check_classes(target, labels, kind, len(values))
    codes = values.replace_strict(labels, pl.Series(range(len(labels))), return_dtype=pl.Int64)
    return Target(codes.to_numpy(), tuple(labels.to_list()), kind)


def target_type(rows: pl.DataFrame, target: str) -> str:
    """Return the name of a column's type; a decimal number is a float64."""
    values = rows.get_column(target)
    return "float64" if values.dtype.is_decimal() else schema_of(lazy(rows.select(target)))[0].type


def check_target_type(target: str, kind: str, task: Supervised) -> None:
    """Check that a column of type `kind` can be the target of `task`.

    Raises:
        ColumnTypeError: It cannot.
    """
    if task == "regression" and kind not in NUMERIC:
        raise ColumnTypeError(
            f"The target {target!r} is of type {kind}, and a regression predicts numbers.",
            hint="Use train_classifier for labels, or cast_types where the numbers were read as something else.",
            field="target",
        )
    if kind in NO_LABELS:
        raise ColumnTypeError(
            f"The target {target!r} holds nested or binary values, which are no labels.",
            hint="Choose a column of labels, numbers or booleans.",
            field="target",
        )


def class_numbers(values: pl.Series, classes: Sequence[Any]) -> pl.Series:
    """Return the place of each value among `classes` as int64: -1 where it is none, null where it is unreadable.

    A value is a class where it is the same value: 1.0 is 1, 1.9 is not, 7 is not true. Text is read as a number or
    a date where the classes are such.
    """
    labels = pl.Series(list(classes))
    if isinstance(values.dtype, pl.Categorical | pl.Enum):
        values = values.cast(pl.String)
    try:
        read = values.cast(labels.dtype, strict=False)
        back = values if values.dtype == pl.String else read.cast(values.dtype, strict=False)
    except pl.exceptions.PolarsError:
        return pl.Series([None] * len(values), dtype=pl.Int64)
    numbers = pl.Series(range(len(labels)), dtype=pl.Int64)
    codes = read.replace_strict(labels, numbers, default=-1, return_dtype=pl.Int64)
    same = (back == values).fill_null(value=False)
    unread = read.is_null() & pl.lit(values.dtype == pl.String)
    place = pl.when(pl.lit(same)).then(pl.lit(codes)).otherwise(-1)
    return pl.select(pl.when(unread).then(None).otherwise(place).alias(values.name)).to_series()


def _check_classes(target: str, labels: pl.Series, kind: str, rows: int) -> None:
    if len(labels) == 1:
        raise LearnerError(
            f"The target {target!r} has one value only, {labels.item(0)!r}, so there is nothing to tell apart.",
            hint="Train on rows of at least two classes.",
            field="target",
        )
    continuous = kind in NUMERIC - INTEGERS or len(labels) > rows / 2
    if len(labels) > (SURELY_CLASSES if continuous else MOST_CLASSES):
        raise LearnerError(
            f"The target {target!r} has {len(labels)} different values of type {kind} in {rows} rows, "
            "too many for classes.",
            hint="Use train_regressor to predict a number." if kind in NUMERIC else "Group its values first.",
            field="target",
        )
