"""What the trainers of classes and of numbers share."""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from operators.contract.common_fields import Features, Target
from operators.contract.context import Context
from operators.contract.errors import LearnerError, MissingColumnError
from operators.contract.fields import hint
from operators.contract.learner import Supervised
from operators.contract.tables import LazyTable, Schema, collected
from operators.contract.trainer import Trainer
from operators.contract.values.model import Model
from operators.learners.algorithm import Algorithm, learner_of
from operators.learners.fitting import fit_model
from operators.learners.targets import check_target_type

_log = logging.getLogger(__name__)


class SupervisedTrainer(Trainer):
    """Learns to predict one column from the others."""

    task: ClassVar[Supervised]

    target: Target
    algorithm: Algorithm = Field(
        "hist_gradient_boosting",
        description="Algorithm, by name or with its settings",
        json_schema_extra=hint("算法名称，或带参数的算法"),
    )
    features: Features = None
    seed: int | None = Field(
        None,
        ge=0,
        le=2**32 - 1,
        description="Seed of everything random; the run's when unset",
        json_schema_extra=hint("随机种子；不填则使用运行的种子"),
    )

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Check the target and the features against the training rows' schema.

        Raises:
            MissingColumnError: One of them is not there.
            ColumnTypeError: The target cannot be learnt.
            LearnerError: The target is among the features, or the algorithm does something else.
        """
        schema = inputs.get("train")
        if schema is not None:
            check_columns(schema, self.target, self.features, self.task)
        learner_of(self.algorithm).require(self.task)
        return super().infer(inputs, sources)

    def fitted(self, train: LazyTable, validation: LazyTable | None, context: Context, **more: Any) -> Model:
        """Return a model of the training rows, and report how many there were."""
        rows = collected(train)
        model = fit_model(
            rows,
            self.target,
            self.task,
            self.algorithm,
            features=self.features,
            seed=seed_of(self.seed, context),
            validation=None if validation is None else collected(validation),
            **more,
        )
        report_rows(rows.get_column(self.target), context)
        return model


def check_columns(schema: Schema, target: str, features: tuple[str, ...] | None, task: Supervised) -> None:
    """Check a target and features against a schema, before anything runs.

    Raises:
        MissingColumnError: One of them is not there.
        ColumnTypeError: The target cannot be learnt.
        LearnerError: The target is among the features.
    """
    known = {column.name: column.type for column in schema}
    if target not in known:
        raise MissingColumnError.among(target, known, field="target")
    for name in features or ():
        if name not in known:
            raise MissingColumnError.among(name, known, field="features")
        if name == target:
            raise LearnerError(
                f"The target {target!r} is among the features.", hint="Take it out of `features`.", field="features"
            )
    if known[target] not in {"unknown", "null"}:
        check_target_type(target, known[target], task)


def seed_of(seed: int | None, context: Context) -> int:
    """Return the operator's seed, or the run's within what numeric libraries take."""
    return seed if seed is not None else context.seed % 2**32


def report_rows(target: pl.Series, context: Context) -> None:
    """Report how many rows were learnt from, and how many had no target."""
    finite = target.is_finite().sum() if target.dtype.is_float() else len(target) - target.null_count()
    missing = len(target) - int(finite)
    context.report(0, {"rows": len(target) - missing, "rows_without_target": missing})
    if missing:
        _log.info("%d of %d rows have no %s and were left out.", missing, len(target), target.name)
