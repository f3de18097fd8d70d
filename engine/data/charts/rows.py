"""The rows of each kind of chart, computed by Polars from a stored table: a few hundred, never the table."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from engine.data.associations import correlations, ranks_of
from engine.data.binning import bins_of
from engine.data.charts.columns import (
    GROUPS,
    OTHER,
    aggregated,
    as_text,
    coloured,
    fewer,
    measured,
    named,
    present,
    read,
    stepped,
    without_colour,
)
from engine.data.charts.spec import ChartSpec
from engine.data.sampling import spread_sample
from engine.data.values import rows_of_cells
from engine.errors import QueryError

BINS: Final = 30
POINTS: Final = 5_000
SQUARE: Final = 20
BLOCKS: Final = 50
_LONGEST: Final = 80
_WITHOUT_Y: Final = ("histogram", "correlation", "missing")

Found = tuple[pl.DataFrame, int | None, int]
"""The rows of a chart, how many rows were drawn for it where not all were used, and groups that were left out."""


def chart_rows(path: Path, spec: ChartSpec, rows: int) -> dict[str, Any]:
    """Return `{"spec", "columns", "rows", "sampled", "total_rows", "left_out", "durations"}`.

    `sampled` is how many rows were drawn for it where not all were used, else None; `left_out` the groups that stand
    together as `OTHER`. Columns by kind: `histogram` from, to, count; `bar` x, value; `box` x, low, q1, median, q3,
    high, count (low and high are the 5 % and 95 % quantiles); `scatter` x, y; `line` x, value; `correlation` a, b,
    value; `missing` column, from, to, share. `colour` comes last where it is asked for. `durations` says which of `x`
    and `y` are durations: their numbers are seconds.

    Args:
        path: The Parquet file.
        spec: Of the chart.
        rows: Of the table.

    Raises:
        QueryError: A column is not there, or is not of a type that the chart can show.
    """
    table = pl.scan_parquet(path, glob=False)
    schema = table.collect_schema()
    for name in (spec.x, spec.y, spec.colour):
        if name is not None and name not in schema:
            raise QueryError(f"There is no column {name[:_LONGEST]!r}.", hint="Choose another.")
    _require_types(spec, schema)
    found, sampled, left_out = _KINDS[spec.kind](path, spec, rows)
    return {
        "spec": spec.model_dump(),
        "columns": found.columns,
        "rows": rows_of_cells(found.iter_rows()),
        "sampled": sampled,
        "total_rows": rows,
        "left_out": left_out,
        "durations": [side for side, name in (("x", spec.x), ("y", spec.y)) if _is_duration(schema, name)],
    }


def _is_duration(schema: Mapping[str, Any], name: str | None) -> bool:
    return name is not None and schema[name] == pl.Duration


def _require_types(spec: ChartSpec, schema: Mapping[str, Any]) -> None:
    ordered = {"x": spec.x if spec.kind in ("histogram", "line", "scatter") else None}
    ordered["y"] = None if spec.kind in _WITHOUT_Y else spec.y
    for role, column in ordered.items():
        if column is not None and not (schema[column].is_numeric() or schema[column].is_temporal()):
            raise QueryError(
                f"Column {column[:_LONGEST]!r} holds no numbers or times, which a {spec.kind} needs for {role}.",
                hint="Choose another column, or another kind of chart.",
            )
    y = ordered["y"]
    timed = y is not None and schema[y].is_temporal() and not _is_duration(schema, y)
    if timed and (spec.kind == "box" or spec.aggregate == "sum"):
        said = "quartiles here" if spec.kind == "box" else "sum"
        raise QueryError(f"Column {str(spec.y)[:_LONGEST]!r} holds times, which have no {said}.", hint="Use numbers.")


def _histogram(path: Path, spec: ChartSpec, _rows: int) -> Found:
    table, left_out = coloured(present(measured(read(path, spec.model_copy(update={"y": None})), "x"), "x"))
    empty = pl.DataFrame(schema={"from": pl.Float64, "to": pl.Float64, "count": pl.Int64, "colour": pl.String})
    if table.is_empty():
        return without_colour(empty, spec), None, 0
    kind = table.schema["x"]
    physical = table["x"].to_physical().dtype
    table = table.with_columns(pl.col("x").to_physical().cast(pl.Float64))
    edges = _edges(table["x"], whole=kind.is_integer())
    parts = [empty]
    for (colour,), part in table.group_by("colour", maintain_order=True):
        places = np.clip(np.searchsorted(edges, part["x"].to_numpy(), side="right") - 1, 0, len(edges) - 2)
        counts = np.bincount(places, minlength=len(edges) - 1).astype(np.int64)
        bins = pl.DataFrame({"from": edges[:-1], "to": edges[1:], "count": counts})
        parts.append(bins.with_columns(colour=pl.lit(colour, pl.String)))
    found = pl.concat(parts)
    if kind.is_temporal():
        found = found.with_columns(pl.col("from", "to").round().cast(pl.Int64).cast(physical).cast(kind))
    return without_colour(found, spec), None, left_out


def _edges(numbers: pl.Series, *, whole: bool) -> Any:
    """Return about `BINS` equal bins; those of whole numbers begin at whole numbers, half a number below."""
    if not whole:
        return bins_of(numbers.sort().to_numpy(), BINS)[0]
    low, high = (float(end) for end in np.quantile(numbers.to_numpy(), (0, 1)))
    width = max(1.0, np.ceil((high - low + 1) / BINS))
    return low - 0.5 + width * np.arange(np.ceil((high - low + 1) / width) + 1)


def _bar(path: Path, spec: ChartSpec, _rows: int) -> Found:
    table, _ = coloured(measured(read(path, spec), "y"))
    grouped, left_out = fewer(table.with_columns(as_text(table, "x")), "x", GROUPS)
    value = aggregated(grouped, spec)
    order = grouped.group_by("x").agg(value.alias("order"))
    found = grouped.group_by("x", "colour").agg(value).join(order, on="x", nulls_equal=True)
    found = found.sort(
        (pl.col("x") == OTHER).fill_null(value=False), "order", "x", "colour", descending=[False, True, False, False]
    )
    return without_colour(found.select("x", "value", "colour"), spec), None, left_out


def _box(path: Path, spec: ChartSpec, _rows: int) -> Found:
    table, _ = coloured(present(measured(read(path, spec), "y"), "y"))
    table = table.with_columns(as_text(table, "x") if spec.x else pl.lit("", pl.String).alias("x"))
    grouped, left_out = fewer(table, "x", GROUPS)
    shares = {"low": 0.05, "q1": 0.25, "median": 0.5, "q3": 0.75, "high": 0.95}
    y = pl.col("y").cast(pl.Float64)
    found = grouped.group_by("x", "colour").agg(
        *(y.quantile(share, "linear").alias(name) for name, share in shares.items()), pl.len().alias("count")
    )
    found = found.sort(
        (pl.col("x") == OTHER).fill_null(value=False), "median", "x", "colour", descending=[False, True, False, False]
    )
    return without_colour(found.select("x", *shares, "count", "colour"), spec), None, left_out


def _scatter(path: Path, spec: ChartSpec, rows: int) -> Found:
    names = list(dict.fromkeys(name for name in (spec.x, spec.y, spec.colour) if name))
    drawn = measured(named(spread_sample(path, names, rows, POINTS), spec), "x", "y")
    table, left_out = coloured(present(drawn, "x", "y"))
    return without_colour(table.select("x", "y", "colour"), spec), POINTS if rows > POINTS else None, left_out


def _line(path: Path, spec: ChartSpec, _rows: int) -> Found:
    table, left_out = coloured(present(measured(read(path, spec), "x", "y"), "x"))
    table = table if table.is_empty() else stepped(table)
    found = table.group_by("x", "colour").agg(aggregated(table, spec)).sort("colour", "x")
    return without_colour(found.select("x", "value", "colour"), spec), None, left_out


def _correlation(path: Path, _spec: ChartSpec, rows: int) -> Found:
    schema = pl.scan_parquet(path, glob=False).collect_schema()
    names = [name for name, kind in schema.items() if kind.is_numeric() or kind == pl.Boolean][:SQUARE]
    sample = spread_sample(path, names, rows, POINTS) if names else pl.DataFrame()
    matrix = correlations(ranks_of(sample, sample.height))
    pairs = [(a, b, float(matrix[i, j]) if i != j else 1.0) for i, a in enumerate(names) for j, b in enumerate(names)]
    found = pl.DataFrame(pairs, schema={"a": pl.String, "b": pl.String, "value": pl.Float64}, orient="row")
    numbers = sum(kind.is_numeric() or kind == pl.Boolean for kind in schema.values())
    return found, POINTS if rows > POINTS else None, numbers - len(names)


def _missing(path: Path, _spec: ChartSpec, rows: int) -> Found:
    table = pl.scan_parquet(path, glob=False)
    schema = table.collect_schema()
    gaps = [
        (pl.col(name).is_null() | pl.col(name).is_nan() if kind.is_float() else pl.col(name).is_null()).alias(name)
        for name, kind in schema.items()
    ]
    counts = table.select(gap.sum() for gap in gaps).collect().row(0) if rows else [0] * len(gaps)
    holed = sorted((i for i, count in enumerate(counts) if count), key=lambda i: -counts[i])
    shown, blocks = holed[:SQUARE], min(BLOCKS, max(rows, 1))
    parts = []
    for place in shown:
        block = table.select(gaps[place].alias("gap")).collect()["gap"].to_numpy().astype(np.float64)
        edges = np.linspace(0, rows, blocks + 1).astype(np.int64)
        shares = np.add.reduceat(block, edges[:-1]) / np.diff(edges)
        parts.append(
            pl.DataFrame({"from": edges[:-1] + 1, "to": edges[1:], "share": shares}).select(
                pl.lit(list(schema)[place]).alias("column"), "from", "to", "share"
            )
        )
    empty = pl.DataFrame(schema={"column": pl.String, "from": pl.Int64, "to": pl.Int64, "share": pl.Float64})
    return pl.concat([empty, *parts]), None, len(holed) - len(shown)


_KINDS: Final[dict[str, Callable[[Path, ChartSpec, int], Found]]] = {
    "histogram": _histogram, "bar": _bar, "box": _box, "scatter": _scatter, "line": _line,
    "correlation": _correlation, "missing": _missing,
}  # fmt: skip
