"""What is constant but for rounding is constant to everything that divides by a spread."""

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.preprocessing._data import _is_constant_feature

from operators.constant import is_constant
from operators.contract.conversion import as_engine
from operators.contract.tables import collected, lazy
from operators.learners.clusters import fit_clusters
from operators.learners.fitting import fit_model
from operators.prepare.pca import Pca
from operators.prepare.scale_numeric import ScaleNumeric
from operators.prepare.select_features import SelectFeatures
from operators.registry import BUILTIN
from operators.scoring.figures import regression_figures

ROWS = 999
CONSTANTS = (0.1, 14.62, -0.3, 1e-9, 1e12 + 0.1, 1e-200, 123456.789)
magnitudes = some.floats(1e-120, 1e37) | some.floats(-1e37, -1e-120)


def drawn(constant, seed=0, rows=ROWS):
    """Rows with a number that says something of the label, and a constant."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=rows)
    label = np.where(x + generator.normal(size=rows) > 0, "yes", "no")
    return pl.DataFrame({"x": x, "price": [constant] * rows, "y": label})


@given(some.floats(0, 1e100), some.floats(-1e100, 1e100), some.integers(1, 10**9))
def test_what_is_constant_is_what_scikit_learn_calls_so(deviation, mean, rows):
    margin = abs(deviation - rows * np.finfo(float).eps * abs(mean)) > 1e-6 * deviation
    if margin and deviation > 1e-100:
        assert is_constant(deviation, mean, rows) == _is_constant_feature(deviation**2, mean, rows)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("method", ["standard", "min_max", "robust"])
@pytest.mark.parametrize("constant", CONSTANTS)
def test_a_constant_column_becomes_0_and_a_new_value_its_distance(constant, method, engine):
    rows = pl.DataFrame({"k": [constant] * ROWS})
    operator = ScaleNumeric(method=method)
    values = operator.fit(as_engine(rows, engine))
    assert values["k"]["scale"] == 1.0
    assert collected(operator.apply(values, lazy(rows)))["k"].abs().max() == 0.0
    later = collected(operator.apply(values, lazy(rows.head(1) * 2)))["k"].item()
    assert later == pytest.approx(constant, rel=1e-9)


@pytest.mark.parametrize("method", ["standard", "min_max", "robust"])
def test_a_column_that_varies_by_rounding_only_is_constant(method):
    rows = pl.DataFrame({"k": [0.3, 0.1 + 0.2] * 500})
    assert ScaleNumeric(method=method).fit(lazy(rows))["k"]["scale"] == 1.0


@pytest.mark.parametrize("low", [1e-100, 1e-12, 1e9])
def test_a_column_that_varies_little_is_not_constant(low):
    rows = pl.DataFrame({"k": [low, low * (1 + 1e-6)] * 50})
    for method in ("standard", "min_max", "robust"):
        assert ScaleNumeric(method=method).fit(lazy(rows))["k"]["scale"] < low * 1e-5


@settings(max_examples=20, deadline=None)
@given(magnitudes, some.integers(20, 1200))
@example(14.62, ROWS)
@example(0.1, ROWS)
def test_the_linear_learner_answers_beside_a_constant_as_scikit_learn_does(constant, rows):
    known = drawn(constant, rows=rows)
    asked = pl.DataFrame({"x": [-3.0, 0.5, 2.0], "price": [constant, constant * 1.0007, constant * 0.9993]})
    found = fit_model(known, "y", "classification", "linear").answer(asked)
    # beyond, scikit-learn itself adds what is left of a rounded mean of 1e20
    columns = ["x", "price"] if abs(constant) < 1e6 else ["x"]
    rival = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    rival.fit(known.select(columns).to_numpy(), known["y"].to_numpy())
    wanted = rival.predict_proba(asked.select(columns).to_numpy())
    np.testing.assert_allclose(found.select("probability_no", "probability_yes").to_numpy(), wanted, atol=1e-3)


@pytest.mark.parametrize("constant", CONSTANTS)
def test_clusters_and_ridge_take_a_constant_column_for_nothing(constant):
    known = drawn(constant).with_columns(t=3 * pl.col("x") + 1)
    asked = pl.DataFrame({"x": [1.0, 1.0], "price": [constant, constant * (1 + 1e-9)]})
    ridge = fit_model(known.drop("y"), "t", "regression", "linear").answer(asked)["prediction"]
    assert ridge.to_list() == pytest.approx([4.0, 4.0], abs=0.01)
    far = pl.concat([known, known.with_columns(x=pl.col("x") + 20)])
    distances = fit_clusters(far, "k_means", 2, features=("x", "price"), seed=1).answer(asked)["prediction_distance"]
    assert abs(distances[1] - distances[0]) <= abs(constant) * 1.01e-9 + 1e-9


@pytest.mark.parametrize("constant", CONSTANTS)
def test_components_and_selections_see_nothing_in_a_constant_column(constant):
    rows = lazy(drawn(constant).with_columns(z=pl.col("x") ** 2))
    learnt = Pca(columns=("x", "z", "price"), share=1.0).fit(rows)
    assert np.abs(np.array(learnt["weights"])[:, 2]).max() < 1e-9
    assert SelectFeatures(method="variance").fit(rows)["scores"]["price"] == 0.0
    for method in ("association", "mutual_information", "importance"):
        scores = SelectFeatures(target="y", columns=("x", "price"), method=method).fit(rows)["scores"]
        assert scores["price"] == 0.0 < scores["x"]


@pytest.mark.parametrize("constant", CONSTANTS)
def test_r2_is_not_defined_where_the_truth_is_constant(constant):
    truth = np.full(ROWS, constant)
    assert regression_figures(truth, truth + 1.0)["r2"] is None


def test_an_earlier_version_of_a_fitted_operator_opens_with_what_it_had_learnt():
    operator = BUILTIN.build("scale_numeric", {"columns": ["k"]}, version=1)
    applied = operator.apply({"k": {"center": 1.0, "scale": 2.0}}, lazy(pl.DataFrame({"k": [5.0]})))
    assert collected(applied)["k"].to_list() == [2.0]
