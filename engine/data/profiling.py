"""Describe a stored table column by column, and say what is striking about it."""

import itertools
import math
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from engine.data.associations import MOST_COLUMNS, associations, role_of
from engine.data.binning import bins_of
from engine.data.sampling import positions
from engine.data.striking import findings_of
from engine.data.values import cell
from operators.contract.tables import NUMERIC, lazy, schema_of

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
TOP: Final = 10
BINS: Final = 20
SAMPLE: Final = 10_000
PROFILED_AT_ONCE: Final = 1000
"""Columns up to which a file is described as it is read; a wider one, when somebody first looks."""
_FAR: Final = 3.0
_CELLS: Final = 1 << 20
_WORKERS: Final = 2
_ODD = np.uint64(0x9E3779B97F4A7C15)
_TEMPORAL = {"date": "int32", "datetime": "int64", "duration": "int64", "time": "int64"}


@dataclass(frozen=True)
class _Looked:
    """A column's description, a hash of each of its values, and its values at the places of the sample."""

    description: dict[str, Any]
    hashes: Any
    sample: pl.Series


def profile_table(path: Path) -> dict[str, Any]:
    """Return `{"rows", "columns", "warnings", "associations"}` of a Parquet file, as `tandem data profile` prints them.

    One column, or some short ones, are in memory per worker. All rows are counted, but for `associations` and
    `numbers`, which are told from 10,000 of them. A column says `missing` (nulls and NaN), `distinct`, `min`, `max`,
    `mean`, `std`, `skewness`, `outliers` (values beyond three quartile distances from the quartiles), `quantiles` by
    share, `top` as `[value, count]`, `numbers` (the share of its texts that read as numbers), and `histogram` as
    `{"edges", "counts"}` (one more edge than counts) where its values have an order.
    """
    table = pl.scan_parquet(path, glob=False)
    columns = schema_of(lazy(table))
    rows = int(table.select(pl.len()).collect().item())
    places = positions(rows, SAMPLE)

    together = max(1, _CELLS // max(rows, 1))

    def look(start: int) -> list[_Looked]:
        some = columns[start : start + together]
        read = table.select([column.name for column in some]).collect()
        return [_look(read[column.name], column.type, places) for column in some]

    mixed = np.zeros(rows, dtype=np.uint64)
    described: list[dict[str, Any]] = []
    samples: dict[str, list[pl.Series]] = {"ordered": [], "grouped": []}
    with ThreadPoolExecutor(_WORKERS) as pool:
        for looked in itertools.chain.from_iterable(pool.map(look, range(0, len(columns), together))):
            mixed = (mixed ^ looked.hashes) * _ODD + np.uint64(len(described) + 1)
            described.append(looked.description)
            role = role_of(looked.description, rows)
            if role and sum(map(len, samples.values())) < MOST_COLUMNS:
                samples[role].append(looked.sample)
    duplicates = rows - int(pl.Series(mixed).n_unique()) if columns else 0
    pairs = associations(*(pl.DataFrame(samples[role]) for role in ("ordered", "grouped")))
    found = findings_of(described, rows, duplicates, pairs["pairs"])
    return {
        "rows": rows,
        "duplicate_rows": duplicates,
        "columns": described,
        "warnings": [finding.model_dump() for finding in found],
        "associations": pairs,
    }


def _look(values: pl.Series, type_name: str, places: pl.Series) -> _Looked:
    hashes = values.hash().to_numpy() if type_name != "null" else np.zeros(len(values), dtype=np.uint64)
    present = values.drop_nulls()
    if present.dtype.is_float():
        present = present.drop_nans()
    description: dict[str, Any] = {
        "name": values.name,
        "type": type_name,
        "missing": len(values) - len(present),
        "distinct": 0,
        **dict.fromkeys(("min", "max", "mean", "std", "skewness", "outliers", "numbers")),
        "quantiles": None,
        "top": [],
        "histogram": None,
    }
    sample = values.gather(places)
    if type_name in NUMERIC or type_name in _TEMPORAL:
        _describe_ordered(description, present, type_name)
    elif len(present):
        _describe_others(description, present, type_name)
        if type_name == "string":
            description["numbers"] = sample.str.strip_chars().cast(pl.Float64, strict=False).count() / max(
                sample.count(), 1
            )
    return _Looked(description, hashes, sample)


def _describe_ordered(description: dict[str, Any], present: pl.Series, type_name: str) -> None:
    """Fill in a column of numbers or times, from its sorted values."""
    if not len(present):
        return
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
        return
    if type_name in NUMERIC:
        _describe_numbers(description, finite)
    nearest = np.quantile(finite, QUANTILES, method="linear" if type_name in NUMERIC else "nearest")
    description["quantiles"] = {str(share): back(value) for share, value in zip(QUANTILES, nearest, strict=True)}
    edges, filled = bins_of(finite, BINS)
    description["histogram"] = {"edges": [back(edge) for edge in edges], "counts": [int(count) for count in filled]}


def _describe_numbers(description: dict[str, Any], ordered: Any) -> None:
    """Fill in the moments of sorted finite numbers, and how many of them are far out."""
    floats = ordered.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        beyond_first = _distances(ordered)
        mean, deviation = (
            float(floats[0] + beyond_first.mean()),
            float(beyond_first.std(ddof=1)) if len(floats) > 1 else None,
        )
    description["mean"] = cell(mean if math.isfinite(mean) else float((floats / len(floats)).sum()))
    description["std"] = cell(deviation)
    skewness = pl.Series(beyond_first).skew() if beyond_first[-1] > 0 else None
    description["skewness"] = None if skewness is None else cell(float(skewness))
    low, high = np.quantile(floats, (0.25, 0.75))
    far = _FAR * (high - low)
    within = np.searchsorted(floats, high + far, side="right") - np.searchsorted(floats, low - far, side="left")
    description["outliers"] = int(len(floats) - within)


def _distances(ordered: Any) -> Any:
    """Return how far sorted numbers lie beyond the first: 0 for equal ones, exact for whole numbers."""
    if ordered.dtype.kind == "f":
        return ordered.astype(np.float64) - np.float64(ordered[0])
    wide = ordered.astype(np.uint64 if ordered.dtype.kind == "u" else np.int64).view(np.uint64)
    return (wide - wide[0]).astype(np.float64)


def _back_to(dtype: Any, physical: Any) -> Any:
    """Return a function that turns a number of the physical type into a cell of the column's type."""
    if dtype == physical:
        return lambda value: cell(float(value))
    return lambda value: cell(pl.Series([round(float(value))], dtype=pl.Int64).cast(physical).cast(dtype)[0])


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
