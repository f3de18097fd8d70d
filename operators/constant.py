"""What counts as constant: a spread that is no more than the rounding of the arithmetic it came from."""

from typing import Any

import numpy as np

EPSILON = float(np.finfo(np.float64).eps)
ULPS = 10.0
"""Steps between neighbouring floats that two values which should be equal may lie apart."""


def is_constant(deviation: Any, mean: Any, rows: Any) -> Any:
    """Return whether a column of this standard deviation, told in float64, is constant.

    The bound is scikit-learn's (`sklearn.preprocessing._data._is_constant_feature`, after Chan, Golub and LeVeque,
    "Algorithms for computing the sample variance", 1983): n eps var + (n mean eps)^2, whose root is taken here. A
    deviation below it may be the rounding of the sums alone. One of NaN is constant.

    Args:
        deviation: Of the population, at least 0; a number or an array.
        mean: Of the same values; as many.
        rows: How many values there were; as many, or one number for all.
    """
    deviation = np.asarray(deviation, dtype=np.float64)
    relative = EPSILON * np.asarray(rows, dtype=np.float64)
    bound = np.hypot(np.sqrt(relative) * deviation, relative * np.abs(mean))  # no square of a mean near 1e308
    varies = deviation > bound
    return not varies if np.ndim(varies) == 0 else ~varies


def is_rounding(low: float, high: float) -> bool:
    """Return whether two values of one column, `low` <= `high`, lie no farther apart than rounding puts equal ones.

    For ranges and distances of quartiles, in which nothing is added up: 10 steps between neighbouring floats, as
    scikit-learn's scalers have it, but of the size of the values.
    """
    return not high - low > ULPS * EPSILON * max(abs(low), abs(high))


def origin_and_scale(values: "np.ndarray[Any, Any]") -> tuple[float, float]:
    """Return what to subtract from values and divide by so that they have mean 0 and variance 1.

    Constant values become exactly 0: a rounded mean would leave a rest, which a learner gives a weight.

    Args:
        values: Shape (n,), n >= 1, finite.
    """
    mean, deviation = float(values.mean()), float(values.std())
    if not np.isfinite(deviation) or is_constant(deviation, mean, len(values)):
        return float(np.median(values)), 1.0
    return mean, deviation
