"""Figures of merit, as scikit-learn defines them; None where one is not defined for the rows."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from operators.constant import is_constant

Array = np.ndarray[Any, Any]

SMALLEST = float(np.finfo(np.float64).eps)

HIGHER_IS_BETTER: dict[str, bool] = {
    "roc_auc": True,
    "accuracy": True,
    "balanced_accuracy": True,
    "precision": True,
    "recall": True,
    "f1": True,
    "average_precision": True,
    "log_loss": False,
    "brier": False,
    "r2": True,
    "mae": False,
    "rmse": False,
    "median_absolute_error": False,
    "mape": False,
    "max_error": False,
}
"""Every figure, and whether more of it is better."""

CLASSIFICATION = tuple(list(HIGHER_IS_BETTER)[:9])
REGRESSION = tuple(list(HIGHER_IS_BETTER)[9:])


def classification_figures(truth: Array, probabilities: Array, positive: int | None) -> dict[str, float | None]:
    """Return the figures of `CLASSIFICATION`.

    Args:
        truth: Shape (n,), class numbers in [0, k); -1 for a label that the model does not know, which counts as
            wrong and as no class of the model.
        probabilities: Shape (n, k), in [0, 1].
        positive: The class that precision, recall, f1, roc_auc, average_precision and brier are about; None for
            their mean over the classes that occur (brier: their sum).

    Returns:
        For `n` = 0, None for each.
    """
    figures: dict[str, float | None] = dict.fromkeys(CLASSIFICATION)
    if not len(truth):
        return figures
    predicted = probabilities.argmax(axis=1)
    one_hot = truth[:, None] == np.arange(probabilities.shape[1])
    kept = [positive] if positive is not None else list(range(probabilities.shape[1]))
    likelihood = np.where(truth >= 0, probabilities[np.arange(len(truth)), truth], 0.0)
    figures |= {
        "accuracy": float((predicted == truth).mean()),
        "balanced_accuracy": _mean([float((predicted == c)[truth == c].mean()) for c in np.unique(truth)]),
        "log_loss": float(-np.log(np.clip(likelihood, SMALLEST, 1.0)).mean()),
        "brier": float(((probabilities - one_hot)[:, kept] ** 2).sum(axis=1).mean()),
        "roc_auc": _ranked(_roc_auc, one_hot, probabilities, kept),
        "average_precision": _ranked(_average_precision, one_hot, probabilities, kept),
    }
    return figures | _overlap(truth, predicted, kept)


def regression_figures(truth: Array, predicted: Array) -> dict[str, float | None]:
    """Return the figures of `REGRESSION`, in the target's unit; mape is a share over the rows whose truth is not 0.

    Args:
        truth: Shape (n,), finite.
        predicted: Shape (n,), finite.

    Returns:
        For `n` = 0, None for each; r2 is None where the truth does not vary.
    """
    figures: dict[str, float | None] = dict.fromkeys(REGRESSION)
    if not len(truth):
        return figures
    errors = np.abs(predicted - truth)
    spread = float(((truth - truth.mean()) ** 2).sum())
    varies = not is_constant(np.sqrt(spread / len(truth)), truth.mean(), len(truth))
    not_zero = truth != 0
    figures |= {
        "r2": 1 - float((errors**2).sum()) / spread if varies else None,
        "mae": float(errors.mean()),
        "rmse": float(np.sqrt((errors**2).mean())),
        "median_absolute_error": float(np.median(errors)),
        "mape": float((errors / np.abs(np.where(not_zero, truth, 1)))[not_zero].mean()) if not_zero.any() else None,
        "max_error": float(errors.max()),
    }
    return {name: value if value is not None and np.isfinite(value) else None for name, value in figures.items()}


def confusion(truth: Sequence[Any], predicted: Sequence[Any], labels: Sequence[Any]) -> list[list[int]]:
    """Return how often a row of label i (by row) was predicted as label j (by column)."""
    place = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(table, ([place[label] for label in truth], [place[label] for label in predicted]), 1)
    return table.tolist()


def _overlap(truth: Array, predicted: Array, kept: Sequence[int]) -> dict[str, float | None]:
    """Return precision, recall and f1, 0 where nothing is predicted or nothing is there, as scikit-learn has them."""
    seen = [c for c in kept if len(kept) == 1 or (truth == c).any() or (predicted == c).any()]
    scores = []
    for c in seen:
        both = int(((predicted == c) & (truth == c)).sum())
        chosen, there = int((predicted == c).sum()), int((truth == c).sum())
        scores.append((both / max(chosen, 1), both / max(there, 1), 2 * both / max(chosen + there, 1)))
    means = [_mean(list(column)) for column in zip(*scores, strict=True)] or [None] * 3
    return dict(zip(("precision", "recall", "f1"), means, strict=True))


def _ranked(
    figure: Callable[[Array, Array], float], one_hot: Array, probabilities: Array, kept: Sequence[int]
) -> float | None:
    """Return the mean of a figure over the classes of which there are rows inside and outside."""
    defined = [c for c in kept if 0 < one_hot[:, c].sum() < len(one_hot)]
    return _mean([figure(one_hot[:, c], probabilities[:, c]) for c in defined])


def _roc_auc(truth: Array, scores: Array) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, scores))


def _average_precision(truth: Array, scores: Array) -> float:
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(truth, scores))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None
