"""A reference holds the answers to rows the model did not learn from: on its own rows it is too sure of itself."""

import polars as pl
import pytest

from engine.monitoring.drift import drift_report
from engine.serving.columns import names_of
from engine.serving.registration import _reference
from engine.serving.slice import Slice
from operators.learners.fitting import fit_model


@pytest.fixture(scope="module")
def rows():
    import numpy as np

    random = np.random.default_rng(5)
    x = random.normal(size=(3000, 3))
    left = x[:, 0] + random.normal(size=3000) > 0
    return pl.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "left": left})


@pytest.fixture(scope="module")
def piece(rows):
    model = fit_model(rows[:1500], "left", "classification", "random_forest", seed=1)
    return Slice.build(rows.schema, [], model)


def reference(piece, rows, held_out):
    stored = _reference(piece, rows[:1500], held_out)
    return stored.rename({column: name for name, column in names_of(stored.columns).answered.items()})


def test_answers_to_unseen_rows_do_not_drift_on_new_rows(piece, rows):
    new = pl.concat([rows[2000:].select("a", "b", "c"), piece.predict(rows[2000:])], how="horizontal")
    fair = drift_report(reference(piece, rows, rows[1500:2000]), new, service="s", window="w")
    proud = drift_report(reference(piece, rows, rows[:1500]), new, service="s", window="w")
    assert not fair.drifted
    assert proud.drifted  # what the held-out rows are for


def test_without_held_out_rows_answers_are_not_compared(piece, rows):
    new = pl.concat([rows[2000:].select("a", "b", "c"), piece.predict(rows[2000:])], how="horizontal")
    report = drift_report(reference(piece, rows, None), new, service="s", window="w")
    assert {column.name for column in report.columns} == {"a", "b", "c"}
