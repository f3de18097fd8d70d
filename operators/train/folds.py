"""Scores on rows held out: what a worker does with one candidate and one fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from operators.contract.errors import MissingColumnError, OperatorError
from operators.contract.learner import Supervised
from operators.learners.algorithm import learner_of
from operators.learners.fitting import fit_model
from operators.scoring.figures import classification_figures, regression_figures
from operators.scoring.truth import label_codes, positive_class

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Task:
    """One candidate on one fold."""

    number: int
    fold: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """What came of a task: a finite figure, or why there is none."""

    number: int
    value: float | None
    error: str = ""


@dataclass(frozen=True, eq=False)
class FoldScore:
    """Trains on the rows outside a fold and scores on those inside; picklable, and knows no platform.

    Args:
        rows: Rows whose target is known.
        folds: Shape (n,): the fold of each row, -1 for a row that is never held out.
        target: The column to predict.
        task: What is learnt.
        metric: The figure.
        features: Columns to learn from; all but the target when None.
        seed: For everything random.
        balance: Give every class the same weight.
        forward: Train on the rows of earlier folds only, -1 among them.
        absent: Columns that the rows held out do not have; a model may not look at them.
    """

    rows: pl.DataFrame
    folds: Array
    target: str
    task: Supervised
    metric: str
    features: Sequence[str] | None
    seed: int
    balance: bool
    forward: bool = False
    absent: frozenset[str] = frozenset()

    def __call__(self, task: Task) -> Score:
        """Return the figure of one candidate on one fold."""
        try:
            value = self.figures(task.settings, task.fold)[self.metric]
        except OperatorError as error:
            return Score(task.number, None, str(error))
        return Score(task.number, value, "" if value is not None else self._undefined())

    def figures(self, settings: Mapping[str, Any], fold: int) -> dict[str, float | None]:
        """Return every figure of an algorithm that was trained without a fold, on the rows of that fold.

        Raises:
            OperatorError: The algorithm cannot learn from the other rows.
        """
        held_out = self.folds == fold
        known = self.folds < fold if self.forward else ~held_out
        model = fit_model(
            self.rows.filter(pl.Series(known)),
            self.target,
            self.task,
            learner_of(settings),
            features=self.features,
            seed=self.seed,
            balance=self.balance,
        )
        for column in model.features:
            if column.name in self.absent:
                raise MissingColumnError(
                    f"The validation rows have no column {column.name!r}, which the model looks at.",
                    hint="Add it, or leave it out of `features`.",
                    field="features",
                )
        rows = self.rows.filter(pl.Series(held_out))
        answers, truth = model.answer(rows), rows.get_column(self.target)
        if self.task == "classification":
            probabilities = answers.drop("prediction").to_numpy()
            return classification_figures(label_codes(truth, model), probabilities, positive_class(model))
        predicted = answers.get_column("prediction").to_numpy()
        return regression_figures(truth.cast(pl.Float64).to_numpy(), predicted)

    def _undefined(self) -> str:
        return f"The metric {self.metric!r} is not defined on a part of the rows, which is too small or too uniform."


def assigned_folds(outcome: Array, count: int, *, stratified: bool, seed: int) -> Array:
    """Return a fold in [0, count) for each row; the folds differ by at most one row.

    Args:
        outcome: Shape (n,): the target.
        count: Number of folds, at least 2.
        stratified: Spread every value of `outcome` over the folds as evenly as can be.
        seed: For the shuffle.
    """
    order = np.random.default_rng(seed).permutation(len(outcome))
    if stratified:
        order = order[np.argsort(outcome[order], kind="stable")]
    folds = np.empty(len(outcome), dtype=np.int64)
    folds[order] = np.arange(len(outcome)) % count
    return folds


def grouped_folds(groups: pl.Series, count: int, seed: int) -> Array:
    """Return a fold in [0, count) for each row, the same for all rows of a group; null is a group.

    The largest group goes first, each to the fold with the fewest rows; groups of one size are shuffled.
    """
    sizes = pl.DataFrame({"group": groups}).group_by("group").len("size").sort("group")
    shuffled = sizes[np.random.default_rng(seed).permutation(sizes.height)]
    ordered = shuffled.sort("size", descending=True, maintain_order=True)
    filled, folds = np.zeros(count, dtype=np.int64), []
    for size in ordered["size"]:
        folds.append(int(filled.argmin()))
        filled[folds[-1]] += size
    marked = pl.DataFrame({"group": groups}).join(
        ordered.with_columns(fold=pl.Series(folds, dtype=pl.Int64)),
        on="group",
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return marked["fold"].to_numpy()


def forward_folds(moments: pl.Series, count: int) -> Array:
    """Return the part of each row in the order of time: -1 for the first of `count` + 1 parts, then 0, 1, ....

    The parts differ by at most one row; of equal moments the earlier row is the earlier, and a null is before all.
    """
    order = pl.DataFrame({"moment": moments}).select(pl.arg_sort_by("moment", nulls_last=False, maintain_order=True))
    folds = np.empty(len(moments), dtype=np.int64)
    folds[order.to_series().to_numpy()] = np.arange(len(moments)) * (count + 1) // max(len(moments), 1) - 1
    return folds
