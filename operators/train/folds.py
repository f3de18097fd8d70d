"""Scores on rows held out: what a worker does with one candidate and one fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from operators.errors import OperatorError
from operators.evaluate.figures import classification_figures, regression_figures
from operators.evaluate.truth import label_codes, positive_class
from operators.learners import Supervised, learner_of
from operators.learners.fitting import fit_model

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
    """

    rows: pl.DataFrame
    folds: Array
    target: str
    task: Supervised
    metric: str
    features: Sequence[str] | None
    seed: int
    balance: bool

    def __call__(self, task: Task) -> Score:
        """Return the figure of one candidate on one fold."""
        held_out = pl.Series(self.folds == task.fold)
        try:
            model = fit_model(
                self.rows.filter(~held_out),
                self.target,
                self.task,
                learner_of(task.settings),
                features=self.features,
                seed=self.seed,
                balance=self.balance,
            )
            rows = self.rows.filter(held_out)
            answers, truth = model.answer(rows), rows.get_column(self.target)
        except OperatorError as error:
            return Score(task.number, None, str(error))
        if self.task == "classification":
            probabilities = answers.drop("prediction").to_numpy()
            codes = label_codes(truth, model)
            value = classification_figures(codes, probabilities, positive_class(model))[self.metric]
        else:
            predicted = answers.get_column("prediction").to_numpy()
            value = regression_figures(truth.cast(pl.Float64).to_numpy(), predicted)[self.metric]
        return Score(task.number, value, "" if value is not None else self._undefined())

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
