"""What happened to a column, in words; each sentence also as a code, for screens in other languages."""

from typing import Any

import polars as pl

from engine.monitoring.kinds import as_labels, as_numbers, middle, present
from engine.monitoring.values import Comparison, Kind, Told

_SMALLEST = 1e-99
Wording = tuple[str, Told]
"""A sentence, or a part of one, in English and as a code."""


def sentence_of(name: str, kind: Kind, decisive: Comparison, reference: pl.Series, current: pl.Series) -> Wording:
    """Return one sentence about the comparison that decided a column."""
    if decisive.verdict == "untested":
        why, told = _why_not(kind, reference, current)
        return f"Column {name!r} was not compared: {why}.", _told("column_untested", column=name, why=told)
    if decisive.verdict == "stable":
        return f"Column {name!r} is as it was.", _told("column_stable", column=name)
    change, told = _change(kind, decisive, reference, current)
    if decisive.verdict == "negligible":
        sentence = f"Column {name!r} differs detectably, but negligibly: {change}."
        return sentence, _told("column_negligible", column=name, change=told)
    p = decisive.p_adjusted or 0.0
    certainty = f"p {p:.1g}" if p > _SMALLEST else f"p < {_SMALLEST:.0e}"
    sentence = f"Column {name!r} drifted: {change} (effect {decisive.effect:.2f}, {certainty})."
    return sentence, _told("column_drifted", column=name, change=told, effect=decisive.effect, certainty=certainty)


def _why_not(kind: Kind, reference: pl.Series, current: pl.Series) -> Wording:
    if kind == "identifier":
        return "its values number the rows", _told("why_identifier")
    if kind == "other":
        return f"values of type {reference.dtype} have no test", _told("why_no_test", type=str(reference.dtype))
    before, now = len(present(reference)), len(present(current))
    if kind == "date" and min(before, now) and middle(current) > float(as_numbers(reference).to_numpy().max()):
        return "its values are later than all before", _told("why_later")
    return f"too few values ({before} before, {now} now)", _told("why_too_few", before=before, now=now)


def _change(kind: Kind, decisive: Comparison, reference: pl.Series, current: pl.Series) -> Wording:
    if decisive.test == "missing":
        before, now = (1 - len(present(side)) / len(side) for side in (reference, current))
        sentence = f"{now:.1%} of its values are missing, {before:.1%} before"
        return sentence, _told("change_missing", now=now, before=before)
    if decisive.test == "chi2":
        return _label_change(as_labels(reference), as_labels(current))
    if kind == "date":
        moments = {"now": str(present(current).median()), "before": str(present(reference).median())}
        sentence = f"its median is {moments['now']}, {moments['before']} before"
        return sentence, _told("change_median", **moments)
    middles = [middle(side) for side in (current, reference)]
    if middles[0] == middles[1]:
        spreads = [_spread(as_numbers(side)) for side in (current, reference)]
        sentence = f"its spread (interquartile range) is {spreads[0]:.6g}, {spreads[1]:.6g} before"
        return sentence, _told("change_spread", now=f"{spreads[0]:.6g}", before=f"{spreads[1]:.6g}")
    what, code = ("the median of its length", "change_length") if kind == "text" else ("its median", "change_median")
    sentence = f"{what} is {middles[0]:.6g}, {middles[1]:.6g} before"
    return sentence, _told(code, now=f"{middles[0]:.6g}", before=f"{middles[1]:.6g}")


def _label_change(reference: pl.Series, current: pl.Series) -> Wording:
    sides = [
        dict(side.rename("label").value_counts(normalize=True, name="share").iter_rows())
        for side in (reference, current)
    ]
    before, now = sides
    most = max(before | now, key=lambda label: abs(now.get(label, 0.0) - before.get(label, 0.0)))
    shares = {"now": now.get(most, 0.0), "before": before.get(most, 0.0)}
    sentence = f"{shares['now']:.1%} of its values are {most!r}, {shares['before']:.1%} before"
    return sentence, _told("change_label", label=str(most), **shares)


def _spread(values: pl.Series) -> float:
    upper, lower = values.quantile(0.75), values.quantile(0.25)
    return float(upper) - float(lower)  # type: ignore[arg-type]


def _told(code: str, **values: Any) -> Told:
    return Told(code=code, values=values)
