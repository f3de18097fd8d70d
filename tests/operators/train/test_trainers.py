"""The operators that train, from their fields to the model."""

import polars as pl
import pytest

from operators.contract.errors import ColumnTypeError, LearnerError, MissingColumnError
from operators.contract.tables import Column, lazy
from operators.learners.lightgbm import LightGBM
from operators.registry import BUILTIN
from operators.train.train_classifier import TrainClassifier
from operators.train.train_regressor import TrainRegressor

ROWS = pl.DataFrame(
    {"x": range(40), "word": ["a", "b", None, "d"] * 10, "left": [True, False] * 20, "price": [1.5, None] * 20}
)
SCHEMA = (Column("x", "int64"), Column("word", "string"), Column("left", "boolean"), Column("when", "unknown"))


def trained(operator, context, **inputs):
    return operator.invoke({"train": lazy(ROWS)} | inputs, context)["model"]


def test_a_classifier_gives_labels_as_they_stood(context):
    model = trained(TrainClassifier(target="left"), context)
    answers = model.predict_rows(ROWS)
    assert answers.columns == ["prediction", "probability_False", "probability_True"]
    assert answers["prediction"].dtype == pl.Boolean
    assert [column.name for column in model.features] == ["x", "word", "price"]
    assert (model.task, model.target, model.algorithm) == ("classification", "left", "hist_gradient_boosting")


def test_rows_without_a_target_are_counted(context, caplog):
    caplog.set_level("INFO", logger="operators")
    trained(TrainRegressor(target="price", algorithm="baseline"), context)
    assert context.reports == [(0, {"rows": 20, "rows_without_target": 20})]
    assert "20 of 40 rows have no price" in caplog.text


def test_the_seed_is_the_runs_unless_given(context):
    forest = BUILTIN.learners["random_forest"](n_estimators=3)
    of_run, given, other = (
        trained(TrainClassifier(target="left", algorithm=forest, seed=seed), context).predict_rows(ROWS)
        for seed in (None, 7, 8)
    )
    assert of_run.equals(given)
    assert not of_run.equals(other)


def test_validation_rows_are_used(context):
    booster = LightGBM(n_estimators=300, min_child_samples=2)
    operator = TrainClassifier(target="left", algorithm=booster, features=("x",))
    early = trained(operator, context, validation=lazy(ROWS))
    assert early.estimator.estimator.booster.best_iteration < 300


@pytest.mark.parametrize("kind", [TrainClassifier, TrainRegressor])
def test_ports(kind):
    assert [(port.name, port.type, port.optional) for port in kind.input_ports()] == [
        ("train", "Table", False),
        ("validation", "Table", True),
    ]
    assert [(port.name, port.type) for port in kind.output_ports()] == [("model", "Model")]


@pytest.mark.parametrize("algorithm", ["linear", LightGBM(num_leaves=7)])
def test_an_operator_is_built_again_from_its_document(algorithm):
    operator = TrainClassifier(target="y", algorithm=algorithm, features=("a", "b"))
    document = operator.as_document()
    assert BUILTIN.build(document["operator"], document["with"], document["version"]) == operator


@pytest.mark.parametrize(
    ("operator", "error", "field"),
    [
        (TrainClassifier(target="lefft"), MissingColumnError, "target"),
        (TrainClassifier(target="left", features=("xx",)), MissingColumnError, "features"),
        (TrainClassifier(target="left", features=("left",)), LearnerError, "features"),
        (TrainRegressor(target="word"), ColumnTypeError, "target"),
    ],
)
def test_faults_are_known_before_anything_runs(operator, error, field):
    with pytest.raises(error) as caught:
        operator.infer({"train": SCHEMA}, {})
    assert caught.value.field == field


@pytest.mark.parametrize("operator", [TrainClassifier(target="left"), TrainClassifier(target="when")])
def test_what_is_right_or_not_known_is_no_fault(operator):
    assert operator.infer({"train": SCHEMA}, {}) == {"model": None}
    assert operator.infer({"train": None}, {}) == {"model": None}


@pytest.mark.parametrize("kind", [TrainClassifier, TrainRegressor])
def test_examples_train(kind, context):
    for example in kind.examples():
        rows = example.inputs["train"]
        model = example.operator.invoke({"train": lazy(rows)}, context)["model"]
        assert model.predict_rows(rows).height == rows.height
