"""How often a report alarms where nothing drifted, and how seldom it misses what did."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom

from engine.monitoring import drift_report

REFERENCE_ROWS = 2000


def alarms(random, mixed, rows, trials):
    """Count the null reports that notify for any reason: drift, or a finding about quality."""
    count = 0
    for _ in range(trials):
        report = drift_report(mixed(random, REFERENCE_ROWS), mixed(random, rows), service="s", window="null")
        count += report.action != "none"
    return count


@pytest.mark.parametrize("rows", [50, 100, 500, 2000])
def test_null_reports_seldom_alarm(mixed, rows):
    trials = 60
    allowed = binom.ppf(0.999, trials, 0.05)  # a sound report fails this one time in a thousand
    assert alarms(np.random.default_rng(rows), mixed, rows, trials) <= allowed


@pytest.mark.slow
@pytest.mark.parametrize("rows", [50, 100, 500, 2000, 50_000])
@pytest.mark.timeout(1800)
def test_at_most_one_null_report_in_twenty_alarms(mixed, rows):
    trials = 1000
    assert alarms(np.random.default_rng(rows + 1), mixed, rows, trials) <= 0.065 * trials


def shifted(by):
    return lambda random, n: (random.normal(size=n), random.normal(by, size=n))


def scaled(random, n):
    return random.normal(size=n), random.normal(scale=1.5, size=n)


def grown_share(random, n):
    return tuple(np.where(random.random(n) < share, "a", "b") for share in (0.2, 0.3))


def more_gaps(random, n):
    return tuple(np.where(random.random(n) < share, np.nan, random.normal(size=n)) for share in (0.01, 0.05))


def new_category(random, n):
    return random.choice(["a", "b"], size=n), random.choice(["a", "b", "new"], size=n, p=[0.475, 0.475, 0.05])


POWER = [
    ("half a deviation", shifted(0.5), 500, 0.95),
    ("a fifth of a deviation", shifted(0.2), 2000, 0.80),
    ("scale", scaled, 1000, 0.95),
    ("share of a category", grown_share, 1000, 0.90),
    ("missing", more_gaps, 2000, 0.95),
]


def named_share(change, rows, mixed, trials):
    """Return the share of reports that name the one column that changed, among 19 others that did not."""
    random, named = np.random.default_rng(rows), 0
    for _ in range(trials):
        before, now = change(random, rows)
        reference = mixed(random, rows, 19).with_columns(pl.Series("guilty", before))
        current = mixed(random, rows, 19).with_columns(pl.Series("guilty", now))
        report = drift_report(reference, current, service="s", window="power")
        named += any(column.drifted and column.name == "guilty" for column in report.columns)
    return named / trials


@pytest.mark.parametrize(("change", "rows", "power"), [row[1:] for row in POWER], ids=[row[0] for row in POWER])
def test_a_change_is_detected_and_its_column_named(mixed, change, rows, power):
    trials = 40
    required = binom.ppf(0.001, trials, power) / trials
    assert named_share(change, rows, mixed, trials) >= required


@pytest.mark.slow
@pytest.mark.parametrize(("change", "rows", "power"), [row[1:] for row in POWER], ids=[row[0] for row in POWER])
def test_power_over_many_trials(mixed, change, rows, power):
    assert named_share(change, rows, mixed, 300) >= power


def test_a_new_category_is_always_named(mixed):
    random = np.random.default_rng(5)
    for _ in range(30):
        before, now = new_category(random, 1000)
        reference = mixed(random, 1000, 5).with_columns(pl.Series("guilty", before))
        current = mixed(random, 1000, 5).with_columns(pl.Series("guilty", now))
        report = drift_report(reference, current, service="s", window="power")
        named = {finding.column for finding in report.quality if finding.kind == "unseen_values"}
        assert "guilty" in named
        assert report.action == "notify"


def test_a_certain_but_tiny_shift_is_negligible_and_no_alarm():
    random = np.random.default_rng(3)
    reference = pl.DataFrame({"x": random.normal(size=50_000)})
    current = pl.DataFrame({"x": random.normal(0.05, size=50_000)})
    report = drift_report(reference, current, service="s", window="w")
    assert report.columns[0].verdict == "negligible"
    assert (report.drifted, report.action) == (False, "none")
    assert "negligible" in report.diagnosis.sentence
