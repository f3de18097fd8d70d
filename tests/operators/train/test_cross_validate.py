"""Cross-validation: how rows are divided, what is scored on what, and figures that agree with scikit-learn."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import LeaveOneGroupOut, PredefinedSplit, TimeSeriesSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from operators import CrossValidate
from operators.contract.errors import CancelledError, LearnerError, MissingColumnError
from operators.contract.tables import lazy
from operators.train.folds import assigned_folds, forward_folds, grouped_folds

RANDOM = np.random.default_rng(8)
X = RANDOM.normal(size=(120, 2))
ROWS = pl.DataFrame(X, schema=["a", "b"]).with_columns(
    y=pl.Series(X @ [2, -1] + RANDOM.normal(size=120)),
    label=pl.Series(np.where(X[:, 0] + RANDOM.normal(size=120) > 0, "yes", "no")),
    team=pl.Series(np.repeat(list("pqrst"), 24)),
    day=pl.Series(RANDOM.permutation(120)),
)
PLAIN = make_pipeline(StandardScaler(), Ridge())


def judged(context, rows=ROWS, **parameters):
    operator = CrossValidate(**{"target": "label", "algorithm": "linear", "features": ("a", "b"), **parameters})
    return operator.run(lazy(rows), context=context)


def regression(context, **parameters):
    return judged(context, target="y", task="regression", **parameters)


def plain(cv, **more):
    return cross_val_score(PLAIN, X, ROWS["y"].to_numpy(), cv=cv, scoring="r2", **more)


def test_random_parts_are_scored_as_scikit_learn_does(context):
    folds = assigned_folds(ROWS["y"].to_numpy(), 5, stratified=False, seed=7)
    theirs = plain(PredefinedSplit(folds))
    found = regression(context).metrics
    assert found["r2"] == pytest.approx(theirs.mean())
    assert found["r2_std"] == pytest.approx(theirs.std(ddof=1))


def test_groups_are_scored_as_scikit_learn_does(context):
    theirs = plain(LeaveOneGroupOut(), groups=ROWS["team"].to_numpy())
    assert regression(context, division="group", column="team").metrics["r2"] == pytest.approx(theirs.mean())


def test_time_is_scored_forward_as_scikit_learn_does(context):
    order = np.argsort(ROWS["day"].to_numpy())
    theirs = []
    for past, future in TimeSeriesSplit(4).split(order):
        fitted = PLAIN.fit(X[order[past]], ROWS["y"].to_numpy()[order[past]])
        theirs.append(r2_score(ROWS["y"].to_numpy()[order[future]], fitted.predict(X[order[future]])))
    found = regression(context, division="time", column="day", folds=4)
    assert [fold["figures"]["r2"] for fold in found.report["folds"]] == pytest.approx(theirs)
    assert found.metrics["rows"] == 96


@given(groups=st.lists(st.sampled_from(["a", "b", "c", "d", None]), max_size=60), count=st.integers(2, 4))
def test_a_group_is_in_one_fold(groups, count):
    folds = grouped_folds(pl.Series(groups, dtype=pl.String), count, seed=1)
    assert len(set(zip(groups, folds.tolist(), strict=True))) == len(set(groups))
    assert set(folds.tolist()) <= set(range(count))


@given(moments=st.lists(st.none() | st.integers(0, 20), min_size=3, max_size=60), count=st.integers(2, 6))
def test_later_folds_are_later_and_of_one_size(moments, count):
    folds = forward_folds(pl.Series(moments, dtype=pl.Int64), count)
    known = sorted(zip(folds.tolist(), [-1 if moment is None else moment for moment in moments], strict=True))
    assert [moment for _, moment in known] == sorted(moment for _, moment in known)
    if len(moments) > count:
        sizes = np.bincount(folds + 1, minlength=count + 1)
        assert sizes.max() - sizes.min() <= 1


def test_labels_have_means_deviations_and_the_figures_of_each_part(context):
    found = judged(context)
    values = [fold["figures"]["roc_auc"] for fold in found.report["folds"]]
    assert found.metrics["roc_auc"] == pytest.approx(np.mean(values))
    assert found.metrics["roc_auc_std"] == pytest.approx(np.std(values, ddof=1))
    assert (found.metrics["folds"], found.metrics["rows"]) == (5, 120)
    assert len(context.reports) == 5


def test_the_column_of_groups_is_not_learnt_from(context):
    rows = ROWS.with_columns(label=pl.col("team"))
    found = judged(context, rows, features=None, division="group", column="team")
    assert all(fold["figures"]["accuracy"] == 0 for fold in found.report["folds"])


def test_parts_are_spread_with_their_share(context):
    judged(context, share=2.0)
    assert context.mapped == [(5, 2.0)]


def test_an_interrupted_validation_goes_on_where_it_was(contexts):
    first = contexts(rounds=1)
    with pytest.raises(CancelledError):
        judged(first)
    second = contexts(kept=first.kept)
    assert judged(second) == judged(contexts())
    assert second.mapped == [(4, 1.0)]


def test_a_part_that_cannot_be_scored_is_told_and_left_out(context):
    rows = ROWS.with_columns(label=pl.when(pl.col("day") < 30).then(pl.lit("no")).otherwise("label"))
    found = judged(context, rows, division="time", column="day", folds=3)
    assert "one value only" in found.report["folds"][0]["error"]
    assert found.metrics["folds"] == 2


def test_a_group_or_a_moment_needs_a_column():
    with pytest.raises(ValidationError, match="group needs a column"):
        CrossValidate(target="label", division="group")


@pytest.mark.parametrize(
    ("parameters", "rows", "error"),
    [
        ({"division": "group", "column": "teem"}, ROWS, MissingColumnError),
        ({"division": "group", "column": "team", "folds": 6}, ROWS, LearnerError),
        ({"division": "time", "column": "day"}, ROWS.head(5), LearnerError),
        ({}, ROWS.with_columns(label=pl.lit("no")), LearnerError),
    ],
)
def test_what_cannot_be_divided_is_refused(context, parameters, rows, error):
    with pytest.raises(error):
        judged(context, rows, **parameters)
