"""Faults of the rows are named for what they are, apart from drift, and never end in an exception."""

import numpy as np
import polars as pl
import pytest

from engine.monitoring import drift_report


def report_of(reference, current):
    return drift_report(reference, current, service="churn", window="test")


def findings(report):
    return {(finding.kind, finding.column) for finding in report.quality}


def test_a_column_without_values_is_a_fault_and_not_drift(pair):
    reference, current = pair
    report = report_of(reference, current.with_columns(age=pl.lit(None, dtype=pl.Float64)))
    assert findings(report) == {("all_null", "age")}
    assert not report.drifted
    assert (report.diagnosis.stage, report.action) == ("data", "notify")


def test_a_column_of_no_type_is_without_values(pair):
    reference, current = pair
    report = report_of(reference, current.with_columns(plan=pl.lit(None)))
    assert findings(report) == {("all_null", "plan")}


def test_a_renamed_column_is_missing_and_its_new_name_is_guessed(pair):
    reference, current = pair
    report = report_of(reference, current.rename({"age": "Age"}))
    assert findings(report) == {("missing_column", "age"), ("new_column", "Age")}
    assert "'Age'" in report.diagnosis.sentence
    assert (report.diagnosis.stage, report.drifted) == ("schema", False)


def test_a_column_of_another_type_is_not_compared(pair):
    reference, current = pair
    report = report_of(reference, current.with_columns(pl.col("age").cast(pl.String)))
    assert findings(report) == {("type_change", "age")}
    assert "age" not in {column.name for column in report.columns}
    assert report.diagnosis.stage == "schema"


def test_another_width_of_the_same_type_is_no_fault(pair):
    reference, current = pair
    report = report_of(reference, current.with_columns(pl.col("age").cast(pl.Float32)))
    assert (findings(report), report.action) == (set(), "none")


def test_a_batch_that_came_twice_is_named(pair):
    reference, current = pair
    report = report_of(reference, pl.concat([current, current]))
    assert ("duplicate_rows", None) in findings(report)
    assert "batch" in report.diagnosis.sentence


def test_rows_that_always_repeated_are_no_fault():
    random = np.random.default_rng(2)
    tables = [pl.DataFrame({"plan": random.choice(["a", "b"], size=rows)}) for rows in (2000, 500)]
    assert report_of(*tables).quality == ()


@pytest.mark.parametrize("factor", [1000.0, 0.01, 60.0])
def test_a_changed_unit_is_told_from_drift(pair, factor):
    reference, current = pair
    report = report_of(reference, current.with_columns(pl.col("spend") * factor))
    assert findings(report) == {("unit_change", "spend")}
    assert f"{factor:.6g}" in report.diagnosis.sentence
    assert [column.name for column in report.columns if column.drifted] == ["spend"]


def test_an_ordinary_shift_is_no_change_of_unit(pair):
    reference, current = pair
    report = report_of(reference, current.with_columns(pl.col("age") * 1.5))
    assert report.drifted
    assert findings(report) == set()


@pytest.mark.parametrize("rows", [1, 5, 29])
def test_a_tiny_window_says_so_and_does_not_alarm(pair, rows):
    reference, current = pair
    report = report_of(reference, current.head(rows).with_columns(age=pl.lit(1e9)))
    assert findings(report) == {("too_few_rows", None)}
    assert (report.drifted, report.action) == (False, "none")
    assert "Too few rows" in report.diagnosis.sentence


def test_no_rows_at_all_is_a_tiny_window(pair):
    for nothing in (pair[1].clear(), pl.DataFrame()):
        report = report_of(pair[0], nothing)
        assert (report.rows, report.action) == (0, "none")
        assert findings(report) == {("too_few_rows", None)}


def test_a_tiny_window_still_names_a_missing_column(pair):
    reference, current = pair
    assert report_of(reference, current.head(3).drop("age")).diagnosis.stage == "schema"


def test_a_sensor_that_is_stuck_is_named(pair):
    reference, current = pair
    report = report_of(reference, current.with_columns(age=pl.lit(37.0)))
    assert ("constant", "age") in findings(report)


def test_single_new_labels_are_told_but_do_not_alarm(pair):
    reference, current = pair
    plans = ["ultra", *current["plan"].to_list()[1:]]
    report = report_of(reference, current.with_columns(plan=pl.Series(plans)))
    assert findings(report) == {("unseen_values", "plan")}
    assert report.action == "none"


@pytest.mark.parametrize("values", [[[1], [2]], [b"a", b"b"]], ids=["lists", "bytes"])
def test_values_without_a_test_are_left_alone(values):
    reference = pl.DataFrame({"odd": values * 50})
    report = report_of(reference, reference)
    assert report.columns[0].verdict == "untested"


def test_nested_and_duplicate_rows_do_not_raise():
    reference = pl.DataFrame({"odd": [{"a": 1}, {"a": 2}] * 50, "x": range(100)})
    assert report_of(reference, reference).drifted is False
