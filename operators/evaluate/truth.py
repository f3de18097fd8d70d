"""Rows to judge a model by: prepared for it, and with their target known."""

import polars as pl

from operators.errors import EmptyTableError, MissingColumnError, ParameterError
from operators.learners.targets import with_target
from operators.model import Model, Task
from operators.tables import LazyTable


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
