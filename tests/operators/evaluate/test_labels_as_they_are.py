"""A label is a class of the model where it is the same value, never where it can be made into one."""

import datetime

import numpy as np
import polars as pl
import pytest

from operators.contract.errors import MissingColumnError, OperatorError, ParameterError
from operators.contract.tables import lazy
from operators.evaluate.confusion_matrix import ConfusionMatrix
from operators.evaluate.curves import place_of
from operators.evaluate.score_classifier import ScoreClassifier
from operators.learners.fitting import fit_model
from operators.testing.local import LocalContext
from operators.train.hyperparameter_search import HyperparameterSearch
from operators.train.train_classifier import TrainClassifier

X = np.linspace(-3, 3, 60)
HOURS = [datetime.timedelta(hours=13), datetime.timedelta()] * 2
FIRST, SECOND = datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)


def model_of(low, high):
    """A classifier that says `high` for large x."""
    return fit_model(pl.DataFrame({"x": X, "y": [low] * 30 + [high] * 30}), "y", "classification", "linear")


@pytest.mark.parametrize(
    ("classes", "truth", "unknown", "right"),
    [
        ((0, 1), [1.9, 1.2, 1.0], 2, 1),
        ((0, 1), [0.7, 1.0, 1.0], 1, 2),
        ((False, True), [2, 7, 1], 2, 1),
        ((False, True), [1.5, 1.0, 0.3], 2, 1),
        ((0, 1), [True, True, False], 0, 2),
        ((0, 1), ["1", "1", "2"], 1, 2),
        (("0", "1"), [1, 1, 3], 1, 2),
        (("a", "b"), ["b", "B", "c"], 2, 1),
        ((0.5, 1.5), [1, 2, 1], 3, 0),
        ((0.5, 1.0), [1, 2, 1], 1, 2),
        ((FIRST, SECOND), pl.Series([SECOND] * 4).cast(pl.Datetime("us")) + pl.Series(HOURS), 2, 2),
        ((2**53, 2**53 + 2), [float(2**53 + 2), float(2**53 + 2), 1e300], 1, 2),
    ],
)
def test_labels_that_the_model_does_not_know_are_counted_and_are_no_class(classes, truth, unknown, right):
    model = model_of(*classes)
    rows = lazy(pl.DataFrame({"x": [3.0] * len(truth), "y": truth}))
    metrics = ScoreClassifier().run(model, rows)
    assert metrics["rows_of_unknown_labels"] == unknown
    assert metrics["accuracy"] == pytest.approx(right / len(truth))
    assert sum(map(sum, metrics["confusion"]["counts"])) == len(truth)
    assert ConfusionMatrix().run(model, rows).facts["accuracy"] == pytest.approx(right / len(truth))


def test_a_text_that_is_no_number_is_refused_as_a_label_among_numbers():
    with pytest.raises(ParameterError, match="'x' cannot be compared"):
        ScoreClassifier().run(model_of(0, 1), lazy(pl.DataFrame({"x": [1.0], "y": ["x"]})))


@pytest.mark.parametrize(
    ("classes", "positive", "place"),
    [
        ((0, 1), 1, 1),
        ((0, 1), 0.0, 0),
        ((0, 1), "1", 1),
        ((0, 1), True, None),
        ((0, 1), 1.5, None),
        ((False, True), True, 1),
        ((False, True), "true", 1),
        ((False, True), "True", 1),
        ((False, True), 1, None),
        (("no", "yes"), "yes", 1),
        (("no", "yes"), True, None),
        (("0", "1"), 1, None),
        ((FIRST, SECOND), "2024-01-02", 1),
    ],
)
def test_the_positive_label_is_one_of_its_own_kind(classes, positive, place):
    model = model_of(*classes)
    if place is None:
        with pytest.raises(ParameterError, match="has no label"):
            place_of(positive, model)
    else:
        assert place_of(positive, model) == place


def rows_of(**columns):
    """Rows with a number that tells the label."""
    return pl.DataFrame({"x": X, "y": ["no"] * 30 + ["yes"] * 30, **columns})


@pytest.mark.parametrize("features", [("x",), None])
def test_a_search_takes_validation_rows_without_a_column_that_no_model_looks_at(features):
    train = rows_of(id=[f"id{n}" for n in range(60)], empty=pl.Series([None] * 60, dtype=pl.Float64))
    search = HyperparameterSearch(target="y", algorithm="linear", features=features, trials=2)
    with LocalContext() as context:
        found = search.train(lazy(train), lazy(rows_of(more=list(range(60)))), context=context)
    assert found.report["best"]["value"] == pytest.approx(1.0)
    assert TrainClassifier(target="y", algorithm="linear", features=features).train(
        lazy(train), lazy(rows_of()), context=LocalContext()
    )


def test_a_search_names_the_column_that_validation_rows_lack():
    train = rows_of(z=X * 2)
    search = HyperparameterSearch(target="y", algorithm="linear", trials=2)
    with LocalContext() as context, pytest.raises(OperatorError, match="The validation rows have no column 'z'"):
        search.train(lazy(train), lazy(rows_of()), context=context)
    with LocalContext() as context, pytest.raises(MissingColumnError, match="'z'"):
        HyperparameterSearch(target="y", features=("z",), trials=1).train(lazy(rows_of()), context=context)


def test_a_search_names_a_column_whose_types_differ():
    days = pl.DataFrame({"x": [FIRST, SECOND], "y": ["no", "yes"]})
    with LocalContext() as context, pytest.raises(OperatorError, match="'x' is Float64 in the training rows and Date"):
        HyperparameterSearch(target="y", trials=1).train(lazy(rows_of()), lazy(days), context=context)
