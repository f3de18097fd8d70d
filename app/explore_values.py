"""What the numbers of a chart are: durations in a unit that suits them, times as they stand in the table."""

import re
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from app.text import t

Chart = Mapping[str, Any]

_COLUMNS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "histogram": {"x": ("from", "to")}, "line": {"x": ("x",), "y": ("value",)}, "bar": {"y": ("value",)},
    "scatter": {"x": ("x",), "y": ("y",)}, "box": {"y": ("low", "q1", "median", "q3", "high")},
}  # fmt: skip
"""The columns in which a chart has the values of its sides."""
_UNITS: Final = ((2 * 86_400, 86_400, "days"), (2 * 3600, 3600, "hours"), (2 * 60, 60, "minutes"))
_OFFSET: Final = re.compile(r"(Z|[+-]\d\d:\d\d(:\d\d)?)$")
_DAY, _CLOCK = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d:\d\d(\.\d+)?")


def in_units(table: pl.DataFrame, chart: Chart) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return the rows of a chart with durations in days, hours, minutes or seconds, and the units by side.

    Args:
        table: The rows, durations in seconds.
        chart: As `bench.datasets.chart` gives it.
    """
    spec, units = chart["spec"], {}
    for side in chart["durations"]:
        names = [name for name in _COLUMNS.get(spec["kind"], {}).get(side, ()) if not _is_a_count(name, spec)]
        if names:
            most = float(table.select(pl.max_horizontal(pl.col(names).abs().max())).item() or 0)
            seconds, unit = next(((each, name) for least, each, name in _UNITS if most >= least), (1, "seconds"))
            table = table.with_columns(pl.col(names) / seconds)
            units[side] = t(f"unit.{unit}")
    return table, units


def _is_a_count(name: str, spec: Chart) -> bool:
    return name == "value" and spec["aggregate"] == "count"


def as_clocks_show(table: pl.DataFrame, spec: Chart) -> pl.DataFrame:
    """Return `table` with dates and times such that a browser draws what they say, whatever its own zone.

    A browser takes a day without a time for midnight in London, and moves what has an offset to its own zone; it knows
    no time without a day.
    """
    names = [name for columns in _COLUMNS.get(spec["kind"], {}).values() for name in columns]
    return table.with_columns(
        pl.Series(name, [_local(value) for value in table[name]], dtype=pl.String)
        for name in names
        if table.schema.get(name) == pl.String
    )


def is_clock(values: pl.Series) -> bool:
    """Return whether values that are drawn as times are times of a day."""
    return values.dtype == pl.String and all(value.startswith("1970-01-01T") for value in values.drop_nulls())


def _local(value: str | None) -> str | None:
    if value is None:
        return None
    if _DAY.fullmatch(value):
        return f"{value}T00:00:00"
    return f"1970-01-01T{value}" if _CLOCK.fullmatch(value) else _OFFSET.sub("", value)
