"""What may be learnt, and what is refused with which words."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from operators.contract.errors import ColumnTypeError, EmptyTableError, LearnerError, MissingColumnError
from operators.learners.fitting import fit_model
from operators.learners.targets import fit_target, with_target

X = list(range(80))


def fit(task="classification", algorithm="linear", **columns):
    return fit_model(pl.DataFrame({"x": X} | columns), "y", task, algorithm)


@pytest.mark.parametrize(
    ("error", "words", "arguments"),
    [
        (LearnerError, "has one value only, 'a'", {"y": ["a"] * 80}),
        (LearnerError, "has 80 different values of type float64", {"y": np.linspace(0, 1, 80)}),
        (LearnerError, "has 80 different values of type int64", {"y": X}),
        (LearnerError, "has 80 different values of type string", {"y": [f"id {i}" for i in X]}),
        (ColumnTypeError, "nested or binary", {"y": [[1]] * 80}),
        (ColumnTypeError, "is of type string, and a regression", {"y": ["1"] * 80, "task": "regression"}),
        (ColumnTypeError, "is of type boolean", {"y": [True] * 80, "task": "regression"}),
        (ColumnTypeError, "is of type date", {"y": [dt.date(2024, 1, 1)] * 80, "task": "regression"}),
        (EmptyTableError, r"No row has a value in the target 'y' \(80 rows\)", {"y": [None] * 80}),
        (MissingColumnError, "No column 'y'", {"z": X}),
        (LearnerError, "No column is left to predict 'y'", {"y": [0, 1] * 40, "x": [None] * 80}),
    ],
)
def test_what_cannot_be_learnt_is_said_in_one_sentence(error, words, arguments):
    with pytest.raises(error, match=words) as caught:
        fit(**arguments)
    assert caught.value.hint
    assert caught.value.field in {"target", "features"}


def test_a_number_for_a_classifier_is_sent_to_the_regressor():
    with pytest.raises(LearnerError) as caught:
        fit(y=np.linspace(0, 1, 80))
    assert "train_regressor" in caught.value.hint


def test_what_the_library_says_becomes_a_sentence(monkeypatch):
    from sklearn.linear_model import Ridge

    def fail(*arguments, **more):
        raise ValueError("first line\nsecond line")

    monkeypatch.setattr(Ridge, "fit", fail)
    with pytest.raises(
        LearnerError, match="'linear' cannot learn from these 80 rows and 1 columns: first line"
    ) as caught:
        fit("regression", y=X)
    assert "second" not in str(caught.value)


def test_rows_without_a_target_are_left_out():
    rows = pl.DataFrame({"y": [1.0, None, float("nan"), float("inf"), 2.0]})
    assert with_target(rows, "y")["y"].to_list() == [1.0, 2.0]


def test_balanced_weights_give_every_class_the_same_say():
    target = fit_target(pl.DataFrame({"y": ["a"] * 3 + ["b"]}), "y", "classification")
    np.testing.assert_allclose(target.balanced_weights, [2 / 3] * 3 + [2])


def test_balance_moves_a_classifier_towards_the_rare_class():
    rows = pl.DataFrame({"x": np.random.default_rng(0).normal(size=300), "y": [True] * 30 + [False] * 270})
    plain, balanced = (fit_model(rows, "y", "classification", "linear", balance=balance) for balance in (False, True))
    shares = [model.predict_rows(rows)["probability_True"].mean() for model in (plain, balanced)]
    assert shares[0] == pytest.approx(0.1, abs=0.02)
    assert shares[1] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("algorithm", ["hist_gradient_boosting", "lightgbm"])
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_validation_rows_stop_the_boosters_early(algorithm, task):
    random = np.random.default_rng(2)
    noise = pl.DataFrame({"x": random.normal(size=400), "y": random.integers(0, 2, 400)})
    full = fit_model(noise[:300], "y", task, algorithm)
    early = fit_model(noise[:300], "y", task, algorithm, validation=noise[300:])
    assert rounds(early) < rounds(full)


def rounds(model):
    estimator = model.estimator.estimator
    return estimator.n_iter_ if hasattr(estimator, "max_iter") else estimator.booster.num_trees()


def test_validation_rows_of_unknown_classes_are_left_out():
    rows = pl.DataFrame({"x": X, "y": ["a", "b"] * 40})
    strange = pl.DataFrame({"x": [1, 2], "y": ["c", "d"]})
    model = fit_model(rows, "y", "classification", "lightgbm", validation=strange)
    assert model.classes == ("a", "b")


def test_only_the_named_features_are_learnt_from():
    rows = pl.DataFrame({"x": X, "leak": X, "y": X})
    model = fit_model(rows, "y", "regression", "linear", features=["x"])
    assert [column.name for column in model.features] == ["x"]
    assert model.predict_rows(rows.drop("leak", "y")).height == 80


@pytest.mark.parametrize(
    ("features", "error"),
    [(["xx"], MissingColumnError), (["x", "y"], LearnerError), (["many"], ColumnTypeError)],
)
def test_features_that_cannot_be_used_are_refused(features, error):
    rows = pl.DataFrame({"x": X, "y": X, "many": [[1]] * 80})
    with pytest.raises(error) as caught:
        fit_model(rows, "y", "regression", "linear", features=features)
    assert caught.value.field == "features"


@pytest.mark.parametrize(
    "labels",
    [
        pl.Series([1, 2], dtype=pl.Decimal(5, 1)),
        pl.Series(["a", "b"], dtype=pl.Enum(["b", "a"])),
        pl.Series([dt.date(2024, 1, 1), dt.date(2024, 1, 2)]),
        pl.Series([2**63, 5], dtype=pl.UInt64),
    ],
)
def test_labels_of_rare_types_come_back(labels):
    rows = pl.DataFrame({"x": [0, 1] * 20, "y": pl.concat([labels] * 20)})
    answers = fit_model(rows, "y", "classification", "random_forest").predict_rows(rows)
    assert (
        answers["prediction"].cast(pl.String).to_list()
        == rows["y"].cast(answers["prediction"].dtype).cast(pl.String).to_list()
    )


def test_a_feature_named_twice_is_taken_once():
    rows = pl.DataFrame({"x": X, "y": X})
    assert len(fit_model(rows, "y", "regression", "linear", features=["x", "x"]).features) == 1
