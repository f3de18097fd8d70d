"""The data of a column's chart: shares of the same bins, then and now."""

import math

import numpy as np
import polars as pl

from engine.monitoring.kinds import as_labels, as_numbers
from engine.monitoring.values import Histogram, Kind

BINS = 20
LABELS = 12


def histogram(reference: pl.Series, current: pl.Series, kind: Kind) -> Histogram | None:
    """Return the shares of `reference` and `current` in common bins; none where there is nothing to draw."""
    if kind == "category":
        return _of_labels(as_labels(reference), as_labels(current))
    if kind in ("number", "date", "text"):
        return _of_numbers(as_numbers(reference), as_numbers(current), is_date=kind == "date")
    return None


def _of_labels(reference: pl.Series, current: pl.Series) -> Histogram | None:
    tables = [values.rename("label").value_counts() for values in (reference, current)]
    counts = [dict(table.iter_rows()) for table in tables]
    names = sorted(counts[0] | counts[1], key=lambda name: -counts[0].get(name, 0) - counts[1].get(name, 0))
    if not names:
        return None
    shown = names[:LABELS]
    shares = [_shares([side.get(name, 0) for name in shown], sum(side.values())) for side in counts]
    return Histogram(labels=tuple(map(str, shown)), reference=shares[0], current=shares[1])


def _of_numbers(reference: pl.Series, current: pl.Series, *, is_date: bool) -> Histogram | None:
    sides = [values.filter(values.is_finite()).to_numpy() for values in (reference, current)]
    pooled = np.concatenate(sides)
    if not len(pooled):
        return None
    low, high = np.quantile(pooled, [0.005, 0.995])
    edges = np.linspace(low, high, BINS + 1) if high > low else np.array([low, low + 1.0])
    shares = []
    for side in sides:
        counts, _ = np.histogram(np.clip(side, edges[0], edges[-1]), bins=edges)
        shares.append(_shares(counts.tolist(), len(side)))
    return Histogram(labels=_edge_labels(edges[:-1], is_date=is_date), reference=shares[0], current=shares[1])


def _edge_labels(edges: "np.ndarray[tuple[int], np.dtype[np.float64]]", *, is_date: bool) -> tuple[str, ...]:
    if is_date:
        times = pl.Series(edges.astype(np.int64)).cast(pl.Datetime("us"))
        return tuple(times.dt.strftime("%Y-%m-%d %H:%M").to_list())
    step = float(edges[1] - edges[0]) if len(edges) > 1 else 1.0
    decimals = max(0, 1 - math.floor(math.log10(step))) if step < 1 else 0
    return tuple(f"{edge:.{min(decimals, 12)}f}" for edge in edges)


def _shares(counts: list[int], total: int) -> tuple[float, ...]:
    return tuple(count / total if total else 0.0 for count in counts)
