"""The columns of a chart under the names `x`, `y` and `colour`, with few groups each."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.charts.spec import ChartSpec

GROUPS: Final = 20
COLOURS: Final = 6
STEPS: Final = 200
OTHER: Final = "…"
"""Stands for all groups that are not drawn by themselves."""
_LONGEST: Final = 80
_PER_SECOND: Final = {"ms": 10**3, "us": 10**6, "ns": 10**9}
_WIDTHS: Final = (
    (1, "1s"), (60, "1m"), (3600, "1h"), (86_400, "1d"), (604_800, "1w"), (2_629_800, "1mo"), (7_889_400, "1q"),
    (31_557_600, "1y"), (315_576_000, "10y"),
)  # fmt: skip

AGGREGATES: Final[dict[str, Callable[[pl.Expr], pl.Expr]]] = {
    "mean": pl.Expr.mean, "median": pl.Expr.median, "sum": pl.Expr.sum, "min": pl.Expr.min, "max": pl.Expr.max,
}  # fmt: skip


def read(path: Path, spec: ChartSpec) -> pl.DataFrame:
    """Return the chart's columns of all rows as `x`, `y` and `colour`."""
    names = list(dict.fromkeys(name for name in (spec.x, spec.y, spec.colour) if name))
    return named(pl.scan_parquet(path, glob=False).select(names).collect(), spec)


def named(table: pl.DataFrame, spec: ChartSpec) -> pl.DataFrame:
    """Return a table of the chart's columns as `x`, `y` and `colour`; a column that is not asked for is not there."""
    wanted = {"x": spec.x, "y": spec.y, "colour": spec.colour}
    return table.select(pl.col(column).alias(role) for role, column in wanted.items() if column is not None)


def coloured(table: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return `table` with `colour` as text of at most six groups and `OTHER`, and how many groups stand in that.

    Without a colour all rows have the same, null.
    """
    if "colour" not in table.columns:
        return table.with_columns(colour=pl.lit(None, pl.String)), 0
    return fewer(table.with_columns(as_text(table, "colour")), "colour", COLOURS)


def fewer(table: pl.DataFrame, column: str, most: int) -> tuple[pl.DataFrame, int]:
    """Return `table` with only the `most` frequent texts of a column and `OTHER`, and how many stand in that."""
    counts = table.group_by(column).len().sort(pl.col("len"), column, descending=[True, False])
    if counts.height <= most:
        return table, 0
    kept = counts[column].head(most).to_list()
    inside = pl.col(column).is_in([value for value in kept if value is not None])
    inside = (
        (inside.fill_null(value=False) | pl.col(column).is_null()) if None in kept else inside.fill_null(value=False)
    )
    return table.with_columns(pl.when(inside).then(column).otherwise(pl.lit(OTHER))), counts.height - most


def as_text(table: pl.DataFrame, column: str) -> pl.Expr:
    """Return a column as text that fits a label; a duration as `1d 2h 30m`."""
    kind, value = table.schema[column], pl.col(column)
    if kind == pl.Binary:
        text = value.bin.encode("base64")
    elif kind == pl.Duration:
        text = value.dt.to_string("polars")
    else:
        text = value.cast(pl.String)
    long = text.str.len_chars() > _LONGEST
    return pl.when(long).then(text.str.slice(0, _LONGEST) + OTHER).otherwise(text).alias(column)


def measured(table: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return `table` with durations as seconds, and decimals as floats, in those of `columns` that are there."""
    kinds = {column: table.schema[column] for column in columns if column in table.columns}
    seconds = [
        pl.col(column).to_physical().cast(pl.Float64) / _PER_SECOND[kind.time_unit]
        for column, kind in kinds.items()
        if isinstance(kind, pl.Duration)
    ]
    floats = [pl.col(column).cast(pl.Float64) for column, kind in kinds.items() if kind.is_decimal()]
    return table.with_columns(*seconds, *floats)


def present(table: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return the rows that have a finite value in each of `columns`."""
    for column in columns:
        known = pl.col(column).is_not_null()
        if table.schema[column].is_float():
            known &= pl.col(column).is_finite()
        table = table.filter(known)
    return table


def aggregated(table: pl.DataFrame, spec: ChartSpec) -> pl.Expr:
    """Return what a bar or a point of a line shows, as `value`; NaN and infinities of `y` count as gaps."""
    if spec.aggregate == "count" or spec.y is None:
        return pl.len().cast(pl.Int64).alias("value")
    kind, y = table.schema["y"], pl.col("y")
    if not kind.is_temporal():
        number = y.cast(pl.Float64)
        return _finite(AGGREGATES[spec.aggregate](pl.when(number.is_finite()).then(number)), number).alias("value")
    return AGGREGATES[spec.aggregate](y).alias("value")


def _finite(value: pl.Expr, of: pl.Expr) -> pl.Expr:
    """Return an aggregate where it is finite and there was something to aggregate."""
    return pl.when(value.is_finite() & of.is_finite().any()).then(value)


def stepped(table: pl.DataFrame) -> pl.DataFrame:
    """Return `table` with the times or numbers of `x` moved down to steps, of which there are at most about 200."""
    kind = table.schema["x"]
    if kind in (pl.Date, pl.Datetime):  # a century that the first one lies in may have begun before the calendar does
        first = pl.col("x").min()
        return table.with_columns(pl.max_horizontal(pl.col("x").dt.truncate(_width(table["x"])), first))
    if table["x"].n_unique() <= STEPS:
        return table
    numbers = table["x"].to_physical().cast(pl.Float64)
    low, high = _number(numbers.min()), _number(numbers.max())
    step = (high - low) / STEPS
    return table.with_columns((low + ((numbers - low) / step).floor() * step).alias("x"))


def without_colour(table: pl.DataFrame, spec: ChartSpec) -> pl.DataFrame:
    """Return `table` without the column `colour` where none was asked for."""
    return table if spec.colour is not None else table.drop("colour")


def _width(moments: pl.Series) -> str:
    """Return the shortest calendar step that divides the moments into at most about 200."""
    day = moments.dtype == pl.Date
    span = (moments.max() - moments.min()).total_seconds()  # type: ignore[operator, union-attr]
    fitting = [name for seconds, name in _WIDTHS if span / seconds <= STEPS and (seconds >= 86_400 or not day)]  # noqa: PLR2004 (a day)
    return fitting[0] if fitting else "100y"


def _number(value: Any) -> float:
    return float(value)
