"""What could be done to the columns of a described table, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.data.striking import THE_SAME, clip
from operators.contract.tables import NUMERIC

FEW: Final = 12
"""Different values up to which each gets a column of its own."""
SKEWED_TAIL: Final = 4.0
"""Distance of the ends from the middle, in distances between the quartiles, beyond which they are clipped."""
UNEQUAL: Final = 100.0
"""Ratio between the largest and the smallest spread of the numbers beyond which they are scaled."""
MOSTLY: Final = 0.6


@dataclass(frozen=True)
class Suggestion:
    """A step that may help, and why.

    Args:
        operator: Registry name.
        parameters: Of the step, besides `columns`.
        columns: It is about.
        reason: `gives_away`, `missing`, `mostly_missing`, `constant`, `names_rows`, `few_values`, `many_values`,
            `far_ends` or `unequal_spread`; the screens say it in words.
        figure: The number behind the reason, the largest of its columns.
    """

    operator: str
    parameters: Mapping[str, Any]
    columns: tuple[str, ...]
    reason: str
    figure: float

    def document(self) -> dict[str, Any]:
        """Return it as JSON: `{"operator", "with", "columns", "reason", "figure"}`."""
        return {
            "operator": self.operator,
            "with": {"columns": list(self.columns), **self.parameters},
            "columns": list(self.columns),
            "reason": self.reason,
            "figure": self.figure,
        }


def suggestions_of(profile: Mapping[str, Any], target: str = "") -> list[Suggestion]:
    """Return what could be done, in the order in which it would be done.

    Args:
        profile: Of a table, as `profile_table` gives it.
        target: Column to predict, which is left alone; none when empty.
    """
    columns = [column for column in profile["columns"] if column["name"] != target]
    rows = profile["rows"]
    if not rows:
        return []
    useless = {one.columns[0]: one for column in columns for one in _useless(column, rows)}
    useless |= {one.columns[0]: one for one in _leaks(profile, target)}
    left = [column for column in columns if column["name"] not in useless]
    found = list(useless.values())
    for rule in (_missing, _far_ends, _texts):
        for column in left:
            found += rule(column, rows, target)
    return _together([*found, *_spread(left)])


def _together(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Return one suggestion where several differ in their columns only."""
    merged: dict[tuple[Any, ...], Suggestion] = {}
    for one in found:
        key = (one.operator, one.reason, *sorted(one.parameters.items()))
        before = merged.get(key)
        if before is not None:
            one = replace(one, columns=before.columns + one.columns, figure=max(before.figure, one.figure))  # noqa: PLW2901
        merged[key] = one
    return list(merged.values())


def _leaks(profile: Mapping[str, Any], target: str) -> Iterator[Suggestion]:
    """Yield the columns that say the same as the target, so that whoever learns from them learns nothing else."""
    for pair in (profile.get("associations") or {}).get("pairs") or []:
        if pair["value"] >= THE_SAME and target in (pair["a"], pair["b"]):
            other = pair["b"] if pair["a"] == target else pair["a"]
            yield Suggestion("select_columns", {"mode": "drop"}, (other,), "gives_away", pair["value"])


def _useless(column: Mapping[str, Any], rows: int) -> Iterator[Suggestion]:
    name, present = column["name"], rows - column["missing"]
    dropped = {"mode": "drop"}
    if present < (1 - MOSTLY) * rows:
        yield Suggestion("select_columns", dropped, (name,), "mostly_missing", column["missing"] / rows)
    elif column["distinct"] == 1:
        yield Suggestion("select_columns", dropped, (name,), "constant", 1)
    elif column["type"] == "string" and present > FEW and column["distinct"] == present:
        yield Suggestion("select_columns", dropped, (name,), "names_rows", present)


def _missing(column: Mapping[str, Any], rows: int, _target: str) -> Iterator[Suggestion]:
    if not column["missing"]:
        return
    if column["type"] in NUMERIC:
        statistic = "median"
    elif column["type"] == "string":
        statistic = "most_frequent"
    else:
        return
    name = column["name"]
    yield Suggestion("fill_missing", {"statistic": statistic}, (name,), "missing", column["missing"] / rows)


def _far_ends(column: Mapping[str, Any], rows: int, _target: str) -> Iterator[Suggestion]:
    quantiles, name = column["quantiles"], column["name"]
    if column["type"] not in NUMERIC or not quantiles:
        return
    low, middle, high = (quantiles[share] for share in ("0.25", "0.5", "0.75"))
    if high > low:
        far = max(column["max"] - middle, middle - column["min"]) / (high - low)
        step = clip(column, rows - column["missing"])
        if far > SKEWED_TAIL and step:
            bounds = {key: value for key, value in step["with"].items() if key != "columns"}
            yield Suggestion("clip_outliers", bounds, (name,), "far_ends", far)


def _texts(column: Mapping[str, Any], _rows: int, target: str) -> Iterator[Suggestion]:
    if column["type"] != "string" or column["distinct"] < 2:  # noqa: PLR2004 - one value says nothing
        return
    name, distinct = column["name"], column["distinct"]
    if distinct <= FEW:
        yield Suggestion("one_hot", {}, (name,), "few_values", distinct)
    elif target:
        yield Suggestion("target_encode", {"target": target}, (name,), "many_values", distinct)
    else:
        yield Suggestion("encode_categories", {"method": "frequency"}, (name,), "many_values", distinct)


def _spread(columns: list[Mapping[str, Any]]) -> Iterator[Suggestion]:
    spreads = {c["name"]: c["std"] for c in columns if c["type"] in NUMERIC and c["std"] and c["distinct"] > FEW}
    if len(spreads) > 1:
        ratio = max(spreads.values()) / min(spreads.values())
        if ratio > UNEQUAL:
            names = tuple(spreads)
            yield Suggestion("scale_numeric", {}, names, "unequal_spread", ratio)
