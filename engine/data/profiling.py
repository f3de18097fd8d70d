"""Describe a stored table column by column, and say what is striking about it."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from engine.data.striking import findings_of
from engine.data.values import cell
from operators.tables import NUMERIC, lazy, schema_of

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
TOP: Final = 10
BINS: Final = 20
_WORKERS: Final = 2
_ODD = np.uint64(0x9E3779B97F4A7C15)
_TEMPORAL = {"date": "int32", "datetime": "int64", "duration": "int64", "time": "int64"}


@dataclass(frozen=True)
class _Looked:
    """A column's description, its skewness where it has one, and a hash of each of its values."""

    description: dict[str, Any]
    skewness: float | None
    hashes: Any


def profile_table(path: Path) -> dict[str, Any]:
    """Return `{"rows", "columns", "warnings"}` of a Parquet file, as `tandem data profile` prints them.

    One column at a time is in memory per worker. A column says `missing` (nulls and NaN), `distinct`,
    `min`, `max`, `mean`, `std`, `quantiles` by share, `top` as `[value, count]`, and `histogram` as
    `{"edges", "counts"}` (one more edge than counts) where its values have an order.
    """
    table = pl.scan_parquet(path, glob=False)
    columns = schema_of(lazy(table))
    rows = int(table.select(pl.len()).collect().item())

    def look(position: int) -> _Looked:
        column = columns[position]
        return _look(table.select(column.name).collect().to_series(), column.type)

    mixed = np.zeros(rows, dtype=np.uint64)
    seen: list[_Looked] = []
    with ThreadPoolExecutor(_WORKERS) as pool:
        for looked in pool.map(look, range(len(columns))):
            mixed = (mixed ^ looked.hashes) * _ODD + np.uint64(len(seen) + 1)
            seen.append(_Looked(looked.description, looked.skewness, None))
    duplicates = rows - int(pl.Series(mixed).n_unique()) if columns else 0
    found = findings_of([(one.description, one.skewness) for one in seen], rows, duplicates)
    return {
        "rows": rows,
        "duplicate_rows": duplicates,
        "columns": [one.description for one in seen],
        "warnings": [finding.model_dump() for finding in found],
    }


def _look(values: pl.Series, type_name: str) -> _Looked:
    hashes = values.hash().to_numpy() if type_name != "null" else np.zeros(len(values), dtype=np.uint64)
    present = values.drop_nulls()
    if present.dtype.is_float():
        present = present.drop_nans()
    description: dict[str, Any] = {
        "name": values.name,
        "type": type_name,
        "missing": len(values) - len(present),
        "distinct": 0,
        **dict.fromkeys(("min", "max", "mean", "std")),
        "quantiles": None,
        "top": [],
        "histogram": None,
    }
    skewness = None
    if type_name in NUMERIC or type_name in _TEMPORAL:
        skewness = _describe_ordered(description, present, type_name)
    elif len(present):
        _describe_others(description, present, type_name)
    return _Looked(description, skewness, hashes)


def _describe_ordered(description: dict[str, Any], present: pl.Series, type_name: str) -> float | None:
    """Fill in a column of numbers or times, from its sorted values; return its skewness."""
    if not len(present):
        return None
    ordered = present.sort()
    numbers = ordered.to_physical().to_numpy()
    starts = np.concatenate(([0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1))
    counts = np.diff(np.append(starts, len(numbers)))
    most = np.argsort(-counts, kind="stable")[:TOP]
    description |= {
        "distinct": len(starts),
        "min": cell(ordered[0]),
        "max": cell(ordered[-1]),
        "top": [[cell(ordered[int(starts[place])]), int(counts[place])] for place in most],
    }
    back = _back_to(ordered.dtype, ordered.to_physical().dtype)
    finite = numbers[np.isfinite(numbers)] if numbers.dtype.kind == "f" else numbers
    if not len(finite):
        return None
    if type_name in NUMERIC:
        floats = finite.astype(np.float64)
        description["mean"] = cell(float(floats.mean()))
        description["std"] = cell(float(floats.std(ddof=1))) if len(floats) > 1 else None
        skewness = cell(pl.Series(floats).skew())
    else:
        skewness = None
    nearest = np.quantile(finite, QUANTILES, method="linear" if type_name in NUMERIC else "nearest")
    description["quantiles"] = {str(share): back(value) for share, value in zip(QUANTILES, nearest, strict=True)}
    description["histogram"] = _histogram(finite, back)
    return skewness if skewness is None else float(skewness)


def _back_to(dtype: Any, physical: Any) -> Any:
    """Return a function that turns a number of the physical type into a cell of the column's type."""
    if dtype == physical:
        return lambda value: cell(float(value))
    return lambda value: cell(pl.Series([round(float(value))], dtype=pl.Int64).cast(physical).cast(dtype)[0])


def _histogram(ordered: Any, back: Any) -> dict[str, Any]:
    """Return equal bins between the smallest and the largest value, from sorted numbers."""
    low, high = float(ordered[0]), float(ordered[-1])
    if low == high or not np.isfinite(high - low):
        return {"edges": [back(low), back(high)], "counts": [len(ordered)]}
    edges = np.linspace(low, high, BINS + 1)
    places = np.searchsorted(ordered, edges[1:-1], side="left")
    counts = np.diff(np.concatenate(([0], places, [len(ordered)])))
    return {"edges": [back(edge) for edge in edges], "counts": [int(count) for count in counts]}


def _describe_others(description: dict[str, Any], present: pl.Series, type_name: str) -> None:
    """Fill in a column of text, booleans or anything else, from the counts of its values."""
    counts = present.rename("value").value_counts(name="count")
    description["distinct"] = counts.height
    top = counts.top_k(min(TOP, counts.height), by="count").sort("count", descending=True)
    description["top"] = [[cell(value), count] for value, count in _rows(top)]
    if type_name == "string":
        description["min"], description["max"] = cell(present.min()), cell(present.max())


def _rows(counts: pl.DataFrame) -> Iterable[tuple[Any, int]]:
    return [(_short(value), int(count)) for value, count in counts.select("value", "count").iter_rows()]


def _short(value: Any) -> Any:
    return f"{value[:200]}…" if isinstance(value, str) and len(value) > 200 else value  # noqa: PLR2004 (to be shown)
