"""The report: current rows against the reference of a model, column by column, weighed together.

The p values of all tests of a report go through the Benjamini-Hochberg procedure, so that where
nothing drifted at most `ALPHA` of all reports alarm, however many columns there are. What is
certain must also be large enough to matter: with 50,000 rows a shift of a twentieth of a
standard deviation is certain, and negligible.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from engine.errors import MonitoringError
from engine.monitoring.aligned import Numbers, labels, median, nanoseconds_of, numbers
from engine.monitoring.compare import compare_categories, compare_missing, compare_numbers
from engine.monitoring.diagnosis import diagnose
from engine.monitoring.histograms import histogram
from engine.monitoring.kinds import kind_of, present
from engine.monitoring.quality import (
    SMALLEST_WINDOW,
    comparable,
    ranked,
    row_findings,
    schema_findings,
    unit_change,
    unseen_labels,
)
from engine.monitoring.values import ColumnReport, Comparison, DriftReport, Finding, Kind
from engine.monitoring.wording import sentence_of

ALPHA = 0.05
"""Share of reports that may alarm where nothing drifted."""
GATES: Mapping[str, float] = {"ks": 0.05, "chi2": 0.05, "missing": 0.02}
"""Effects below these are negligible, however certain."""
_DAY: Final = 86_400 * 10**9  # nanoseconds


@dataclass(frozen=True)
class _Compared:
    """A column with its raw comparisons, before they are weighed with the others', and what needs no weighing."""

    name: str
    kind: Kind
    comparisons: tuple[Comparison, ...]
    later: Comparison | None = None


@dataclass(frozen=True)
class Clock:
    """When rows were asked, by which dates that only went on are told from others.

    Args:
        now: Until when the current rows were asked; an aware datetime.
        before: Until when those of the reference were, at the latest.
    """

    now: datetime
    before: datetime

    def latest(self, before: int) -> int:
        """Return how late a date may be that was `before` at the latest, in nanoseconds since 1970.

        It may come up to the present; a date that lay ahead (of a delivery) may lie as far ahead now.
        """
        ahead = max(0, before - nanoseconds_of(self.before))
        return nanoseconds_of(self.now) + ahead + _DAY


def drift_report(
    reference: pl.DataFrame,
    current: pl.DataFrame,
    *,
    service: str,
    window: str,
    predictions: Sequence[str] | None = None,
    ignore: Iterable[str] = (),
    nodes: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> DriftReport:
    """Compare current rows with the reference a model was made from.

    Args:
        reference: Rows as the pipeline's source gives them. Its predictions should be of rows the model did not
            learn from: on those it did learn from, it is surer of itself than ever after. They may be fewer than
            the rows, null below the last: columns are compared each by itself.
        current: Rows a service was asked about, or of a file, with or without predictions.
        service: Name of the service.
        window: Which rows `current` are, in words or as an interval.
        predictions: Columns that the model answered; by default `prediction` and `probability_*`.
        ignore: Columns to leave out, such as the target.
        nodes: The node of the pipeline that reads a column first, by name of the column.
        clock: When the rows were asked. Dates later than all before only went on, unless they lie beyond this.

    Raises:
        MonitoringError: The reference has no rows or no columns.
    """
    if reference.is_empty() or not reference.columns:
        raise MonitoringError(
            f"The reference of service {service!r} has no rows.",
            hint="Register the model again: its training rows are the reference.",
        )
    answered = _answered(reference, current, predictions)
    reference, current = _narrowed(reference, current, answered, frozenset(ignore))
    before = _compared_before(reference, current, answered)
    columns = _columns(before, current, answered, clock)
    quality = _quality(reference, current, answered, _value_findings(columns, before, current))
    alarming = any(column.drifted for column in columns) or any(f.severity != "info" for f in quality)
    return DriftReport(
        service=service,
        window=window,
        rows=current.height,
        reference_rows=reference.height,
        drifted=any(column.drifted for column in columns),
        columns=tuple(columns),
        quality=quality,
        diagnosis=diagnose(columns, quality, nodes or {}),
        action="notify" if alarming else "none",
        alpha=ALPHA,
    )


def _compared_before(reference: pl.DataFrame, current: pl.DataFrame, answered: frozenset[str]) -> dict[str, pl.Series]:
    """Return the columns of the reference that can be compared, by name; of predictions those that are there."""
    names = comparable(reference, current) if current.height else []
    before = {name: present(reference[name]) if name in answered else reference[name] for name in names}
    return {name: values for name, values in before.items() if name not in answered or len(values)}


def _columns(
    before: Mapping[str, pl.Series], current: pl.DataFrame, answered: frozenset[str], clock: Clock | None
) -> list[ColumnReport]:
    """Return what became of each column, those that drifted most first."""
    compared = [_compared(values, current[name], clock) for name, values in before.items()]
    columns = _ranked(_weighed(compared, before, current))
    return [c.model_copy(update={"role": "prediction"}) if c.name in answered else c for c in columns]


def _quality(
    reference: pl.DataFrame, current: pl.DataFrame, answered: frozenset[str], of_values: Iterable[Finding]
) -> tuple[Finding, ...]:
    """Return what is wrong with the rows, the worst first."""
    features = [name for name in reference.columns if name not in answered]
    findings = [*schema_findings(reference, current), *row_findings(reference, current, identity=features), *of_values]
    return ranked(findings)


def _answered(reference: pl.DataFrame, current: pl.DataFrame, predictions: Sequence[str] | None) -> frozenset[str]:
    if predictions is not None:
        return frozenset(predictions)
    names = {*reference.columns, *current.columns}
    return frozenset(name for name in names if name == "prediction" or name.startswith("probability_"))


def _narrowed(
    reference: pl.DataFrame, current: pl.DataFrame, answered: frozenset[str], ignored: frozenset[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Drop what is ignored, and predictions that only one side has: a file need not have any."""
    one_sided = {n for n in answered if (n in reference.columns) != (n in current.columns)}
    drop = ignored | one_sided
    return reference.drop(drop, strict=False), current.drop(drop, strict=False)


def _compared(reference: pl.Series, current: pl.Series, clock: Clock | None) -> _Compared:
    kind = kind_of(reference)
    if len(current) < SMALLEST_WINDOW or len(reference) < SMALLEST_WINDOW:
        return _Compared(reference.name, kind, ())
    before, now = present(reference), present(current)
    gaps = compare_missing((len(reference) - len(before), len(reference)), (len(current) - len(now), len(current)))
    values, later = Comparison(test="none"), None
    if min(len(before), len(now)) >= SMALLEST_WINDOW:
        values = _compared_values(kind, before, now)
        if kind == "date" and _went_on(numbers(before, now), clock):
            values, later = Comparison(test="none"), values.model_copy(update={"verdict": "later"})
    return _Compared(reference.name, kind, tuple(c for c in (values, gaps) if c.test != "none"), later)


def _compared_values(kind: Kind, before: pl.Series, now: pl.Series) -> Comparison:
    if kind == "category":
        return compare_categories(*labels(before, now))
    if kind in ("number", "date", "duration", "time", "text"):
        pair = numbers(before, now)
        return compare_numbers(pair.before, pair.now)
    return Comparison(test="none")


def _went_on(pair: Numbers, clock: Clock | None) -> bool:
    """Tell whether a date only went on: half the rows are later than all before, and not beyond the present."""
    middle, last = median(pair.now), float(pair.before.max())
    if middle <= last:
        return False
    return clock is None or pair.origin + int(middle) <= clock.latest(pair.origin + int(last))


def _weighed(
    compared: Sequence[_Compared], reference: Mapping[str, pl.Series], current: pl.DataFrame
) -> list[ColumnReport]:
    """Weigh the p values of all tests of the report together and decide each column."""
    from scipy.stats import false_discovery_control

    raw = [comparison.p for column in compared for comparison in column.comparisons]
    adjusted = iter(false_discovery_control(np.array(raw, dtype=np.float64)).tolist() if raw else [])
    reports = []
    for column in compared:
        tests = tuple(_judged(comparison, next(adjusted)) for comparison in column.comparisons)
        tests += () if column.later is None else (column.later,)
        reports.append(_decided(column, tests, reference[column.name], current[column.name]))
    return reports


def _judged(comparison: Comparison, adjusted: float) -> Comparison:
    matters = "drift" if comparison.effect >= GATES[comparison.test] else "negligible"
    verdict = matters if adjusted <= ALPHA else "stable"
    return comparison.model_copy(update={"p_adjusted": adjusted, "verdict": verdict})


def _decided(
    column: _Compared, tests: tuple[Comparison, ...], reference: pl.Series, current: pl.Series
) -> ColumnReport:
    weight = {"drift": 4, "negligible": 3, "later": 2, "stable": 1, "untested": 0}
    decisive = max(tests, key=lambda t: (weight[t.verdict], t.effect), default=Comparison(test="none"))
    sentence, told = sentence_of(column.name, column.kind, decisive, reference, current)
    return ColumnReport(
        **decisive.model_dump(),
        name=column.name,
        kind=column.kind,
        drifted=decisive.verdict == "drift",
        sentence=sentence,
        told=told,
        tests=tests,
        histogram=histogram(reference, current, column.kind),
    )


def _ranked(columns: Iterable[ColumnReport]) -> list[ColumnReport]:
    return sorted(columns, key=lambda column: (not column.drifted, -column.effect))


def _value_findings(
    columns: Sequence[ColumnReport], reference: Mapping[str, pl.Series], current: pl.DataFrame
) -> Iterable[Finding]:
    for column in columns:
        before, now = reference[column.name], current[column.name]
        finding = unseen_labels(column.name, before, now) if column.kind == "category" else None
        if column.drifted and column.test == "ks":
            finding = unit_change(column, before, now)
        if finding:
            yield finding
