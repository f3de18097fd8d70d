"""The search for settings: what it finds, and that it can be stopped, resumed and repeated."""

import logging
import pickle

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from operators.contract.errors import CancelledError, EmptyTableError, LearnerError
from operators.contract.tables import lazy
from operators.learners.algorithm import tried_by_auto
from operators.learners.fitting import fit_model
from operators.learners.lightgbm import LightGBM
from operators.learners.linear import Linear
from operators.learners.random_forest import RandomForest
from operators.train.candidates import Space
from operators.train.folds import assigned_folds
from operators.train.hyperparameter_search import HyperparameterSearch

random = np.random.default_rng(3)
X, NOISE = random.normal(size=90), random.normal(size=90)
ROWS = pl.DataFrame({"x": X, "noise": NOISE, "word": ["a", "b", None] * 30, "y": X + NOISE / 2 > 0, "v": X * 3 + NOISE})
FOREST = RandomForest(n_estimators=4)


def search(**parameters):
    defaults = {"target": "y", "algorithm": FOREST, "trials": 6, "at_once": 2, "folds": 3, "features": ("x", "noise")}
    return HyperparameterSearch(**(defaults | parameters))


def found(operator, context, **inputs):
    return operator.invoke({"train": lazy(ROWS)} | inputs, context)


def test_the_best_trial_is_the_model(context):
    out = found(search(), context)
    report = out["report"]
    values = [trial["value"] for trial in report["trials"] if trial["status"] == "done"]
    assert report["best"]["value"] == max(values)
    assert (report["metric"], report["direction"], report["rows"]) == ("roc_auc", "maximize", 90)
    again = fit_model(
        ROWS, "y", "classification", RandomForest(**report["best"]["algorithm"]), features=["x", "noise"], seed=7
    )
    assert out["model"].predict_rows(ROWS).equals(again.predict_rows(ROWS))


def test_a_metric_that_should_be_small_is_minimised(context):
    report = found(search(target="v", task="regression", algorithm="linear", metric="mae"), context)["report"]
    done = [trial["value"] for trial in report["trials"] if trial["status"] == "done"]
    assert report["direction"] == "minimize"
    assert report["best"]["value"] == min(done)


def test_the_defaults_are_tried_first(context):
    report = found(search(algorithm="auto", trials=4), context)["report"]
    assert [trial["algorithm"]["kind"] for trial in report["trials"]] == [learner.kind for learner in tried_by_auto()]


def test_settings_that_are_given_stay(context):
    report = found(search(algorithm=LightGBM(num_leaves=5, n_estimators=9)), context)["report"]
    settings = [trial["algorithm"] for trial in report["trials"]]
    assert {(each["num_leaves"], each["n_estimators"]) for each in settings} == {(5, 9)}
    assert len({each["learning_rate"] for each in settings}) > 2


def test_a_search_of_nothing_tries_the_defaults_once(context):
    report = found(search(algorithm="baseline"), context)["report"]
    assert [trial["status"] for trial in report["trials"]] == ["done"]


@pytest.mark.parametrize("algorithm", [FOREST, "auto"])
def test_the_same_seed_finds_the_same(contexts, algorithm):
    operator = search(algorithm=algorithm, trials=8)
    first, again = (found(operator, contexts()) for _ in range(2))
    assert first["report"] == again["report"]
    assert first["model"].predict_rows(ROWS).equals(again["model"].predict_rows(ROWS))
    assert found(search(algorithm=algorithm, trials=8, seed=99), contexts())["report"] != first["report"]


@pytest.mark.parametrize("rounds", [1, 4, 7, 12])
def test_a_search_that_was_stopped_ends_as_it_would_have(contexts, rounds):
    operator = search(trials=9, folds=3)
    whole = contexts()
    report = found(operator, whole)["report"]
    stopped = contexts(rounds=rounds)
    with pytest.raises(CancelledError):
        found(operator, stopped)
    resumed = contexts(kept=stopped.kept)
    assert found(operator, resumed)["report"] == report
    assert len(stopped.mapped) + len(resumed.mapped) < len(whole.mapped) + operator.folds


def test_a_candidate_that_falls_behind_is_dropped(context):
    report = found(search(trials=24, at_once=4, algorithm=LightGBM(n_estimators=5)), context)["report"]
    pruned = [trial for trial in report["trials"] if trial["status"] == "pruned"]
    assert pruned
    assert all(len(trial["folds"]) < 3 for trial in pruned)
    assert all(len(trial["folds"]) == 3 for trial in report["trials"] if trial["status"] == "done")


def test_candidates_are_spread_with_their_share(context):
    found(search(trials=5, at_once=2, share=0.5), context)
    assert context.mapped[0] == (1, 0.5)
    assert {size for size, _ in context.mapped} <= {1, 2}
    assert [step for step, _ in context.reports] == [0, 1, 3, 5]
    assert context.reports[-1][1]["best"] == pytest.approx(0.9, abs=0.1)


def test_no_more_are_started_after_the_time_is_up(context):
    report = found(search(trials=50, timeout_s=1e-9), context)["report"]
    assert len(report["trials"]) == 1


def test_validation_rows_take_the_place_of_folds(context):
    out = found(search(trials=2), context, validation=lazy(ROWS.head(30)))
    assert [len(trial["folds"]) for trial in out["report"]["trials"]] == [1, 1]
    assert out["report"]["rows"] == 90


def test_what_cannot_be_scored_is_said(context):
    rows = pl.DataFrame({"x": [1, 2, 3, 4], "y": [1.0, 1.0, 1.0, 1.0]})
    operator = HyperparameterSearch(target="y", task="regression", algorithm="linear", metric="r2", trials=2, folds=2)
    with pytest.raises(LearnerError, match="None of 2 candidates could be scored: The metric 'r2'"):
        operator.invoke({"train": lazy(rows)}, context)


@pytest.mark.parametrize(
    ("rows", "error"), [(ROWS.head(0), EmptyTableError), (ROWS.head(2).with_columns(y=pl.Series([0, 1])), LearnerError)]
)
def test_too_few_rows_are_said(context, rows, error):
    with pytest.raises(error):
        search().invoke({"train": lazy(rows)}, context)


def test_a_metric_of_the_other_task_is_refused():
    with pytest.raises(ValidationError, match="'rmse' does not judge classification"):
        search(metric="rmse")


def test_optuna_says_nothing(context, capfd, caplog):
    caplog.set_level(logging.INFO, logger="optuna")
    found(search(), context)
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.name.startswith("optuna")]


@pytest.mark.parametrize("count", [2, 5])
def test_folds_are_even_within_each_class(count):
    labels = np.repeat([0, 1, 2], [20, 11, 3])
    folds = assigned_folds(labels, count, stratified=True, seed=1)
    for label in (0, 1, 2):
        sizes = np.bincount(folds[labels == label], minlength=count)
        assert sizes.max() - sizes.min() <= 1
    assert not np.array_equal(folds, assigned_folds(labels, count, stratified=True, seed=2))


def test_what_was_drawn_lies_within_its_distribution():
    space = Space.of("auto")
    for kind, learner in space.learners.items():
        names = [f"{kind}.{name}" for name in learner.space()]
        assert set(space.distributions(["algorithm", *names])) == {"algorithm", *names}
    assert set(Space.of(Linear(alpha=1)).learners) == {"linear"}
    assert not Space.of(Linear(alpha=1)).varies


def test_examples_find(context):
    for example in HyperparameterSearch.examples():
        out = example.operator.invoke({"train": lazy(example.inputs["train"])}, context)
        assert len(out["report"]["trials"]) == 3
        context.kept = None


def test_what_is_sent_to_workers_is_picklable(contexts):
    class Sending(contexts):
        def map(self, function, items, *, share=1.0):
            sent = pickle.loads(pickle.dumps(function))
            return (pickle.loads(pickle.dumps(sent(pickle.loads(pickle.dumps(item))))) for item in items)

    assert found(search(), Sending())["report"] == found(search(), contexts())["report"]


def test_no_candidate_is_tried_twice(context):
    report = found(search(trials=10, algorithm=LightGBM(n_estimators=2)), context)["report"]
    rates = [trial["algorithm"]["learning_rate"] for trial in report["trials"]]
    assert len(set(rates)) == len(rates)


def test_held_out_rows_are_not_learnt_from(context):
    noise = np.random.default_rng(0)
    rows = pl.DataFrame({"x": noise.normal(size=60), "y": noise.integers(0, 2, 60)})
    operator = HyperparameterSearch(target="y", algorithm=RandomForest(n_estimators=20), trials=1)
    report = operator.invoke({"train": lazy(rows)}, context)["report"]
    assert report["best"]["value"] < 0.8
