"""The contract of a learner: settings that know how to fit a matrix.

A learner is a frozen pydantic model: its fields are the form, the JSON and (through `searched`) the space that a
hyperparameter search looks through. It never sees columns: `operators.learners.encoding` turns rows into a matrix in
the way the learner's `encoding` asks for, and does so again, in the same code, for every row that is predicted.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from operators.contract.errors import LearnerError
from operators.contract.fields import hint

Supervised = Literal["classification", "regression"]
Matrix = np.ndarray[Any, Any]
TASKS: tuple[Supervised, ...] = ("classification", "regression")


@dataclass(frozen=True)
class Encoding:
    """How a learner wants its matrix.

    Args:
        categories: Category numbers in one column, or a column of 0 and 1 per category.
        scaled: Numbers with mean 0 and variance 1, gaps filled with the median and marked in a column of their own.
        max_categories: Text with more values than this is encoded by the mean of the target.
    """

    categories: Literal["codes", "one_hot"] = "codes"
    scaled: bool = False
    max_categories: int = 64


@dataclass(frozen=True)
class Lesson:
    """What a learner learns from.

    Args:
        matrix: Shape (n, d), float64, n >= 1; nan where the learner's encoding leaves gaps.
        target: Shape (n,): float64 for regression, class numbers from 0 for classification.
        weights: Shape (n,), positive; None where all rows weigh the same.
        categorical: Columns of `matrix` that hold category numbers.
        validation: A matrix and a target that the learner may stop early on; None where there are none.
        seed: For everything random.
        threads: Threads that fitting may use, at least 1.
    """

    matrix: Matrix
    target: Matrix
    weights: Matrix | None = None
    categorical: tuple[int, ...] = ()
    validation: tuple[Matrix, Matrix] | None = None
    seed: int = 0
    threads: int = 1


class Learner(BaseModel, ABC):
    """An algorithm and its settings; override `estimator`, and `fit` where fitting takes more than rows."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    title: ClassVar[Mapping[str, str]]
    about: ClassVar[Mapping[str, str]] = {}
    """What the docstring says, in other languages than English (`zh`)."""
    encoding: ClassVar[Encoding] = Encoding()
    tasks: ClassVar[tuple[Supervised, ...]] = TASKS
    place: ClassVar[int] = 100
    """Its place in lists, the smallest first."""
    in_auto: ClassVar[bool] = False
    """True for one that `auto` chooses among."""
    needs_columns: ClassVar[bool] = True
    """False where a table with nothing but the target can be learnt from."""
    kind: str

    @model_validator(mode="after")
    def _keep_kind(self) -> Self:
        """Count `kind` as given, so that a dump without defaults can be read again."""
        self.__pydantic_fields_set__.add("kind")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema of the settings with the learner's title and description by language, in `i18n`."""
        schema = handler(core)
        found = handler.resolve_ref_schema(schema)
        title = getattr(cls, "title", None)
        if title:
            found["i18n"] = {**cls.about, "label": dict(title)}
        return schema

    @abstractmethod
    def estimator(self, task: Supervised, *, seed: int, threads: int) -> Any:
        """Return an unfitted object with scikit-learn's `fit`, `predict` and, for classes, `predict_proba`."""

    def fit(self, task: Supervised, lesson: Lesson) -> Any:
        """Return a fitted estimator."""
        estimator = self.estimator(task, seed=lesson.seed, threads=lesson.threads)
        return estimator.fit(lesson.matrix, lesson.target, sample_weight=lesson.weights)

    @classmethod
    def space(cls) -> Mapping[str, Mapping[str, Any]]:
        """Return what a search may try: `{"low", "high", "log", "type"}` or `{"choices"}` by field."""
        found = {}
        for name, info in cls.model_fields.items():
            extra = info.json_schema_extra
            search = extra.get("search") if isinstance(extra, dict) else None
            if isinstance(search, dict):
                found[name] = {**search, "type": "integer" if info.annotation is int else "number"}
        return found

    def require(self, task: Supervised) -> None:
        """Check that this learner does `task`.

        Raises:
            LearnerError: It does not.
        """
        if task not in self.tasks:
            raise LearnerError(
                f"The algorithm {self.kind!r} does not do {task}.",
                hint="Choose another algorithm.",
                field="algorithm",
            )


def searched(zh: str, low: float, high: float, *, log: bool = False) -> dict[str, Any]:
    """Return the `json_schema_extra` of a number that a search may vary within [low, high]."""
    return {**hint(zh), "search": {"low": low, "high": high, "log": log}}


def chosen(zh: str, *choices: str | float | None) -> dict[str, Any]:
    """Return the `json_schema_extra` of a field for which a search may take one of `choices`."""
    return {**hint(zh), "search": {"choices": list(choices)}}


def thread_share() -> int:
    """Return how many threads fitting may use: TANDEM_THREADS, else OMP_NUM_THREADS (set in workers), else 1."""
    for name in ("TANDEM_THREADS", "OMP_NUM_THREADS"):
        text = os.environ.get(name, "").strip()
        if text.isdigit() and int(text) > 0:
            return int(text)
    return 1
