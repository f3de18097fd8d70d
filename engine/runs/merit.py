"""Which of two figures of merit is the better one, as far as their name tells."""

from collections.abc import Mapping
from typing import Any, Literal

Direction = Literal["higher", "lower"]

HIGHER = frozenset(
    {
        "accuracy", "average_precision", "balanced_accuracy", "calinski_harabasz", "f1", "precision", "r2", "recall",
        "roc_auc", "silhouette",
    }
)  # fmt: skip
LOWER = frozenset(
    {
        "brier", "calibration_error", "davies_bouldin", "inertia", "log_loss", "mae", "mape", "max_error", "median_ae",
        "mse", "rmse",
    }
)  # fmt: skip

HEADLINES = ("roc_auc", "accuracy", "f1", "log_loss", "r2", "rmse", "mae", "silhouette")
"""Figures by which runs and versions are told apart at a glance, the one that says most first."""


def direction(name: str) -> Direction | None:
    """Return whether a higher or a lower value of the metric `name` is better; None where nobody knows."""
    plain = name.removesuffix("_mean").removeprefix("mean_")
    if plain in HIGHER:
        return "higher"
    return "lower" if plain in LOWER else None


def best(name: str, values: Mapping[str, Any]) -> str | None:
    """Return the key of the best of several values; None where they are equal, or nobody knows which is better."""
    numbers = {key: value for key, value in values.items() if isinstance(value, int | float)}
    way = direction(name)
    if way is None or len(numbers) < 2 or len(set(numbers.values())) == 1:  # noqa: PLR2004 # a best needs a rival
        return None
    return (max if way == "higher" else min)(numbers, key=numbers.__getitem__)


def side_by_side(metrics: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return metrics of several things, one row for each metric of each node.

    Args:
        metrics: By thing, by node, by name; values that are no numbers are left out.

    Returns:
        `[{"node", "name", "values": {thing: number or None}, "best": thing or None, "better": direction or None}]`
    """
    pairs: dict[tuple[str, str], dict[str, Any]] = {}
    for thing, nodes in metrics.items():
        for node, figures in nodes.items():
            for name, value in figures.items():
                if isinstance(value, int | float) and not isinstance(value, bool):
                    pairs.setdefault((node, name), dict.fromkeys(metrics))[thing] = value
    return [
        {"node": node, "name": name, "values": values, "best": best(name, values), "better": direction(name)}
        for (node, name), values in pairs.items()
    ]
