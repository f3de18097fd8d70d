"""Clusters: found, numbered, asked about new rows, and scored."""

import numpy as np
import polars as pl
import pytest
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from operators import Predict, ScoreClusters, TrainClusters
from operators.contract.errors import EmptyTableError, LearnerError, MissingColumnError, ParameterError
from operators.contract.tables import collected, lazy
from operators.evaluate.samples import people, people_model
from operators.learners.clusters import BLOCK, MOST_CATEGORIES
from operators.testing.local import LocalContext

ALGORITHMS = ["k_means", "mini_batch_k_means", "gaussian_mixture"]
RANDOM = np.random.default_rng(4)
TRUE = np.repeat([0, 1, 2], [100, 60, 40])
POINTS = RANDOM.normal(size=(200, 2)) + np.array([[0, 0], [9, 0], [0, 9]])[TRUE]
ROWS = pl.DataFrame(POINTS, schema=["x", "y"]).with_columns(
    kind=pl.Series([["a", "b", None][group] for group in TRUE]), id=pl.int_range(200).cast(pl.String)
)


def trained(rows=ROWS, **parameters):
    with LocalContext() as context:
        return TrainClusters(**{"clusters": 3, **parameters}).invoke({"train": lazy(rows)}, context)["model"]


def scored(model, rows=ROWS, **parameters):
    return ScoreClusters(**parameters).run(model, lazy(rows))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_groups_are_found_and_numbered_by_size(algorithm):
    answers = trained(algorithm=algorithm).predict_rows(ROWS)
    assert answers["prediction"].to_list() == TRUE.tolist()
    assert answers.columns == ["prediction", "prediction_distance"]
    assert (answers["prediction_distance"] >= 0).all()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_one_row_is_answered_as_many_are(algorithm):
    model = trained(algorithm=algorithm)
    many = model.predict_rows(pl.concat([ROWS] * (BLOCK // 200 + 1)))
    assert many.tail(200).equals(many.head(200))
    for row in (0, 120, 199):
        assert model.predict_rows(ROWS[row]).rows() == [pytest.approx(many.row(row))]


@pytest.mark.parametrize(("algorithm", "theirs"), [("k_means", KMeans(3)), ("gaussian_mixture", GaussianMixture(3))])
def test_overlapping_groups_are_those_of_scikit_learn(algorithm, theirs):
    points = (
        RANDOM.normal(size=(150, 2)) @ [[2, 1], [0, 1]] + np.array([[0, 0], [3, 0], [0, 4]])[RANDOM.integers(0, 3, 150)]
    )
    rows = pl.DataFrame(points, schema=["x", "y"])
    scaled = (points - points.mean(axis=0)) / points.std(axis=0)
    theirs.set_params(random_state=0, n_init=3)
    ours = trained(rows, algorithm=algorithm, seed=0).predict_rows(rows)["prediction"]
    assert metrics.adjusted_rand_score(ours, theirs.fit_predict(scaled)) > 0.9


def test_text_that_only_names_a_row_is_left_out():
    assert [column.name for column in trained().features] == ["x", "y", "kind"]
    many = ROWS.with_columns(kind=pl.int_range(200).mod(MOST_CATEGORIES + 1).cast(pl.String))
    assert [column.name for column in trained(many).features] == ["x", "y"]


def test_figures_are_those_of_scikit_learn():
    found = scored(trained(features=["x", "y"]))
    scaled = (POINTS - POINTS.mean(axis=0)) / POINTS.std(axis=0)
    assert found["silhouette"] == pytest.approx(metrics.silhouette_score(scaled, TRUE))
    assert found["calinski_harabasz"] == pytest.approx(metrics.calinski_harabasz_score(scaled, TRUE))
    assert found["davies_bouldin"] == pytest.approx(metrics.davies_bouldin_score(scaled, TRUE))
    assert (found["sizes"], found["rows"], found["clusters"]) == ([100, 60, 40], 200, 3)


def test_the_silhouette_of_a_sample_is_about_that_of_all():
    model = trained()
    assert scored(model, sample=60)["silhouette"] == pytest.approx(scored(model)["silhouette"], abs=0.1)


@pytest.mark.parametrize("rows", [ROWS.clear(), ROWS.head(1), ROWS.head(50)])
def test_rows_of_one_cluster_have_no_figures(rows):
    found = scored(trained(), rows)
    assert (found["silhouette"], found["davies_bouldin"]) == (None, None)
    assert sum(found["sizes"]) == rows.height


def test_predictions_stand_beside_the_rows():
    found = collected(Predict().run(trained(), lazy(ROWS.head(3))))
    assert found.columns == [*ROWS.columns, "prediction", "prediction_distance"]


def test_a_model_of_another_kind_is_not_scored():
    with pytest.raises(ParameterError, match="does classification, not clustering"):
        scored(people_model(), people())


@pytest.mark.parametrize(
    ("rows", "parameters", "error"),
    [
        (ROWS.head(2), {}, EmptyTableError),
        (ROWS, {"features": ["z"]}, MissingColumnError),
        (ROWS.select("id"), {}, LearnerError),
        (pl.DataFrame({"x": [1, 2] * 9}), {}, LearnerError),
    ],
)
def test_what_has_no_clusters_is_refused(rows, parameters, error):
    with pytest.raises(error) as caught:
        trained(rows, **parameters)
    assert caught.value.field in {"clusters", "features"}
