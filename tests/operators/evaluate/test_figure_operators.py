"""Charts as data: curves, calibration and confusion of a classifier."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn import metrics
from sklearn.calibration import calibration_curve

from operators import CalibrationPlot, ConfusionMatrix, RocCurve
from operators.contract.errors import EmptyTableError, LearnerError, ParameterError
from operators.contract.tables import lazy
from operators.contract.values.figure import Axis, Figure, Series, same, thinned
from operators.evaluate.calibration_plot import binned
from operators.evaluate.samples import age_model, people
from operators.learners.fitting import fit_model

RANDOM = np.random.default_rng(6)
X = RANDOM.normal(size=600)
ROWS = pl.DataFrame(
    {
        "x": X,
        "left": np.where(X + RANDOM.normal(size=600) > 0, "yes", "no"),
        "plan": np.where(X > 0.7, "pro", np.where(X < -0.3, "free", RANDOM.choice(["plus", "free"], 600))),
    }
)
MODEL = fit_model(ROWS.select("x", "left"), "left", "classification", "linear")
THREE = fit_model(ROWS.select("x", "plan"), "plan", "classification", "linear")
SHARES = MODEL.predict_rows(ROWS)["probability_yes"].to_numpy()
TRUTH = ROWS["left"].to_numpy() == "yes"


def test_areas_are_those_of_scikit_learn():
    roc, precision_recall = RocCurve().run(MODEL, lazy(ROWS))
    assert roc.facts["auc"] == pytest.approx(metrics.roc_auc_score(TRUTH, SHARES))
    assert precision_recall.facts["average_precision"] == pytest.approx(metrics.average_precision_score(TRUTH, SHARES))
    assert precision_recall.references[0].y == (pytest.approx(TRUTH.mean()),) * 2


def test_a_curve_goes_from_corner_to_corner_and_holds_its_area():
    roc, _ = RocCurve().run(MODEL, lazy(ROWS))
    (curve,) = roc.series
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(roc.facts["auc"], abs=0.005)


def test_several_labels_have_a_curve_each():
    roc, precision_recall = RocCurve().run(THREE, lazy(ROWS))
    assert len(roc.series) == len(precision_recall.series) == 3
    assert set(roc.facts) == {"auc.free", "auc.plus", "auc.pro"}
    assert list(RocCurve(positive="pro").run(THREE, lazy(ROWS)).roc.facts) == ["auc"]


@given(st.lists(st.floats(0, 1), max_size=80), st.integers(2, 20))
def test_a_thinned_curve_keeps_its_ends_and_its_points(steps, most):
    xs, ys = np.cumsum([0.0, *steps]), np.cumsum([0.0, *steps[::-1]])
    found = list(zip(*thinned(xs, ys, most), strict=True))
    points = list(zip(xs.tolist(), ys.tolist(), strict=True))
    assert len(found) <= max(most, 2)
    assert len(found) == len(points) or len(points) > most
    assert (found[0], found[-1]) == (points[0], points[-1])
    assert set(found) <= set(points)
    assert found == sorted(found)


def test_points_of_calibration_are_those_of_scikit_learn():
    came, said = calibration_curve(TRUTH, SHARES, n_bins=10)
    (curve,) = CalibrationPlot().run(MODEL, lazy(ROWS)).series
    np.testing.assert_allclose(curve.x, said)
    np.testing.assert_allclose(curve.y, came)
    assert sum(curve.value) == 600


def test_calibration_has_the_brier_score_and_the_expected_error():
    facts = CalibrationPlot().run(MODEL, lazy(ROWS)).facts
    assert facts["brier"] == pytest.approx(metrics.brier_score_loss(TRUTH, SHARES))
    assert 0 < facts["expected_calibration_error"] < 0.06


@given(
    rows=st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=60),
    bins=st.integers(2, 12),
    strategy=st.sampled_from(["uniform", "quantile"]),
)
def test_every_row_is_in_one_bin(rows, bins, strategy):
    truth, shares = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    said, came, counts = binned(truth, shares, CalibrationPlot(bins=bins, strategy=strategy).edges(shares))
    assert counts.sum() == len(rows)
    assert (counts > 0).all()
    assert len(counts) <= bins
    assert (said * counts).sum() == pytest.approx(shares.sum())
    assert (came * counts).sum() == pytest.approx(truth.sum())


@pytest.mark.parametrize("normalize", ["count", "truth", "prediction", "all"])
def test_cells_are_those_of_scikit_learn(normalize):
    figure = ConfusionMatrix(normalize=normalize).run(THREE, lazy(ROWS))
    predicted = THREE.predict_rows(ROWS)["prediction"]
    names = {"count": None, "truth": "true", "prediction": "pred", "all": "all"}
    theirs = metrics.confusion_matrix(ROWS["plan"], predicted, normalize=names[normalize])
    (cells,) = figure.series
    found = np.array([np.nan if cell is None else cell for cell in cells.value]).reshape(3, 3)
    np.testing.assert_allclose(np.nan_to_num(found), theirs)
    assert (cells.x[:3], cells.y[:3]) == (("free", "plus", "pro"), ("free",) * 3)


def test_labels_the_model_does_not_know_have_a_row_of_cells():
    rows = ROWS.with_columns(left=pl.when(pl.int_range(600) < 5).then(pl.lit("maybe")).otherwise("left"))
    figure = ConfusionMatrix().run(MODEL, lazy(rows))
    assert figure.y.categories == ("no", "yes", "maybe")
    assert sum(figure.series[0].value) == figure.facts["rows"] == 600


@pytest.mark.parametrize("kind", [RocCurve, CalibrationPlot, ConfusionMatrix])
def test_a_figure_survives_json_and_speaks_both_languages(kind):
    found = kind().run(MODEL, lazy(ROWS))
    for figure in found if isinstance(found, tuple) else [found]:
        assert Figure.model_validate_json(figure.model_dump_json()) == figure
        texts = [figure.title, figure.x.label, figure.y.label, figure.note, *(one.name for one in figure.series)]
        assert all(text["en"] and text["zh"] for text in texts)


@pytest.mark.parametrize("kind", [RocCurve, CalibrationPlot, ConfusionMatrix])
def test_what_cannot_be_drawn_is_refused(kind):
    with pytest.raises(EmptyTableError, match="No row has a label"):
        kind().run(MODEL, lazy(ROWS.clear()))
    with pytest.raises(ParameterError, match="does regression"):
        kind().run(age_model(), lazy(people()))


def test_one_label_has_no_curve():
    with pytest.raises(LearnerError, match="one kind only"):
        RocCurve().run(MODEL, lazy(ROWS.filter(pl.col("left") == "no")))


@pytest.mark.parametrize("points", [{"x": (1.0,), "y": ()}, {"x": (1.0,), "y": (float("nan"),)}])
def test_points_are_complete_and_finite(points):
    with pytest.raises(ValidationError):
        Series(kind="line", name=same("a"), **points)


def test_a_fact_without_a_value_is_none():
    axis = Axis(label=same("a"))
    assert Figure(title=same("t"), x=axis, y=axis, facts={"auc": float("nan")}).facts == {"auc": None}
