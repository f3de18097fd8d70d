"""Algorithms as parameters: names, settings, their JSON and their faults."""

import json
import subprocess
import sys

import numpy as np
import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter

from operators.contract.errors import ParameterError
from operators.contract.learner import Lesson, thread_share
from operators.learners.algorithm import Algorithm, learner_of
from operators.learners.hist_gradient_boosting import HistGradientBoosting
from operators.learners.lightgbm import LightGBM
from operators.learners.linear import Linear
from operators.learners.random_forest import RandomForest
from operators.registry import BUILTIN

READER = TypeAdapter(Algorithm)


def test_learners_stand_in_the_order_of_what_they_cost():
    places = [kind.place for kind in BUILTIN.learners.values()]
    assert places == sorted(places)
    assert next(iter(BUILTIN.learners)) == "baseline"


@pytest.mark.parametrize("name", BUILTIN.learners)
def test_a_name_stays_a_name_and_settings_stay_settings(name):
    assert READER.validate_python(name) == name
    settings = learner_of(name)
    assert READER.validate_json(READER.dump_json(settings)) == settings
    assert READER.validate_python(settings) is settings


def test_a_dump_without_defaults_can_be_read_again():
    settings = Linear(alpha=2)
    dumped = settings.model_dump(mode="json", exclude_unset=True)
    assert dumped == {"kind": "linear", "alpha": 2.0}
    assert READER.validate_python(dumped) == settings


@pytest.mark.parametrize("name", BUILTIN.learners)
def test_every_setting_is_described_in_both_languages(name):
    for field in BUILTIN.learners[name].model_fields.values():
        assert field.description
        assert field.json_schema_extra["i18n"]["zh"]
    assert {"en", "zh"} <= set(BUILTIN.learners[name].title)


@pytest.mark.parametrize("name", BUILTIN.learners)
def test_the_ends_of_every_search_are_settings(name):
    for field, rule in BUILTIN.learners[name].space().items():
        for value in rule.get("choices", (rule.get("low"), rule.get("high"))):
            BUILTIN.learners[name](**{field: value})


@pytest.mark.parametrize(
    ("algorithm", "field", "words"),
    [
        ("hist_gradient_bosting", "algorithm", "did you mean 'hist_gradient_boosting'?"),
        ("xyz", "algorithm", "choose one of baseline, linear"),
        ({"alpha": 1}, "algorithm", "no algorithm None"),
        ({"kind": "linear", "alpha": -1}, "algorithm.alpha", "greater than 0"),
        ({"kind": "linear", "alfa": 1}, "algorithm.alfa", "is not a parameter"),
    ],
)
def test_a_fault_names_the_very_field(algorithm, field, words):
    with pytest.raises(ParameterError, match=words) as caught:
        BUILTIN.build("train_classifier", {"target": "y", "algorithm": algorithm})
    assert caught.value.field == field


def test_the_schema_offers_the_names_and_every_kind_of_settings():
    class Form(BaseModel):
        model_config = ConfigDict(frozen=True)
        algorithm: Algorithm = "linear"

    names, settings = Form.model_json_schema()["properties"]["algorithm"]["anyOf"]
    assert names["enum"] == list(BUILTIN.learners)
    assert settings["discriminator"]["propertyName"] == "kind"
    assert set(settings["discriminator"]["mapping"]) == set(BUILTIN.learners)
    assert json.dumps(Form.model_json_schema())


@pytest.mark.parametrize(
    ("variables", "threads"),
    [
        ({}, 1),
        ({"OMP_NUM_THREADS": "3"}, 3),
        ({"OMP_NUM_THREADS": "3", "TANDEM_THREADS": "2"}, 2),
        ({"TANDEM_THREADS": "no"}, 1),
    ],
)
def test_threads_come_from_the_share(monkeypatch, variables, threads):
    for name in ("OMP_NUM_THREADS", "TANDEM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert thread_share() == threads


def test_settings_reach_the_estimator():
    booster = HistGradientBoosting(max_iter=7, max_leaf_nodes=5).estimator("regression", seed=4, threads=1)
    assert (booster.max_iter, booster.max_leaf_nodes, booster.random_state) == (7, 5, 4)


def test_the_catalogue_loads_no_heavy_library():
    code = (
        "import sys; from operators.registry import BUILTIN; BUILTIN.operators; import operators.learners.fitting;"
        "print([name for name in ('sklearn', 'lightgbm', 'optuna', 'scipy', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_forest_answers_as_scikit_learns(task):
    random = np.random.default_rng(0)
    matrix = np.where(random.random((200, 4)) < 0.2, np.nan, random.normal(size=(200, 4)))
    target = random.integers(0, 3, 200)
    learner = RandomForest(n_estimators=20)
    forest = learner.fit(task, Lesson(matrix, target, seed=1))
    plain = learner.estimator(task, seed=1, threads=1).fit(matrix, target)
    method = "predict" if task == "regression" else "predict_proba"
    ours, theirs = (getattr(each, method)(matrix) for each in (forest, plain))
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(("task", "classes"), [("classification", 2), ("classification", 4), ("regression", 9)])
def test_a_booster_answers_as_lightgbms_own_face(task, classes):
    random = np.random.default_rng(0)
    matrix = np.where(random.random((300, 4)) < 0.2, np.nan, random.normal(size=(300, 4)))
    target = random.integers(0, classes, 300)
    learner = LightGBM(n_estimators=20)
    booster = learner.fit(task, Lesson(matrix, target, seed=1))
    plain = learner.estimator(task, seed=1, threads=1).fit(matrix, target)
    method = "predict" if task == "regression" else "predict_proba"
    np.testing.assert_array_equal(getattr(booster, method)(matrix), getattr(plain, method)(matrix))


@pytest.mark.parametrize(
    "stump", [HistGradientBoosting(max_leaf_nodes=2, max_iter=1), LightGBM(num_leaves=2, n_estimators=1)]
)
def test_boosters_split_on_sets_of_categories(stump):
    codes = np.arange(400) % 20
    target = (codes % 2).astype(float)
    booster = stump.fit("regression", Lesson(codes[:, None].astype(float), target, categorical=(0,)))
    even, odd = booster.predict(np.array([[0.0], [2.0], [18.0]])), booster.predict(np.array([[1.0], [19.0]]))
    assert even.max() < 0.5 < odd.min()
