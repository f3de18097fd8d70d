"""Figures of merit against scikit-learn's, and where they are not defined."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sklearn import metrics

from operators.scoring.figures import (
    CLASSIFICATION,
    REGRESSION,
    classification_figures,
    confusion,
    regression_figures,
)


@some.composite
def judged(draw, classes):
    """Labels in which every class occurs, and probabilities."""
    k = draw(classes)
    truth = np.array([*range(k), *draw(some.lists(some.integers(0, k - 1), min_size=1, max_size=20))])
    weights = draw(some.lists(some.integers(1, 9), min_size=len(truth) * k, max_size=len(truth) * k))
    shares = np.array(weights, dtype=float).reshape(len(truth), k)
    return truth, shares / shares.sum(axis=1, keepdims=True)


@settings(deadline=None)
@given(judged(classes=some.just(2)), some.integers(0, 1))
def test_two_classes_agree_with_scikit_learn(case, positive):
    truth, shares = case
    ours = classification_figures(truth, shares, positive)
    hits, predicted, score = truth == positive, shares.argmax(axis=1), shares[:, positive]
    theirs = {
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "precision": metrics.precision_score(hits, predicted == positive, zero_division=0),
        "recall": metrics.recall_score(hits, predicted == positive, zero_division=0),
        "f1": metrics.f1_score(hits, predicted == positive, zero_division=0),
        "roc_auc": metrics.roc_auc_score(hits, score),
        "average_precision": metrics.average_precision_score(hits, score),
        "log_loss": metrics.log_loss(truth, shares),
        "brier": metrics.brier_score_loss(hits, score),
    }
    assert ours == pytest.approx(theirs)


@settings(deadline=None)
@given(judged(classes=some.integers(3, 4)))
def test_several_classes_agree_with_scikit_learn(case):
    truth, shares = case
    ours = classification_figures(truth, shares, None)
    predicted, one_hot = shares.argmax(axis=1), np.eye(shares.shape[1])[truth]
    mean = {"average": "macro", "zero_division": 0}
    theirs = {
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "precision": metrics.precision_score(truth, predicted, **mean),
        "recall": metrics.recall_score(truth, predicted, **mean),
        "f1": metrics.f1_score(truth, predicted, **mean),
        "roc_auc": metrics.roc_auc_score(truth, shares, multi_class="ovr"),
        "average_precision": metrics.average_precision_score(one_hot, shares),
        "log_loss": metrics.log_loss(truth, shares),
        "brier": ((shares - one_hot) ** 2).sum(axis=1).mean(),
    }
    assert ours == pytest.approx(theirs)


numbers = some.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@settings(deadline=None)
@given(some.lists(some.tuples(numbers, numbers), min_size=2, max_size=30))
def test_regression_agrees_with_scikit_learn(pairs):
    truth, predicted = (np.array(column) for column in zip(*pairs, strict=True))
    ours = regression_figures(truth, predicted)
    theirs = {
        "mae": metrics.mean_absolute_error(truth, predicted),
        "rmse": metrics.root_mean_squared_error(truth, predicted),
        "median_absolute_error": metrics.median_absolute_error(truth, predicted),
        "max_error": metrics.max_error(truth, predicted),
    }
    if truth.max() > truth.min():
        theirs["r2"] = metrics.r2_score(truth, predicted)
    if (kept := truth != 0).any():
        theirs["mape"] = metrics.mean_absolute_percentage_error(truth[kept], predicted[kept])
    assert {name: value for name, value in ours.items() if value is not None} == pytest.approx(theirs, rel=1e-6)


def test_nothing_is_defined_without_rows():
    assert classification_figures(np.empty(0, dtype=int), np.empty((0, 2)), 1) == dict.fromkeys(CLASSIFICATION)
    assert regression_figures(np.empty(0), np.empty(0)) == dict.fromkeys(REGRESSION)


def test_a_ranking_needs_rows_of_two_classes():
    figures = classification_figures(np.array([1, 1]), np.array([[0.2, 0.8], [0.6, 0.4]]), 1)
    assert figures["roc_auc"] is None
    assert figures["average_precision"] is None
    assert figures["accuracy"] == 0.5


def test_a_constant_truth_has_no_r2():
    figures = regression_figures(np.array([2.0, 2.0]), np.array([2.0, 3.0]))
    assert figures["r2"] is None
    assert figures["mae"] == 0.5


def test_a_label_the_model_does_not_know_counts_as_wrong():
    figures = classification_figures(np.array([0, -1]), np.array([[0.9, 0.1], [0.2, 0.8]]), 1)
    assert figures["accuracy"] == 0.5
    assert figures["log_loss"] == pytest.approx((-np.log(0.9) - np.log(np.finfo(float).eps)) / 2)


def test_a_class_that_is_certain_and_wrong_has_a_finite_loss():
    figures = classification_figures(np.array([0]), np.array([[0.0, 1.0]]), 1)
    assert np.isfinite(figures["log_loss"])


def test_confusion_counts_labels_by_row_and_predictions_by_column():
    assert confusion(["a", "a", "b"], ["a", "b", "b"], ["a", "b", "c"]) == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
