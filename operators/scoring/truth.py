"""Rows to judge a model by: prepared for it, and with their target known."""

from typing import Any

import numpy as np
import polars as pl

from operators.contract.errors import EmptyTableError, MissingColumnError, ParameterError
from operators.contract.tables import LazyTable
from operators.contract.values.model import Model, Task
from operators.learners.targets import class_numbers, with_target

PAIR = 2


def prepared_rows(model: Model, table: LazyTable, target: str | None, task: Task) -> tuple[pl.DataFrame, int]:
    """Return the rows of `table` as the model takes them, those without a target left out, and how many those were.

    Raises:
        ParameterError: The model does not do `task`.
        MissingColumnError: There is no such target after the steps to the model.
    """
    if model.task != task:
        raise ParameterError(
            f"The model does {model.task}, not {task}.",
            hint=f"Use the operator that scores {model.task}.",
        )
    name = target or model.target
    prepared = model.prepare(table)
    if name not in prepared.columns:
        raise MissingColumnError.among(name, prepared.columns, field="target")
    try:
        known = with_target(prepared, name)
    except EmptyTableError:
        known = prepared.clear()
    return known, prepared.height - known.height


def positive_class(model: Model) -> int | None:
    """Return the number of the positive class where there are two: the higher; else None."""
    return 1 if len(model.classes) == PAIR else None


def known_labels(truth: pl.Series, model: Model) -> list[Any]:
    """Return labels as the model has them; one that it does not know stays as it is.

    Raises:
        ParameterError: A text cannot be read as what the model's labels are.
    """
    codes = label_codes(truth, model).tolist()
    return [model.classes[code] if code >= 0 else label for code, label in zip(codes, truth.to_list(), strict=True)]


def label_codes(truth: pl.Series, model: Model) -> "np.ndarray[Any, Any]":
    """Return the class number of each label, shape (n,); -1 for one that the model does not know.

    Raises:
        ParameterError: A text cannot be read as what the model's labels are.
    """
    codes = class_numbers(truth, model.classes)
    unread = truth.filter(codes.is_null())
    if len(unread):
        raise ParameterError(
            f"The label {unread.item(0)!r} cannot be compared with the model's, as {model.classes[0]!r}.",
            hint="Cast the target to the type it had in training.",
            field="target",
        )
    return codes.to_numpy()
