"""The data of a column's chart: shares of the same bins, then and now."""

import math

import numpy as np
import polars as pl

from engine.monitoring.aligned import Floats, Numbers, clock_text, exactly, labels, numbers
from engine.monitoring.values import Histogram, Kind

BINS = 20
LABELS = 12
_LARGE = 1e300
_WRITTEN_OUT = 1e15
_SMALLER = 2.0**-10  # of what is so large that a difference would not be finite


def histogram(reference: pl.Series, current: pl.Series, kind: Kind) -> Histogram | None:
    """Return the shares of `reference` and `current` in common bins; none where there is nothing to draw."""
    if kind == "category":
        return _of_labels(*labels(reference, current))
    if kind in ("number", "date", "duration", "time", "text"):
        return _of_numbers(numbers(reference, current))
    return None


def _of_labels(reference: pl.Series, current: pl.Series) -> Histogram | None:
    counts = [dict(side.value_counts(name="rows").iter_rows()) for side in (reference, current)]
    names = sorted(counts[0] | counts[1], key=lambda name: -counts[0].get(name, 0) - counts[1].get(name, 0))
    if not names:
        return None
    shown = names[:LABELS]
    shares = [_shares([side.get(name, 0) for name in shown], sum(side.values())) for side in counts]
    return Histogram(labels=tuple(map(str, shown)), reference=shares[0], current=shares[1])


def _of_numbers(pair: Numbers) -> Histogram | None:
    sides = [values[np.isfinite(values)] for values in (pair.before, pair.now)]
    pooled = np.concatenate(sides)
    if not len(pooled):
        return None
    scale = _SMALLER if np.abs(pooled).max() > _LARGE else 1.0
    edges = _edges(pooled * scale)
    shares = []
    for side in sides:
        counts, _ = np.histogram(np.clip(side * scale, edges[0], edges[-1]), bins=edges)
        shares.append(_shares(counts.tolist(), len(side)))
    return Histogram(labels=_edge_labels(edges[:-1] / scale, pair), reference=shares[0], current=shares[1])


def _edges(pooled: Floats) -> Floats:
    """Return the edges of the bins: twenty, or as many as there are numbers between the smallest and the largest."""
    low, high = np.quantile(pooled, [0.005, 0.995])
    edges = np.unique(np.linspace(low, high, BINS + 1))
    return edges if len(edges) > 1 else np.array([low, max(low + 1.0, np.nextafter(low, np.inf))])


def _edge_labels(edges: Floats, pair: Numbers) -> tuple[str, ...]:
    if pair.family == "date":
        moments = tuple(clock_text(pair.origin + int(edge), "date") for edge in edges)
        minutes = tuple(moment[:-3] for moment in moments)
        return minutes if len(set(minutes)) == len(minutes) else moments
    if pair.family in ("duration", "time"):
        return tuple(clock_text(pair.origin + int(edge), pair.family) for edge in edges)
    step = float(edges[1] - edges[0]) / 10**pair.decimals if len(edges) > 1 else 1.0
    decimals = min(max(0, 1 - math.floor(math.log10(step))), 12) if 0 < step < 1 else 0
    values = [pair.value(float(edge)) for edge in edges]
    texts = tuple(f"{value:.{decimals}f}" if abs(float(value)) < _WRITTEN_OUT else f"{value:.6g}" for value in values)
    return texts if len(set(texts)) == len(texts) else tuple(map(exactly, values))


def _shares(counts: list[int], total: int) -> tuple[float, ...]:
    return tuple(count / total if total else 0.0 for count in counts)
