"""Tables with columns of names that the code uses itself are described, drawn, compared, signed and asked about."""

import json
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from engine.data.charts.rows import chart_rows
from engine.data.charts.spec import ChartSpec
from engine.data.profiling import profile_table
from engine.data.suggesting import suggestions_of
from engine.monitoring.drift import drift_report
from engine.serving.sampling import sample
from engine.serving.signature import signature_of
from engine.serving.slice import Slice
from operators.contract.step import Step
from operators.contract.tables import lazy
from operators.learners.fitting import fit_model
from operators.transform.join_tables import JoinTables
from tests.column_names import NAMES

ROWS, WIDTH = 200, 6


def table_called(names):
    """A number, a text, a date, a flag, a whole number and a label."""
    drawn = np.random.default_rng(0)
    label = drawn.choice(["a", "b"], ROWS)
    columns = (
        drawn.normal(size=ROWS) + (label == "a"),
        drawn.choice(["u", "v", "w"], ROWS),
        [date(2024, 1, 1) + timedelta(days=int(day)) for day in drawn.integers(0, 100, ROWS)],
        drawn.random(ROWS) < 0.4,
        drawn.integers(0, 9, ROWS),
        label,
    )
    return pl.DataFrame(dict(zip(names, columns, strict=True)))


@pytest.fixture(params=range(0, len(NAMES), 4), ids=lambda start: NAMES[start])
def names(request):
    """Six names, one after the other in the list."""
    return [NAMES[(request.param + place) % len(NAMES)] for place in range(WIDTH)]


def test_a_profile_suggestions_and_charts_take_columns_of_any_name(tmp_path, names):
    path = tmp_path / "table.parquet"
    table_called(names).write_parquet(path)
    profile = profile_table(path)
    assert [column["name"] for column in profile["columns"]] == names
    suggestions_of(profile)
    number, text, day, flag, whole, _ = names
    for spec in (
        {"kind": "histogram", "x": number, "colour": text},
        {"kind": "bar", "x": text, "y": number, "aggregate": "mean"},
        {"kind": "bar", "x": flag},
        {"kind": "box", "x": text, "y": whole},
        {"kind": "scatter", "x": number, "y": whole, "colour": text},
        {"kind": "line", "x": day, "y": number, "aggregate": "sum"},
        {"kind": "correlation"},
        {"kind": "missing"},
    ):
        assert json.dumps(chart_rows(path, ChartSpec(**spec), ROWS), allow_nan=False)


def test_a_drift_report_finds_what_drifted_in_columns_of_any_name(names):
    table = table_called(names)
    now = table.tail(100).with_columns(pl.lit("new").alias(names[1]), (pl.col(names[0]) + 9).alias(names[0]))
    report = drift_report(table.head(100), now, service="s", window="w", predictions=[])
    assert {column.name for column in report.columns if column.drifted} == set(names[:2])
    assert {column.name for column in report.columns} == set(names)


def test_a_model_of_columns_of_any_name_has_a_signature_and_answers(names):
    table = table_called(names)
    piece = Slice.build(table.schema, (), fit_model(table, names[-1], "classification", "linear"))
    signature = signature_of(piece, table)
    assert [field.name for field in signature.inputs] == names[:-1]
    assert set(next(field.top for field in signature.inputs if field.name == names[1])) == {"u", "v", "w"}
    assert piece.answer([signature.example_row()])[0]["prediction"] in {"a", "b"}


def test_rows_are_numbered_beside_columns_called_as_the_numbers_are():
    rows = pl.DataFrame({"tandem row": [2, 1], "tandem place": [5, 6], "y": ["a", "b"]})
    assert sample(rows.lazy(), 1).columns == rows.columns
    beside = {"right": lazy(pl.DataFrame({"tandem row": [1, 2], "tandem row_": [0, 9]}))}
    step = Step("join", JoinTables(on=("tandem row",), right_unique=True), None, beside)
    model = fit_model(pl.DataFrame({"tandem row_": [0, 9] * 5, "y": ["b", "a"] * 5}), "y", "classification", "linear")
    assert Slice.build(rows.schema, (step,), model).predict(rows)["prediction"].to_list() == ["a", "b"]
