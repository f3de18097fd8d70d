"""What a report says: the right column, in the right order, for the right reason."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from engine.errors import MonitoringError
from engine.monitoring import Clock, drift_report


def report_of(reference, current, **options):
    return drift_report(reference, current, service="churn", window="last day", **options)


def test_rows_that_are_alike_do_not_drift(pair):
    report = report_of(*pair)
    assert (report.drifted, report.action, report.diagnosis.stage) == (False, "none", "none")
    assert report.quality == ()


def test_the_document_is_the_one_scripts_rely_on(pair):
    document = json.loads(json.dumps(report_of(*pair).document()))
    assert {"service", "window", "rows", "drifted", "columns", "quality", "diagnosis", "action"} <= set(document)
    assert {"name", "test", "statistic", "p", "effect", "drifted"} <= set(document["columns"][0])
    assert set(document["diagnosis"]) >= {"stage", "node", "sentence"}


def test_drifted_columns_lead_and_the_largest_effect_leads_them(pair):
    reference, current = pair
    moved = current.with_columns(pl.col("age") + 6, pl.col("spend") * 4.4)
    report = report_of(reference, moved)
    assert [column.name for column in report.columns][:2] == ["spend", "age"]
    assert [column.drifted for column in report.columns] == [True, True, False, False, False]


def test_the_diagnosis_names_the_column_and_the_node_that_reads_it(pair):
    reference, current = pair
    report = report_of(reference, current.with_columns(pl.col("age") + 9), nodes={"age": "fill"})
    assert (report.diagnosis.stage, report.diagnosis.node) == ("data", "fill")
    assert "'age'" in report.diagnosis.sentence


def test_predictions_that_drift_alone_point_at_the_model(pair):
    reference, current = pair
    answers = pl.Series("prediction", ["yes", "no"] * (current.height // 2))
    report = report_of(reference, current.with_columns(answers))
    assert report.diagnosis.stage == "model"
    assert [column.role for column in report.columns if column.drifted] == ["prediction"]


def test_predictions_that_follow_their_data_are_explained_by_it(pair):
    reference, current = pair
    answers = pl.Series("prediction", ["yes", "no"] * (current.height // 2))
    report = report_of(reference, current.with_columns(answers, pl.col("age") + 9))
    assert report.diagnosis.stage == "data"
    assert "predictions moved" in report.diagnosis.sentence


def test_a_file_without_predictions_is_no_fault(pair):
    reference, current = pair
    report = report_of(reference, current.drop("prediction"))
    assert (report.quality, report.action) == ((), "none")


def test_an_ignored_column_is_not_missed(pair):
    reference, current = pair
    report = report_of(reference, current.drop("active"), ignore=["active"])
    assert report.quality == ()
    assert "active" not in {column.name for column in report.columns}


def test_gaps_that_grow_are_drift_of_their_own(pair):
    reference, current = pair
    gaps = np.random.default_rng(1).random(current.height) < 0.1
    holed = current.with_columns(age=pl.when(pl.Series(gaps)).then(None).otherwise("age"))
    worst = report_of(reference, holed).columns[0]
    assert (worst.name, worst.test, worst.drifted) == ("age", "missing", True)
    assert "missing" in worst.sentence


def hours(first, count):
    return [first + timedelta(hours=i) for i in range(count)]


def test_time_that_goes_on_is_no_drift_and_is_said():
    reference = pl.DataFrame({"at": hours(datetime(2026, 1, 1), 1000)})  # noqa: DTZ001
    current = pl.DataFrame({"at": hours(datetime(2026, 3, 1), 200)})  # noqa: DTZ001
    report = report_of(reference, current)
    column = report.columns[0]
    assert (report.drifted, report.action, column.verdict, column.effect) == (False, "none", "later", 1.0)
    assert "2026-03-05" in column.sentence
    assert "'at'" in report.diagnosis.sentence
    assert column.histogram is not None


ASKED = Clock(now=datetime(2026, 4, 1, tzinfo=UTC), before=datetime(2026, 2, 12, tzinfo=UTC))


@pytest.mark.parametrize(("year", "drifted"), [(2026, False), (2036, True)])
def test_a_date_beyond_the_time_of_asking_did_not_only_go_on(year, drifted):
    reference = pl.DataFrame({"on": hours(datetime(2026, 1, 1), 1000)})  # noqa: DTZ001
    current = pl.DataFrame({"on": hours(datetime(year, 3, 1), 200)})  # noqa: DTZ001
    assert report_of(reference, current, clock=ASKED).drifted is drifted


def test_dates_that_lay_ahead_may_lie_as_far_ahead_now():
    due, later = (pl.DataFrame({"due": hours(datetime(2026, month, 1), 700)}) for month in (5, 6))  # noqa: DTZ001
    assert not report_of(due, later, clock=ASKED).drifted


@pytest.mark.parametrize("unit", ["date", "datetime", "zoned"])
def test_dates_of_another_time_drift(unit):
    casts = {"date": lambda c: c.dt.date(), "datetime": lambda c: c, "zoned": lambda c: c.dt.replace_time_zone("UTC")}
    reference, current = (
        pl.DataFrame({"born": hours(datetime(1980 - shift, 1, 1), 1000)}).select(casts[unit](pl.col("born")))  # noqa: DTZ001
        for shift in (0, 5)
    )
    worst = report_of(reference, current).columns[0]
    assert (worst.kind, worst.drifted) == ("date", True)


def test_numbers_of_rows_are_not_compared():
    reference, current = pl.DataFrame({"id": range(1000)}), pl.DataFrame({"id": range(5000, 5400)})
    report = report_of(reference, current)
    assert (report.columns[0].kind, report.action) == ("identifier", "none")


def test_text_is_compared_by_its_length():
    reference = pl.DataFrame({"note": [f"{i:04} short" for i in range(500)]})
    current = pl.DataFrame({"note": [f"{i:04} rather longer than before" for i in range(500)]})
    worst = report_of(reference, current).columns[0]
    assert (worst.kind, worst.test, worst.drifted) == ("text", "ks", True)


def test_an_integer_and_a_boolean_of_the_same_values_are_alike():
    flags = np.random.default_rng(4).random(1000) < 0.3
    report = report_of(pl.DataFrame({"flag": flags}), pl.DataFrame({"flag": flags.astype(int)}))
    assert (report.drifted, report.quality) == (False, ())


def test_a_wider_spread_is_said_in_words():
    random = np.random.default_rng(6)
    values = np.concatenate([np.zeros(501), random.normal(size=499)])
    reference = pl.DataFrame({"x": values})
    current = pl.DataFrame({"x": np.where(values == 0, 0, values * 40)})
    worst = report_of(reference, current).columns[0]
    assert worst.histogram is not None
    assert sum(worst.histogram.reference) == pytest.approx(1.0)


def test_a_report_without_a_reference_is_refused(pair):
    with pytest.raises(MonitoringError, match="no rows") as caught:
        report_of(pair[0].clear(), pair[1])
    assert caught.value.hint


def test_a_column_that_was_empty_and_has_values_now_is_told(pair):
    reference, current = pair
    report = report_of(reference.with_columns(age=pl.lit(None, dtype=pl.Float64)), current)
    assert (report.columns[0].name, report.columns[0].test, report.drifted) == ("age", "missing", True)
    assert "100.0% before" in report.columns[0].sentence


def test_a_column_that_is_empty_on_both_sides_is_nothing(pair):
    reference, current = (table.with_columns(age=pl.lit(None, dtype=pl.Float64)) for table in pair)
    report = report_of(reference, current)
    assert (report.action, "age" in {column.name for column in report.columns}) == ("none", False)


def test_predictions_without_any_before_are_not_compared(pair):
    reference, current = pair
    report = report_of(reference.with_columns(prediction=pl.lit(None, dtype=pl.String)), current)
    assert (report.action, "prediction" in {column.name for column in report.columns}) == ("none", False)
