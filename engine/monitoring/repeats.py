"""Rows that came twice: more repeats than the reference lets expect of so many rows.

The more rows of a few columns there are, the more of them repeat another by chance. So both sides are compared at
the same number of rows, by the exact expectation over all choices of so many (rarefaction: Hurlbert,
Ecology 52, 1971). Of more rows than the reference has, no more repeats are expected than pairs of equal rows, whose
probability the reference tells.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.monitoring.values import Finding, Told

MANY_REPEATS = 0.2
"""Share of the rows that may always repeat another."""
_TWICE = 2.0
_MARGIN = 0.1
_DEVIATIONS = 3.0

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class _Repeats:
    """Shares of rows that repeat another, in [0, 1], of equally many rows.

    Args:
        now: Found.
        before: Expected.
        most: What is still ordinary.
    """

    now: float
    before: float
    most: float


def repeated_rows(reference: pl.DataFrame, current: pl.DataFrame, identity: Sequence[str]) -> Finding | None:
    """Return the finding that a batch seems to have come twice; none where rows repeat as they did.

    Args:
        reference: At least one row.
        current: At least one row.
        identity: Columns that tell rows apart; those of them that `current` has are looked at.
    """
    names = [name for name in identity if name in current.columns]
    if not names:
        return None
    before, now = (_multiplicities(table.select(names)) for table in (reference, current))
    alike = _alike(before, now, min(reference.height, current.height))
    found = [alike] if current.height <= reference.height else [alike, _longer(before, now)]
    striking = [one for one in found if one.now >= MANY_REPEATS and one.now >= one.most]
    if not striking:
        return None
    share, usual = striking[-1].now, striking[-1].before
    return Finding(
        kind="duplicate_rows",
        severity="error",
        sentence=f"{share:.0%} of the rows repeat another row ({usual:.0%} before); did a batch come twice?",
        told=Told(code="duplicate_rows", values={"share": share, "before": usual}),
    )


def _alike(before: Counts, now: Counts, rows: int) -> _Repeats:
    usual = _expected_share(before, rows)
    return _Repeats(_expected_share(now, rows), usual, _TWICE * usual + _MARGIN)


def _longer(before: Counts, now: Counts) -> _Repeats:
    rows, known = int(now.sum()), int(before.sum())
    pairs = float((before * (before - 1) / 2).sum())
    possible = rows * (rows - 1) / 2 / max(known * (known - 1) / 2, 1) / rows
    most = (pairs + _DEVIATIONS * math.sqrt(pairs + 1)) * possible + _MARGIN
    return _Repeats(1 - len(now) / rows, min(pairs * possible, 1.0), most)


def _multiplicities(table: pl.DataFrame) -> Counts:
    """Return how often each distinct row comes, shape (distinct rows,)."""
    return table.hash_rows(seed=0).value_counts(name="n")["n"].to_numpy().astype(np.int64)


def _expected_share(counts: Counts, rows: int) -> float:
    """Return the expected share of repeats among `rows` rows drawn without replacement."""
    from scipy.special import gammaln

    total = int(counts.sum())
    if rows >= total:
        return 1 - len(counts) / total
    sizes, often = np.unique(counts, return_counts=True)
    left = total - sizes - rows
    possible = left >= 0
    terms = np.where(possible, left, 0)
    log_absent = gammaln(total - sizes + 1) - gammaln(terms + 1) - (gammaln(total + 1) - gammaln(total - rows + 1))
    absent = np.where(possible, np.exp(log_absent), 0.0)
    return float(1 - (often * (1 - absent)).sum() / rows)
