"""How strongly two columns go together, told from a sample of rows, whatever their types.

Two columns of numbers, times or booleans: Spearman's rank correlation. A category and a number: the root of epsilon
squared of the ranks (Kelley 1935), which unlike the correlation ratio does not grow with the number of categories. Two
categories: Cramér's V with Bergsma's correction (2013). All are in [0, 1] as `value`; `signed` keeps the sign
of a rank correlation. A gap on either side leaves a row out of its pair: ranks are those of the rows that a pair
shares, as scipy and pandas take them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from operators.contract.tables import INTEGERS

MOST_COLUMNS: Final = 60
MOST_LEVELS: Final = 30
FEWEST_ROWS: Final = 20
TOP: Final = 40
WEAK: Final = 0.05

Floats = NDArray[np.float64]
Flags = NDArray[np.float32]
Places = NDArray[np.int32]


@dataclass(frozen=True)
class Ranked:
    """Columns with an order: the place of each value among the different ones, -1 for a gap; shape (rows, columns)."""

    names: tuple[str, ...]
    places: Places


@dataclass(frozen=True)
class _Levelled:
    """Columns of categories: 1 where a row has a level, shape (rows, levels), and the levels of each column."""

    names: tuple[str, ...]
    flags: Flags
    spans: tuple[tuple[int, int], ...]


def role_of(column: Mapping[str, Any], rows: int) -> str:
    """Return how a described column takes part: `ordered`, `grouped`, or not at all (empty)."""
    kind, distinct = column["type"], column["distinct"]
    if distinct < 2 or (kind in INTEGERS and distinct == rows):  # noqa: PLR2004 (a constant goes with nothing)
        return ""
    if column["histogram"] or kind == "boolean":
        return "ordered"
    return "grouped" if kind == "string" and distinct <= MOST_LEVELS else ""


def associations(ordered: pl.DataFrame, grouped: pl.DataFrame) -> dict[str, Any]:
    """Return `{"rows", "columns", "pairs": [{"a", "b", "measure", "value", "signed"}]}`, the strongest pairs first.

    Args:
        ordered: A sample of the columns whose role is `ordered`.
        grouped: The same rows of those that are `grouped`.
    """
    rows, columns = max(ordered.height, grouped.height), ordered.width + grouped.width
    if columns < 2 or rows < FEWEST_ROWS:  # noqa: PLR2004 (a pair)
        return {"rows": 0, "columns": columns, "pairs": []}
    ranked = ranks_of(ordered, rows)
    levelled = _levels_of(grouped, rows)
    pairs = [*_ordered_pairs(ranked), *_mixed_pairs(ranked, levelled), *_grouped_pairs(levelled)]
    strong = sorted((pair for pair in pairs if pair["value"] >= WEAK), key=lambda pair: -pair["value"])
    return {"rows": rows, "columns": columns, "pairs": strong[:TOP]}


def ranks_of(table: pl.DataFrame, rows: int) -> Ranked:
    """Return the columns of a table of `rows` rows, all of which have an order, by the places of their values."""
    places = [_places(table[name]) for name in table.columns]
    return Ranked(tuple(table.columns), np.column_stack(places) if places else np.zeros((rows, 0), np.int32))


def correlations(ranked: Ranked) -> Floats:
    """Return Spearman's correlation of every two columns, shape (columns, columns); 0 where there is none."""
    there, width = ranked.places >= 0, len(ranked.names)
    found = np.zeros((width, width))
    if not width:
        return found
    patterns = np.unique(np.packbits(there, axis=0), axis=1, return_inverse=True)[1].reshape(-1)
    for pattern in range(int(patterns.max()) + 1):
        alike = np.flatnonzero(patterns == pattern)
        found[np.ix_(alike, alike)] = _correlated(ranked.places[:, alike], there[:, alike[0]])
    for i, j in zip(*np.nonzero(np.triu(patterns[:, None] != patterns[None, :])), strict=True):
        pair = _correlated(ranked.places[:, [i, j]], there[:, i] & there[:, j])
        found[i, j] = found[j, i] = pair[0, 1]
    return found


def _correlated(places: Places, rows: NDArray[np.bool_]) -> Floats:
    """Return Spearman's correlation of columns over some rows, in which none has a gap."""
    if int(rows.sum()) < FEWEST_ROWS:
        return np.zeros((places.shape[1], places.shape[1]))
    ranks = np.column_stack([_ranks(column) for column in places[rows].T])
    products = ranks.T @ ranks
    squares = np.diag(products)
    scale = np.sqrt(np.outer(squares, squares))
    clipped: Floats = np.clip(np.divide(products, scale, out=np.zeros_like(products), where=scale > 0), -1, 1)
    return clipped


def _places(values: pl.Series) -> Places:
    plain = values.fill_nan(None) if values.dtype.is_float() else values
    places: Places = (plain.rank("dense").cast(pl.Int32) - 1).fill_null(-1).to_numpy()
    return places


def _ranks(places: Places) -> Floats:
    """Return the ranks of values by their places, shape (n,); equal ones share a rank, and the mean is exactly 0."""
    counts = np.bincount(places)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2 - (len(places) + 1) / 2)[places]
    return ranks


def _levels_of(table: pl.DataFrame, rows: int) -> _Levelled:
    blocks: list[Flags] = []
    spans: list[tuple[int, int]] = []
    start = 0
    for name in table.columns:
        levels = table[name].drop_nulls().unique().sort()
        codes = table[name].replace_strict(levels, list(range(len(levels))), default=-1, return_dtype=pl.Int32)
        blocks.append((codes.to_numpy()[:, None] == np.arange(len(levels))).astype(np.float32))
        spans.append((start, start + len(levels)))
        start += len(levels)
    flags = np.concatenate(blocks, axis=1) if blocks else np.zeros((rows, 0), np.float32)
    return _Levelled(tuple(table.columns), flags, tuple(spans))


def _ordered_pairs(ranked: Ranked) -> Iterator[dict[str, Any]]:
    found = correlations(ranked)
    for i, a in enumerate(ranked.names):
        for j in range(i + 1, len(ranked.names)):
            yield _pair(a, ranked.names[j], "spearman", float(found[i, j]))


def _mixed_pairs(ranked: Ranked, levelled: _Levelled) -> Iterator[dict[str, Any]]:
    for (low, high), a in zip(levelled.spans, levelled.names, strict=True):
        flags = levelled.flags[:, low:high]
        levels = np.where(flags.any(axis=1), flags.argmax(axis=1), -1)
        for j, b in enumerate(ranked.names):
            shared = (levels >= 0) & (ranked.places[:, j] >= 0)
            yield _pair(a, b, "epsilon", _epsilon(levels[shared], ranked.places[shared, j]))


def _epsilon(levels: NDArray[np.intp], places: Places) -> float:
    """Return the root of epsilon squared of values in groups, both of shape (n,) and without gaps; 0 for too few."""
    counts = np.bincount(levels)
    rows, groups = len(levels), int((counts > 0).sum())
    if rows < FEWEST_ROWS or groups < 2 or rows <= groups:  # noqa: PLR2004 (one group divides nothing)
        return 0.0
    ranks = _ranks(places)
    total = float(ranks @ ranks)
    if total == 0:
        return 0.0
    between = float((np.bincount(levels, weights=ranks) ** 2 / np.maximum(counts, 1)).sum())
    return float(np.sqrt(max(1 - (1 - between / total) * (rows - 1) / (rows - groups), 0.0)))


def _grouped_pairs(levelled: _Levelled) -> Iterator[dict[str, Any]]:
    counts = levelled.flags.T @ levelled.flags
    for i, a in enumerate(levelled.names):
        for j in range(i + 1, len(levelled.names)):
            (top, bottom), (left, right) = levelled.spans[i], levelled.spans[j]
            yield _pair(a, levelled.names[j], "cramers_v", _cramers_v(counts[top:bottom, left:right]))


def _cramers_v(counts: Flags) -> float:
    table = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(np.float64)
    n, (rows, columns) = table.sum(), table.shape
    if n < FEWEST_ROWS or min(rows, columns) < 2:  # noqa: PLR2004 (a constant)
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    phi = max(float(((table - expected) ** 2 / expected).sum() / n) - (rows - 1) * (columns - 1) / (n - 1), 0.0)
    least = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return float(np.sqrt(min(phi / least, 1.0))) if least > 0 else 0.0


def _pair(a: str, b: str, measure: str, signed: float) -> dict[str, Any]:
    return {"a": a, "b": b, "measure": measure, "value": round(abs(signed), 4), "signed": round(signed, 4)}
