"""What happened to a column, in words."""

import polars as pl

from engine.monitoring.kinds import as_labels, as_numbers, middle, present
from engine.monitoring.values import Comparison, Kind

_SMALLEST = 1e-99


def sentence_of(name: str, kind: Kind, decisive: Comparison, reference: pl.Series, current: pl.Series) -> str:
    """Return one sentence about the comparison that decided a column."""
    if decisive.verdict == "untested":
        return f"Column {name!r} was not compared: {_why_not(kind, reference, current)}."
    if decisive.verdict == "stable":
        return f"Column {name!r} is as it was."
    change = _change(kind, decisive, reference, current)
    if decisive.verdict == "negligible":
        return f"Column {name!r} differs detectably, but negligibly: {change}."
    p = decisive.p_adjusted or 0.0
    certainty = f"p {p:.1g}" if p > _SMALLEST else f"p < {_SMALLEST:.0e}"
    return f"Column {name!r} drifted: {change} (effect {decisive.effect:.2f}, {certainty})."


def _why_not(kind: Kind, reference: pl.Series, current: pl.Series) -> str:
    if kind == "identifier":
        return "its values number the rows"
    if kind == "other":
        return f"values of type {reference.dtype} have no test"
    before, now = len(present(reference)), len(present(current))
    if kind == "date" and min(before, now) and middle(current) > float(as_numbers(reference).to_numpy().max()):
        return "its values are later than all before"
    return f"too few values ({before} before, {now} now)"


def _change(kind: Kind, decisive: Comparison, reference: pl.Series, current: pl.Series) -> str:
    if decisive.test == "missing":
        before, now = (1 - len(present(side)) / len(side) for side in (reference, current))
        return f"{now:.1%} of its values are missing, {before:.1%} before"
    if decisive.test == "chi2":
        return _label_change(as_labels(reference), as_labels(current))
    if kind == "date":
        middles_then = [str(present(side).median()) for side in (current, reference)]
        return f"its median is {middles_then[0]}, {middles_then[1]} before"
    what = "the median of its length" if kind == "text" else "its median"
    middles = [middle(side) for side in (current, reference)]
    if middles[0] == middles[1]:
        spreads = [_spread(as_numbers(side)) for side in (current, reference)]
        return f"its spread (interquartile range) is {spreads[0]:.6g}, {spreads[1]:.6g} before"
    return f"{what} is {middles[0]:.6g}, {middles[1]:.6g} before"


def _label_change(reference: pl.Series, current: pl.Series) -> str:
    sides = [
        dict(side.rename("label").value_counts(normalize=True, name="share").iter_rows())
        for side in (reference, current)
    ]
    before, now = sides
    most = max(before | now, key=lambda label: abs(now.get(label, 0.0) - before.get(label, 0.0)))
    return f"{now.get(most, 0.0):.1%} of its values are {most!r}, {before.get(most, 0.0):.1%} before"


def _spread(values: pl.Series) -> float:
    upper, lower = values.quantile(0.75), values.quantile(0.25)
    return float(upper) - float(lower)  # type: ignore[arg-type]
