"""A model and the frame it gives its learner."""

import datetime as dt
import pickle

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from operators.contract.errors import ColumnTypeError, MissingColumnError
from operators.contract.tables import Column
from operators.contract.values.model import Model, features_frame
from operators.learners.fitting import fit_model
from operators.learners.learnt import BLOCK
from operators.registry import BUILTIN

MOMENT = dt.datetime(2024, 5, 6, 7, 8, 9)  # noqa: DTZ001 - a table without time zones
DAY = dt.date(2024, 5, 6)
SECONDS = MOMENT.replace(tzinfo=dt.UTC).timestamp()
MIDNIGHT = SECONDS - 7 * 3600 - 8 * 60 - 9


@pytest.mark.parametrize(
    ("kind", "values", "wanted"),
    [
        ("int64", pl.Series([1, None], dtype=pl.Int8), [1.0, None]),
        ("float32", ["1.5", None], [1.5, None]),
        ("int64", [1.5], [1.5]),
        ("int64", [True, False], [1.0, 0.0]),
        ("int64", [None], [None]),
        ("boolean", [True, None], [1.0, None]),
        ("boolean", [1, 0], [1.0, 0.0]),
        ("datetime", [MOMENT, None], [SECONDS, None]),
        ("datetime", pl.Series([MOMENT], dtype=pl.Datetime("ns", "UTC")), [SECONDS]),
        ("datetime", pl.Series([MOMENT], dtype=pl.Datetime("ms")), [SECONDS]),
        ("datetime", ["2024-05-06T07:08:09"], [SECONDS]),
        ("date", [DAY], [MIDNIGHT]),
        ("date", [MOMENT], [SECONDS]),
        ("date", ["2024-05-06"], [MIDNIGHT]),
        ("duration", pl.Series([dt.timedelta(seconds=1.5)], dtype=pl.Duration("ms")), [1.5]),
        ("time", [dt.time(1, 2, 3)], [3723.0]),
        ("string", ["a", None], ["a", None]),
        ("string", [12], ["12"]),
        ("string", pl.Series(["a"], dtype=pl.Categorical), ["a"]),
    ],
)
def test_values_are_read_as_in_training(kind, values, wanted):
    rows = pl.DataFrame({"c": values, "other": [0] * len(values)})
    found = features_frame(rows, (Column("c", kind),))["c"]
    assert found.to_list() == [pytest.approx(value) if isinstance(value, float) else value for value in wanted]
    assert found.dtype == (pl.String if kind == "string" else pl.Float64)


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        ("int64", ["1", "many"], "'many', which cannot be read as int64"),
        ("boolean", ["yes"], "'yes'"),
        ("datetime", ["2024-05-06", "soon"], "'soon'"),
        ("datetime", [5], "5"),
        ("duration", [DAY], "datetime.date"),
        ("float64", [DAY], "datetime.date"),
        ("string", [[1]], r"\[1\]"),
    ],
)
def test_values_that_cannot_be_read_are_named(kind, values, shown):
    with pytest.raises(ColumnTypeError, match=shown) as caught:
        features_frame(pl.DataFrame({"c": values}), (Column("c", kind),))
    assert kind in caught.value.hint


def test_a_missing_feature_is_named():
    with pytest.raises(MissingColumnError, match="No column 'agee'") as caught:
        features_frame(pl.DataFrame({"age": [1]}), (Column("agee", "int64"),))
    assert "age" in caught.value.hint


def test_a_frame_without_features_keeps_its_rows():
    assert features_frame(pl.DataFrame({"c": [1, 2]}), ()).height == 2


class Halves:
    """An estimator that is not ours."""

    def predict(self, frame):
        return frame["x"].to_numpy() / 2

    def predict_proba(self, frame):
        share = frame["x"].to_numpy()
        return np.stack([1 - share, share], axis=1)


def test_any_estimator_with_the_methods_will_do():
    rows = pl.DataFrame({"x": [0.25, 0.75]})
    features = (Column("x", "float64"),)
    assert Model("regression", "y", features, "own", Halves()).predict_rows(rows)["prediction"].to_list() == [
        0.125,
        0.375,
    ]
    answers = Model("classification", "y", features, "own", Halves(), ("no", "yes"), "string").predict_rows(rows)
    assert answers.rows() == [("no", 0.75, 0.25), ("yes", 0.25, 0.75)]


def test_clusters_are_whole_numbers():
    model = Model("clustering", "", (Column("x", "float64"),), "own", Halves())
    assert model.predict_rows(pl.DataFrame({"x": [2.0, 4.0]})).rows() == [(1,), (2,)]


@pytest.mark.parametrize("name", BUILTIN.learners)
def test_more_rows_than_a_block_are_answered_as_one_by_one(name):
    random = np.random.default_rng(1)
    rows = pl.DataFrame({"x": random.normal(size=BLOCK + 500), "w": random.choice(["a", "b"], BLOCK + 500)})
    rows = rows.with_columns(y=pl.col("x") + (pl.col("w") == "a"))
    model = fit_model(rows.head(200), "y", "regression", name)
    answers = model.predict_rows(rows)
    for row in (0, BLOCK - 1, BLOCK, BLOCK + 499):
        assert_frame_equal(model.predict_rows(rows[row]), answers[row], abs_tol=1e-12, rel_tol=1e-12)


def test_a_pickled_model_brings_no_platform_with_it():
    rows = pl.DataFrame({"x": [1.0, 2.0] * 20, "y": [True, False] * 20})
    model = fit_model(rows, "y", "classification", "hist_gradient_boosting")
    data = pickle.dumps(model)
    assert b"engine." not in data.replace(b"sklearn", b"")
    assert b"ray" not in data.replace(b"array", b"")
    assert len(data) < 2_000_000
