"""The tests of one column: Kolmogorov-Smirnov for numbers, chi squared for categories, two shares for gaps.

Every test assumes that rows are independent draws. The effect is a difference of shares in [0, 1]
whatever the test: rows below a value (numbers), rows that would have to change category
(categories), rows with a gap (missing).
"""

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.monitoring.values import Comparison

Floats = NDArray[np.float64]

LEAST_EXPECTED = 5.0
"""A cell of a contingency table that expects fewer rows than this is pooled with others."""


def compare_numbers(reference: Floats, current: Floats) -> Comparison:
    """Compare two samples of numbers by the two-sample Kolmogorov-Smirnov test.

    Args:
        reference: Shape (n,), no NaN, not empty.
        current: Shape (m,), no NaN, not empty.

    Returns:
        Statistic and effect are both the largest distance of the two empirical distributions, in [0, 1].
    """
    from scipy.stats import kstwo

    reference, current = np.sort(reference), np.sort(current)
    points = np.concatenate([reference, current])
    below = np.searchsorted(reference, points, side="right") / len(reference)
    now_below = np.searchsorted(current, points, side="right") / len(current)
    distance = float(np.abs(below - now_below).max())
    rows = len(reference) * len(current) / (len(reference) + len(current))
    p = float(np.clip(kstwo.sf(distance, max(round(rows), 1)), 0, 1))
    return Comparison(test="ks", statistic=distance, p=p, effect=distance)


def compare_categories(reference: pl.Series, current: pl.Series) -> Comparison:
    """Compare the shares of labels by the chi squared test of homogeneity.

    Rare labels, the unseen ones among them, stand together in groups that expect five rows, see `pooled_counts`.
    The effect is the total variation distance of these groups.

    Args:
        reference: Labels as text, no nulls, not empty.
        current: The same.

    Returns:
        `test` is "none" where fewer than two groups of labels are left to compare.
    """
    from scipy.stats import chi2_contingency

    counts = pooled_counts(reference, current)
    if counts.shape[1] <= 1:
        return Comparison(test="none")
    result = chi2_contingency(counts, correction=False)
    shares = counts / counts.sum(axis=1, keepdims=True)
    effect = float(min(np.abs(shares[0] - shares[1]).sum() / 2, 1.0))
    return Comparison(test="chi2", statistic=float(result.statistic), p=float(result.pvalue), effect=effect)


def pooled_counts(reference: pl.Series, current: pl.Series) -> Floats:
    """Return the contingency table of labels, shape (2, k), the most frequent first, rare labels pooled.

    A label that expects fewer than five rows on the smaller side stands together with the next rarer ones, until they
    expect five. Which stand together depends on how often they came in all and on their text, never on the side: so
    where nothing drifted the test is right, and where half of many labels are gone it still sees that.
    """
    tables = [
        values.rename("label").value_counts(name=name)
        for values, name in ((reference, "reference"), (current, "current"))
    ]
    both = tables[0].join(tables[1], on="label", how="full", coalesce=True).fill_null(0)
    total = pl.col("reference") + pl.col("current")
    ordered = both.sort(total, pl.col("label"), descending=[True, False])
    counts = ordered.select("reference", "current").to_numpy().astype(np.float64)
    expected = counts.sum(axis=1) * (counts.sum(axis=0).min() / counts.sum())
    group, left, groups = 0, 0.0, []
    for rows in expected:
        if left >= LEAST_EXPECTED:
            group, left = group + 1, 0.0
        groups.append(group)
        left += rows
    if left < LEAST_EXPECTED and group:
        groups = [min(one, group - 1) for one in groups]
    pooled = np.zeros((2, groups[-1] + 1))
    for side in (0, 1):
        np.add.at(pooled[side], groups, counts[:, side])
    return pooled


def compare_missing(reference: tuple[int, int], current: tuple[int, int]) -> Comparison:
    """Compare two shares of missing values, each given as (missing, rows).

    Uses Fisher's exact test while a cell expects fewer than five rows, else the normal
    approximation. The statistic is z; the effect the difference of the shares.

    Returns:
        `test` is "none" where nothing is missing on either side, or everything on both.
    """
    from scipy.stats import fisher_exact, norm

    rows = reference[1] + current[1]
    share = (reference[0] + current[0]) / rows
    if share in (0.0, 1.0):
        return Comparison(test="none")
    difference = current[0] / current[1] - reference[0] / reference[1]
    deviation = math.sqrt(share * (1 - share) * (1 / reference[1] + 1 / current[1]))
    z = difference / deviation
    if min(share, 1 - share) * min(reference[1], current[1]) < LEAST_EXPECTED:
        table = [[missing, total - missing] for missing, total in (reference, current)]
        p = float(fisher_exact(table).pvalue)
    else:
        p = float(2 * norm.sf(abs(z)))
    return Comparison(test="missing", statistic=z, p=min(p, 1.0), effect=abs(difference))
