"""Values that are equal do not drift, whatever their types and sizes; values that differ do."""

import datetime as dt
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.monitoring import drift_report

LARGEST = 1.7976931348623157e308


def report_of(before, now):
    return drift_report(pl.DataFrame({"x": before}), pl.DataFrame({"x": now}), service="s", window="w")


def seconds(random, low, high, unit="us"):
    return (pl.Series(random.integers(low, high, 2000)) * {"ms": 1000, "us": 10**6}[unit]).cast(pl.Duration(unit))


def clock(random, low, high):
    return (pl.Series(random.integers(low, high, 2000)) * 10**9).cast(pl.Time)


@pytest.fixture
def random():
    return np.random.default_rng(7)


def _durations(random):
    seconds = pl.Series(random.integers(0, 600, 2000))
    return (seconds * 10**6).cast(pl.Duration("us")), (seconds * 1000).cast(pl.Duration("ms"))


def _few_floats(random):
    return pl.Series(random.integers(0, 8, 2000) / 10, dtype=pl.Float32), random.integers(0, 8, 2000) / 10


def _many_floats(random):
    return random.integers(0, 12, 2000) / 10, pl.Series(random.integers(0, 12, 2000) / 10, dtype=pl.Float32)


def _decimals(random):
    cents = random.integers(0, 900, 1000)
    return pl.Series([Decimal(int(cent)) / 100 for cent in cents], dtype=pl.Decimal(20, 2)), cents / 100


def _scales(random):
    units = [Decimal(int(unit)) for unit in random.integers(0, 5, 1000)]
    return pl.Series(units, dtype=pl.Decimal(20, 0)), pl.Series(units, dtype=pl.Decimal(20, 4))


def _sentinels(random):
    return (np.r_[random.normal(size=1000), [LARGEST] * 50, [-LARGEST] * 50] for _ in range(2))


def _dates(random):
    days = [dt.date(2020, 1, 1) + dt.timedelta(int(day)) for day in random.integers(0, 900, 1000)]
    return days, pl.Series(days).cast(pl.Datetime("ns"))


ALIKE = {
    "durations in ms and us": _durations,
    "few values as float32 and float64": _few_floats,
    "many values as float64 and float32": _many_floats,
    "decimals and floats": _decimals,
    "decimals of two scales": _scales,
    "zeros with and without a sign": lambda _: ([0.0, 1.0] * 500, [-0.0, 1.0] * 500),
    "large integers close together": lambda random: (10**17 + random.integers(0, 200, 2000) for _ in range(2)),
    "few large integers": lambda random: (10**16 + random.integers(0, 30, 2000) for _ in range(2)),
    "large floats close together": lambda random: (1e16 + 2.0 * random.integers(0, 30, 2000) for _ in range(2)),
    "unsigned beyond int64": lambda random: (pl.Series(random.integers(2**63, 2**63 + 500, 2000, np.uint64)),) * 2,
    "sentinels as large as numbers can be": _sentinels,
    "infinities": lambda random: (np.r_[random.normal(size=1000), [np.inf] * 30, [-np.inf] * 30] for _ in range(2)),
    "days and moments": _dates,
    "days far from here": lambda _: ([dt.date(1, 1, 1), dt.date(9999, 12, 31)] * 500,) * 2,
}


@pytest.mark.parametrize("make", ALIKE.values(), ids=ALIKE)
def test_what_is_alike_does_not_drift(make, random):
    report = report_of(*make(random))
    assert (report.action, report.columns[0].verdict) == ("none", "stable")


DIFFERENT = {
    "durations beyond all before": lambda r: (seconds(r, 0, 600), seconds(r, 6000, 6600)),
    "durations of another unit that are longer": lambda r: (seconds(r, 0, 600), seconds(r, 900, 1500, "ms")),
    "times later than all before": lambda r: (clock(r, 0, 21_600), clock(r, 43_200, 64_800)),
    "large ids as labels": lambda _: ([2**53, 2**53 + 1] * 500, [2**53] * 50 + [2**53 + 1] * 950),
    "large integers that moved by little": lambda r: tuple(10**17 + r.integers(by, 200 + by, 2000) for by in (0, 20)),
    "large decimals that moved by little": lambda r: tuple(
        pl.Series([Decimal(10**20 + int(n)) for n in r.integers(low, low + 200, 1000)], dtype=pl.Decimal(38, 2))
        for low in (0, 40)
    ),
    "half of many categories gone": lambda r: tuple(
        np.char.add("c", r.integers(0, labels, size).astype(str)) for labels, size in ((500, 20_000), (250, 1000))
    ),
    "booleans": lambda r: (r.random(1000) < 0.3, r.random(1000) < 0.6),
    "values near the largest": lambda r: (r.random(1000) * LARGEST, r.random(1000) * LARGEST / 2),
}  # fmt: skip


@pytest.mark.parametrize("make", DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_drifts(make, random):
    report = report_of(*make(random))
    column = report.columns[0]
    assert (column.drifted, report.action) == (True, "notify")
    assert "nan" not in column.sentence
    assert column.histogram is not None
    assert len(set(column.histogram.labels)) == len(column.histogram.labels)


def test_medians_are_said_with_as_many_digits_as_tell_them_apart(random):
    report = report_of(10**17 + random.integers(0, 200, 2001), 10**17 + random.integers(50, 250, 2001))
    before, now = report.columns[0].told.values["change"].values.values()
    assert before != now
    assert {len(before), len(now)} == {18}


def test_durations_are_said_as_clocks_show_them():
    report = report_of([dt.timedelta(hours=hour % 40) for hour in range(999)], [dt.timedelta(hours=100)] * 99)
    assert "100:00:00, 19:00:00 before" in report.columns[0].sentence


def test_a_column_of_another_nested_type_is_named():
    report = report_of([[1], [2]] * 50, [{"a": 1}, {"a": 2}] * 50)
    assert [finding.kind for finding in report.quality] == ["type_change"]


@pytest.mark.parametrize("name", ["rows", "count", "label", "share", "n", "value", "reference", "current", "len"])
def test_a_column_may_be_called_as_the_code_calls_its_own(name):
    reference, current = pl.DataFrame({name: ["a", "b"] * 500}), pl.DataFrame({name: ["a", "c"] * 500})
    report = drift_report(reference, current, service="s", window="w")
    stuck = drift_report(
        pl.DataFrame({name: range(0, 9000, 3)}), pl.DataFrame({name: [1] * 100}), service="s", window="w"
    )
    assert report.columns[0].drifted
    assert "constant" in {finding.kind for finding in stuck.quality}


whole = st.lists(st.integers(-(2**63), 2**63 - 1), min_size=40, max_size=80)


@given(whole, st.integers(-(2**63), 2**63 - 1), st.sampled_from([pl.Int64, pl.Float64, pl.Float32]))
def test_no_numbers_break_a_report(values, other, dtype):
    report = report_of(pl.Series(values, dtype=pl.Int64), pl.Series([other, *values[1:]]).cast(dtype))
    assert report.rows == len(values)


@given(st.lists(st.floats(allow_nan=True), min_size=40, max_size=60), st.lists(st.floats(), min_size=40, max_size=60))
def test_no_floats_break_a_report(before, now):
    assert report_of(before, now).document()["rows"] == len(now)
