"""Small models and rows for the examples of this package."""

import polars as pl

from operators.contract.operator import frame
from operators.contract.values.model import Model
from operators.learners.clusters import fit_clusters
from operators.learners.fitting import fit_model


def people() -> pl.DataFrame:
    """Return eight rows with a number, a text with a gap, and a label."""
    return frame(
        age=[22, 41, 30, 35, 58, 29, 47, 33],
        plan=["a", "b", "a", None, "b", "a", "b", "a"],
        left=[True, False, True, True, False, True, False, False],
    )


def people_model() -> Model:
    """Return a classifier of `left`."""
    return fit_model(people(), "left", "classification", "linear")


def age_model() -> Model:
    """Return a regressor of `age`."""
    return fit_model(people(), "age", "regression", "linear")


def clusters_model() -> Model:
    """Return two clusters of age and plan."""
    return fit_clusters(people(), "k_means", 2, features=("age", "plan"), seed=1)
