"""The charts to look at first, picked from a profile by type and by signal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.data.charts.columns import COLOURS
from engine.data.striking import ENOUGH_ROWS, THE_SAME
from operators.contract.tables import INTEGERS, NUMERIC

HOW_MANY: Final = 6
_CODES: Final = 10
_GROUPS: Final = 24

Described = Mapping[str, Any]
Pair = Mapping[str, Any]


def suggested(profile: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return at most six charts, each as a `ChartSpec` document: one of each kind first, the strongest signals first.

    Args:
        profile: Of the table, as `profile_table` gives it.
    """
    found: list[dict[str, Any]] = []
    if profile["rows"]:
        pairs = profile["associations"]["pairs"]
        strength = {pair[side]: pair["value"] for pair in reversed(pairs) for side in ("a", "b")}
        columns = sorted(profile["columns"], key=lambda column: -strength.get(column["name"], 0.0))
        for chart in (*_of_each_kind(columns, pairs, profile["rows"]), *_of_each_column(columns, profile["rows"])):
            if len(found) == HOW_MANY:
                break
            if chart not in found:
                found.append(chart)
    return found


def _of_each_kind(columns: Sequence[Described], pairs: Sequence[Pair], rows: int) -> Iterator[dict[str, Any]]:
    numbers = [column["name"] for column in columns if is_measure(column, rows)]
    groups = [column["name"] for column in columns if is_category(column)]
    times = [column["name"] for column in columns if is_time(column)]
    if times:
        yield {"kind": "line", "x": times[0], **({"y": numbers[0], "aggregate": "mean"} if numbers else {})}
    if both := _strongest(pairs, "spearman", numbers, numbers):
        few = [c["name"] for c in columns if is_category(c) and c["distinct"] <= COLOURS]
        yield {"kind": "scatter", "x": both["a"], "y": both["b"], **({"colour": few[0]} if few else {})}
    if apart := _strongest(pairs, "epsilon", groups, numbers):
        yield {"kind": "box", "x": apart["a"], "y": apart["b"]}
    if numbers:
        yield {"kind": "histogram", "x": numbers[0]}
    uneven = [c["name"] for c in columns if is_category(c) and len({count for _, count in c["top"]}) > 1]
    if uneven:
        yield {"kind": "bar", "x": uneven[0]}
    if sum(bool(column["missing"]) for column in columns) > 1:
        yield {"kind": "missing"}
    elif len(numbers) > 2:  # noqa: PLR2004 (two stand in the scatter)
        yield {"kind": "correlation"}


def _of_each_column(columns: Sequence[Described], rows: int) -> Iterator[dict[str, Any]]:
    measures = [column["name"] for column in columns if is_measure(column, rows)]
    for column in columns:
        if is_category(column) and measures:
            yield {"kind": "bar", "x": column["name"], "y": measures[0], "aggregate": "mean"}
        elif is_measure(column, rows):
            yield {"kind": "histogram", "x": column["name"]}
    for column in columns:
        if column["top"] and not names_rows(column, rows):
            ordered = column["histogram"] and not is_category(column)
            yield {"kind": "histogram" if ordered else "bar", "x": column["name"]}


def is_measure(column: Described, rows: int) -> bool:
    """Return whether a column holds numbers that measure something: many, no years, and not a number for each row."""
    numbers_rows = column["type"] in INTEGERS and column["distinct"] == rows - column["missing"]
    return column["type"] in NUMERIC and column["distinct"] > _CODES and not numbers_rows and not is_time(column)


def names_rows(column: Described, rows: int) -> bool:
    """Return whether every row has a text, or one of many whole numbers, of its own: there is nothing to count."""
    present = rows - column["missing"]
    unique = 1 < column["distinct"] == present
    numbers = column["type"] in INTEGERS and present >= ENOUGH_ROWS and not is_time(column)
    return unique and (column["type"] == "string" or numbers)


def is_category(column: Described) -> bool:
    """Return whether a column divides the rows into a few groups."""
    few = _CODES if column["type"] in INTEGERS else _GROUPS
    return column["type"] in ("string", "boolean", *INTEGERS) and 1 < column["distinct"] <= few


def is_time(column: Described) -> bool:
    """Return whether a column says when: dates, times, or whole numbers that read as years."""
    if column["distinct"] <= 2:  # noqa: PLR2004 (no line)
        return False
    years = column["type"] in INTEGERS and 1800 <= column["min"] <= column["max"] <= 2200  # noqa: PLR2004
    return column["type"] in ("date", "datetime") or years


def _strongest(pairs: Sequence[Pair], measure: str, a: Sequence[str], b: Sequence[str]) -> Pair | None:
    """Return the first pair of `a` and `b` that says more than one of them alone."""
    fitting = (p for p in pairs if p["measure"] == measure and p["a"] in a and p["b"] in b and p["value"] < THE_SAME)
    return next(fitting, None)
