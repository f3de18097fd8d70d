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

    Labels that expect fewer than five rows, the unseen ones among them, count as one. The
    effect is the total variation distance of what is left.

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
    """Return the contingency table of labels, shape (2, k), rare labels pooled into the last column."""
    names = ("reference", "current")
    tables = [
        values.rename("label").value_counts(name=name) for values, name in zip((reference, current), names, strict=True)
    ]
    both = tables[0].join(tables[1], on="label", how="full", coalesce=True).fill_null(0)
    counts = both.select(names).to_numpy().astype(np.float64).T
    smaller_share = counts.sum(axis=1).min() / counts.sum()
    counts = counts[:, np.argsort(-counts.sum(axis=0), kind="stable")]
    common = counts.sum(axis=0) * smaller_share >= LEAST_EXPECTED
    kept, rare = counts[:, common], counts[:, ~common].sum(axis=1, keepdims=True)
    if rare.sum() == 0:
        return kept
    if kept.shape[1] and rare.sum() * smaller_share < LEAST_EXPECTED:
        return np.concatenate([kept[:, :-1], kept[:, -1:] + rare], axis=1)
    return np.concatenate([kept, rare], axis=1)


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
