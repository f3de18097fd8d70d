"""What happened to a column, in words; each sentence also as a code, for screens in other languages."""

from typing import Any

import numpy as np
import polars as pl

from engine.monitoring.aligned import Floats, Number, Numbers, exactly, labels, median, numbers
from engine.monitoring.kinds import present
from engine.monitoring.values import Comparison, Kind, Told

_SMALLEST = 1e-99
_DIGITS = (6, 9, 12)
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
    if decisive.verdict == "later":
        sentence = f"Column {name!r} is later than all before, as time goes on: {change}."
        return sentence, _told("column_later", column=name, change=told)
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
    return f"too few values ({before} before, {now} now)", _told("why_too_few", before=before, now=now)


def _change(kind: Kind, decisive: Comparison, reference: pl.Series, current: pl.Series) -> Wording:
    if decisive.test == "missing":
        before, now = (1 - len(present(side)) / len(side) for side in (reference, current))
        sentence = f"{now:.1%} of its values are missing, {before:.1%} before"
        return sentence, _told("change_missing", now=now, before=before)
    if decisive.test == "chi2":
        return _label_change(*labels(reference, current))
    pair = numbers(reference, current)
    middle, moved = pair.middles
    if middle == moved:
        spreads = _apart(_spread(pair, pair.before), _spread(pair, pair.now))
        sentence = f"its spread (interquartile range) is {spreads['now']}, {spreads['before']} before"
        return sentence, _told("change_spread", **spreads)
    middles = _middles(pair)
    what, code = ("the median of its length", "change_length") if kind == "text" else ("its median", "change_median")
    return f"{what} is {middles['now']}, {middles['before']} before", _told(code, **middles)


def _middles(pair: Numbers) -> dict[str, str]:
    """Return the medians as text: clocks as clocks show them, numbers with as many digits as tell them apart."""
    before, now = (pair.written(median(side)) for side in (pair.before, pair.now))
    if before is not None and now is not None:
        return {"before": before, "now": now}
    return _apart(*pair.middles)


def _apart(before: Number, now: Number) -> dict[str, str]:
    """Return two numbers with six digits, or with as many as tell them apart."""
    for digits in _DIGITS:
        texts = [f"{float(value):.{digits}g}" for value in (before, now)]
        if texts[0] != texts[1] or before == now:
            return {"before": texts[0], "now": texts[1]}
    return {"before": exactly(before), "now": exactly(now)}


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


def _spread(pair: Numbers, values: Floats) -> float:
    """Return the interquartile range, clocks in seconds."""
    lower, upper = np.quantile(values, [0.25, 0.75])
    width = float(upper) - float(lower) if np.isfinite([lower, upper]).all() else float("inf")
    return width / float(10**pair.decimals) / (1e9 if pair.written(0.0) else 1)


def _told(code: str, **values: Any) -> Told:
    return Told(code=code, values=values)
