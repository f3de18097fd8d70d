"""How strongly two columns go together, told from a sample of rows, whatever their types.

Two columns of numbers, times or booleans: Spearman's rank correlation. A category and a number: the root of epsilon
squared of the ranks (Kelley 1935), which unlike the correlation ratio does not grow with the number of categories. Two
categories: Cramér's V with Bergsma's correction (2013). All are in [0, 1] as `value`; `signed` keeps the sign
of a rank correlation. A gap on either side leaves a row out of its pair.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from operators.tables import INTEGERS

MOST_COLUMNS: Final = 60
MOST_LEVELS: Final = 30
FEWEST_ROWS: Final = 20
TOP: Final = 40
WEAK: Final = 0.05

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Ranked:
    """Columns with an order: centred ranks with 0 for a gap, and 1 where a value is; both of shape (rows, columns)."""

    names: tuple[str, ...]
    ranks: Floats
    there: Floats


@dataclass(frozen=True)
class _Levelled:
    """Columns of categories: 1 where a row has a level, shape (rows, levels), and the levels of each column."""

    names: tuple[str, ...]
    flags: Floats
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
    """Return the centred ranks of the columns of a table of `rows` rows, all of which have an order."""
    ranks = [_ranks(table[name]) for name in table.columns]
    stacked = np.column_stack(ranks).astype(np.float32) if ranks else np.zeros((rows, 0), np.float32)
    there = (~np.isnan(stacked)).astype(np.float32)
    with np.errstate(invalid="ignore"):
        means = np.where(there.sum(axis=0) > 0, np.nansum(stacked, axis=0) / np.maximum(there.sum(axis=0), 1), 0)
    return Ranked(tuple(table.columns), np.nan_to_num(stacked - means, nan=0.0), there)


def correlations(ranked: Ranked) -> Floats:
    """Return the rank correlation of every two columns, shape (columns, columns); 0 where there is none."""
    products = ranked.ranks.T @ ranked.ranks
    squares = (ranked.ranks**2).T @ ranked.there
    scale = np.sqrt(squares * squares.T)
    shared = ranked.there.T @ ranked.there
    found = np.divide(products, scale, out=np.zeros_like(products), where=(scale > 0) & (shared >= FEWEST_ROWS))
    clipped: Floats = np.clip(found, -1, 1)
    return clipped


def _ranks(values: pl.Series) -> NDArray[np.float64]:
    plain = values.fill_nan(None) if values.dtype.is_float() else values
    ranks: NDArray[np.float64] = plain.rank("average").cast(pl.Float64).to_numpy()
    return ranks


def _levels_of(table: pl.DataFrame, rows: int) -> _Levelled:
    blocks: list[Floats] = []
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
    sums = levelled.flags.T @ ranked.ranks
    counts = levelled.flags.T @ ranked.there
    for (low, high), a in zip(levelled.spans, levelled.names, strict=True):
        present = levelled.flags[:, low:high].sum(axis=1)
        squares = present @ (ranked.ranks**2)
        n = counts[low:high].sum(axis=0)
        groups = (counts[low:high] > 0).sum(axis=0)
        means = np.divide(
            sums[low:high], counts[low:high], out=np.zeros_like(sums[low:high]), where=counts[low:high] > 0
        )
        between = (means**2 * counts[low:high]).sum(axis=0) - sums[low:high].sum(axis=0) ** 2 / np.maximum(n, 1)
        total = squares - sums[low:high].sum(axis=0) ** 2 / np.maximum(n, 1)
        for j, b in enumerate(ranked.names):
            if n[j] >= FEWEST_ROWS and groups[j] > 1 and n[j] > groups[j] and total[j] > 0:
                explained = float(between[j] / total[j])
                fair = 1 - (1 - explained) * (n[j] - 1) / (n[j] - groups[j])
                yield _pair(a, b, "epsilon", float(np.sqrt(max(fair, 0.0))))


def _grouped_pairs(levelled: _Levelled) -> Iterator[dict[str, Any]]:
    counts = levelled.flags.T @ levelled.flags
    for i, a in enumerate(levelled.names):
        for j in range(i + 1, len(levelled.names)):
            (top, bottom), (left, right) = levelled.spans[i], levelled.spans[j]
            yield _pair(a, levelled.names[j], "cramers_v", _cramers_v(counts[top:bottom, left:right]))


def _cramers_v(counts: Floats) -> float:
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
