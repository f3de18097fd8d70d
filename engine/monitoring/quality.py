"""Faults of the rows themselves: what is wrong before any distribution is compared.

None of these is drift. A column that is gone, of another type or empty is named here and left
out of the tests; a batch that came twice would make every test too certain.
"""

import difflib
import math
from collections.abc import Iterable, Sequence

import polars as pl

from engine.monitoring.aligned import labels, median, numbers
from engine.monitoring.compare import compare_numbers
from engine.monitoring.kinds import family, present
from engine.monitoring.repeats import repeated_rows
from engine.monitoring.values import ColumnReport, Finding, Told

SMALLEST_WINDOW = 30
"""Fewer rows than this say nothing about a distribution."""

_UNITS = (10.0, 60.0, 100.0, 1000.0, 1024.0, 3600.0, 10_000.0, 1e6)  # smaller ones are also ordinary growth
_SURPRISING = 1e-3
_NEAR_UNIT = 0.05
_UNDONE = 0.01
_ORDER = {"error": 0, "warning": 1, "info": 2}


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, the gravest first, otherwise in order."""
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))


def schema_findings(reference: pl.DataFrame, current: pl.DataFrame) -> list[Finding]:
    """Return what is missing, what came instead, and what has another type; no rows have no schema."""
    if current.is_empty():
        return []
    new = [name for name in current.columns if name not in reference.columns]
    findings = [
        _missing(name, reference, current.select(new)) for name in reference.columns if name not in current.columns
    ]
    for name in reference.columns:
        if name in current.columns and (finding := _retyped(reference[name], current[name])):
            findings.append(finding)
    findings.extend(
        Finding(
            kind="new_column",
            column=name,
            severity="info",
            sentence=f"Column {name!r} was not there before; it is not compared.",
            told=Told(code="new_column", values={"column": name}),
        )
        for name in new
    )
    return findings


def comparable(reference: pl.DataFrame, current: pl.DataFrame) -> list[str]:
    """Return the columns that both sides have, with types of one family and values on one side at least."""
    return [
        name
        for name in reference.columns
        if name in current.columns
        and not _retyped(reference[name], current[name])
        and not _emptied(reference[name], current[name])
        and (len(present(reference[name])) or len(present(current[name])))
    ]


def row_findings(reference: pl.DataFrame, current: pl.DataFrame, *, identity: Sequence[str]) -> list[Finding]:
    """Return what is wrong with the rows as a whole and with single columns.

    Args:
        reference: At least one row.
        current: Any number of rows.
        identity: Columns that tell rows apart: duplicates are looked for among these.
    """
    if current.height < SMALLEST_WINDOW or reference.height < SMALLEST_WINDOW:
        return [_too_few(reference.height, current.height)]
    findings = [] if (repeated := repeated_rows(reference, current, identity)) is None else [repeated]
    for name in reference.columns:
        if name in current.columns and _emptied(reference[name], current[name]):
            findings.append(_empty(name, current.height))
    for name in comparable(reference, current):
        if _stuck(reference[name], current[name]):
            findings.append(_constant(name, present(current[name])[0]))
    return findings


def unseen_labels(name: str, reference: pl.Series, current: pl.Series) -> Finding | None:
    """Return the labels of a category column that the reference does not have.

    It warns where one of them is so frequent that chance would have shown it before (Fisher's
    exact test, corrected for the number of labels).
    """
    from scipy.stats import hypergeom

    before, now = labels(reference, current)
    new = now.filter(~now.is_in(before.unique().implode()))
    if new.is_empty() or before.is_empty():
        return None
    counts = new.value_counts(sort=True, name="rows")
    most, rows = int(counts["rows"][0]), len(before) + len(now)
    p = float(hypergeom.pmf(most, rows, len(now), most)) * pl.concat([before, now]).n_unique()
    surprising, first = p < _SURPRISING, counts["label"].head(3).to_list()
    return Finding(
        kind="unseen_values",
        column=name,
        severity="warning" if surprising else "info",
        sentence=f"Column {name!r} has {len(new)} of {len(now)} values never seen before, such as {first}.",
        told=Told(
            code="unseen_values",
            values={"column": name, "count": len(new), "rows": len(now), "labels": ", ".join(first)},
        ),
    )


def unit_change(column: ColumnReport, reference: pl.Series, current: pl.Series) -> Finding | None:
    """Return the factor by which a drifted number looks multiplied, where dividing by it leaves no drift."""
    if column.kind not in ("number", "duration"):
        return None
    pair = numbers(reference, current)
    before, now = (side + float(pair.origin) for side in (pair.before, pair.now))
    middles = [median(before), median(now)]
    if 0.0 in middles or not all(map(math.isfinite, middles)):
        return None
    for factor in (*_UNITS, *(1 / unit for unit in _UNITS)):
        near = abs(middles[1] / middles[0] / factor - 1) < _NEAR_UNIT
        if near and (compare_numbers(before, now / factor).p or 0) > _UNDONE:
            return Finding(
                kind="unit_change",
                column=column.name,
                severity="error",
                sentence=f"Column {column.name!r} looks multiplied by {factor:.6g}: has its unit changed?",
                told=Told(code="unit_change", values={"column": column.name, "factor": f"{factor:.6g}"}),
            )
    return None


def _missing(name: str, reference: pl.DataFrame, new: pl.DataFrame) -> Finding:
    alike = [other for other in new.columns if family(new[other]) == family(reference[name])]
    folded = {other.casefold(): other for other in alike}
    near = difflib.get_close_matches(name.casefold(), folded, n=1)
    renamed = folded[near[0]] if near else alike[0] if len(new.columns) == 1 and alike else None
    guess = f"; was it renamed to {renamed!r}?" if renamed else "."
    told = Told(code="missing_column", values={"column": name})
    if renamed:
        told = Told(code="renamed_column", values={"column": name, "renamed": renamed})
    return Finding(
        kind="missing_column",
        column=name,
        severity="error",
        sentence=f"Column {name!r} is missing{guess}",
        told=told,
    )


def _retyped(reference: pl.Series, current: pl.Series) -> Finding | None:
    before, now = family(reference), family(current)
    alike = before == now and (before != "other" or reference.dtype.base_type() == current.dtype.base_type())
    if alike or "empty" in (before, now) or not len(present(current)):
        return None
    return Finding(
        kind="type_change",
        column=reference.name,
        severity="error",
        sentence=f"Column {reference.name!r} was {reference.dtype} and is now {current.dtype}.",
        told=Told(
            code="type_change",
            values={"column": reference.name, "before": str(reference.dtype), "now": str(current.dtype)},
        ),
    )


def _emptied(reference: pl.Series, current: pl.Series) -> bool:
    return bool(len(present(reference)) and len(current) and not len(present(current)))


def _empty(name: str, rows: int) -> Finding:
    return Finding(
        kind="all_null",
        column=name,
        severity="error",
        sentence=f"Column {name!r} has no value in any of {rows} rows.",
        told=Told(code="all_null", values={"column": name, "rows": rows}),
    )


def _stuck(reference: pl.Series, current: pl.Series) -> bool:
    """Tell whether all rows now have one value although, before, no value had nine of ten rows."""
    known = present(current)
    before = present(reference)
    if len(known) < SMALLEST_WINDOW or known.n_unique() > 1 or before.is_empty():
        return False
    most = before.rename("value").value_counts(name="rows")["rows"].max()
    return float(most) < 0.9 * len(before)  # type: ignore[arg-type]


def _constant(name: str, value: object) -> Finding:
    return Finding(
        kind="constant",
        column=name,
        severity="warning",
        sentence=f"Column {name!r} is {value!r} in every row.",
        told=Told(code="constant", values={"column": name, "value": str(value)}),
    )


def _too_few(reference_rows: int, rows: int) -> Finding:
    which, count = ("the reference has", reference_rows) if rows >= SMALLEST_WINDOW else ("there are", rows)
    code = "too_few_reference_rows" if rows >= SMALLEST_WINDOW else "too_few_rows"
    return Finding(
        kind="too_few_rows",
        severity="info",
        sentence=f"Too few rows to compare distributions: {which} {count}, and {SMALLEST_WINDOW} are needed.",
        told=Told(code=code, values={"rows": count, "needed": SMALLEST_WINDOW}),
    )
