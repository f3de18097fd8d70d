"""The target of an operator that prepares columns with its help: labels or a number."""

from typing import Literal

from operators.contract.errors import MissingColumnError
from operators.contract.learner import Supervised
from operators.contract.tables import Schema
from operators.learners.targets import check_target_type

TaskChoice = Literal["auto", "classification", "regression"]


def task_of(kind: str, choice: TaskChoice) -> Supervised:
    """Return what a target of type `kind` is learnt as: texts and booleans are labels where `auto` decides."""
    if choice != "auto":
        return choice
    return "classification" if kind in {"string", "boolean"} else "regression"


def check_target(schema: Schema, target: str, choice: TaskChoice) -> None:
    """Check a target against a schema, before anything runs.

    Raises:
        MissingColumnError: It is not there.
        ColumnTypeError: It can be no target.
    """
    kinds = {column.name: column.type for column in schema}
    if target not in kinds:
        raise MissingColumnError.among(target, kinds, field="target")
    if kinds[target] not in {"unknown", "null"}:
        check_target_type(target, kinds[target], task_of(kinds[target], choice))
