"""The operators that score and predict."""

import json

import numpy as np
import polars as pl
import pytest

from operators.contract.errors import ColumnTypeError, MissingColumnError, ParameterError
from operators.contract.operator import Operator
from operators.contract.step import Step
from operators.contract.tables import collected, lazy
from operators.evaluate.predict import Predict
from operators.evaluate.score_classifier import ScoreClassifier
from operators.evaluate.score_regressor import ScoreRegressor
from operators.learners.fitting import fit_model
from operators.transform.filter_rows import FilterRows
from operators.transform.formula_column import FormulaColumn

random = np.random.default_rng(4)
X = random.normal(size=50)
ROWS = pl.DataFrame(
    {"x": X, "left": X > 0, "plan": np.where(X > 1, "pro", np.where(X > 0, "plus", "free")), "v": 2 * X}
)


def model(target="left", task="classification", **more):
    return fit_model(ROWS.select("x", target), target, task, "linear", **more)


def scored(operator, of, rows=ROWS):
    return operator.invoke({"model": of, "table": lazy(rows)}, None)["metrics"]


def predicted(of, rows):
    return collected(Predict().invoke({"model": of, "table": lazy(rows)}, None)["table"])


def test_scores_of_two_classes_are_about_the_higher_label():
    metrics = scored(ScoreClassifier(target="left"), model())
    assert metrics["positive"] is True
    assert metrics["roc_auc"] == pytest.approx(1.0)
    assert (metrics["rows"], metrics["rows_without_target"]) == (50, 0)
    counts = metrics["confusion"]["counts"]
    assert metrics["confusion"]["labels"] == [False, True]
    assert sum(map(sum, counts)) == 50
    assert metrics["accuracy"] == pytest.approx((counts[0][0] + counts[1][1]) / 50)
    assert metrics["recall"] == pytest.approx(counts[1][1] / sum(counts[1]))


@pytest.mark.parametrize("positive", [False, "False"])
def test_the_positive_label_can_be_chosen(positive):
    metrics = scored(ScoreClassifier(positive=positive), model())
    counts = metrics["confusion"]["counts"]
    assert metrics["positive"] is False
    assert metrics["recall"] == pytest.approx(counts[0][0] / sum(counts[0]))


def test_a_positive_label_that_is_none_is_refused():
    with pytest.raises(ParameterError, match="no label 'yes'") as caught:
        scored(ScoreClassifier(positive="yes"), model())
    assert "False, True" in caught.value.hint


def test_several_classes_have_no_positive_one():
    metrics = scored(ScoreClassifier(), model("plan"))
    assert metrics["positive"] is None
    assert metrics["roc_auc"] > 0.9
    assert metrics["confusion"]["labels"] == ["free", "plus", "pro"]


def test_labels_the_model_does_not_know_stand_last():
    rows = ROWS.with_columns(plan=pl.when(pl.int_range(pl.len()) < 5).then(pl.lit("a new one")).otherwise("plan"))
    metrics = scored(ScoreClassifier(), model("plan"), rows)
    assert metrics["confusion"]["labels"] == ["free", "plus", "pro", "a new one"]
    right = sum(metrics["confusion"]["counts"][i][i] for i in range(3))
    assert metrics["accuracy"] == pytest.approx(right / 50)
    assert sum(metrics["confusion"]["counts"][3]) == 5


def test_labels_read_as_text_are_those_of_the_model():
    numbers = ROWS.with_columns(left=pl.col("left").cast(pl.Int64))
    of = fit_model(numbers.select("x", "left"), "left", "classification", "linear")
    as_text = numbers.with_columns(pl.col("left").cast(pl.String))
    assert scored(ScoreClassifier(), of, as_text) == scored(ScoreClassifier(), of, numbers)


@pytest.mark.parametrize("labels", [["many"] * 50, [[1]] * 50])
def test_labels_of_another_kind_are_refused(labels):
    with pytest.raises(ParameterError, match="cannot be compared"):
        scored(ScoreClassifier(), model(), ROWS.with_columns(left=pl.Series(labels)))


def test_rows_without_a_label_are_left_out_and_counted():
    rows = ROWS.with_columns(left=pl.when(pl.int_range(pl.len()) >= 10).then("left"))
    metrics = scored(ScoreClassifier(), model(), rows)
    assert (metrics["rows"], metrics["rows_without_target"]) == (40, 10)
    assert metrics["accuracy"] == scored(ScoreClassifier(), model(), rows[10:])["accuracy"]


@pytest.mark.parametrize(
    ("operator", "of"), [(ScoreClassifier(), model()), (ScoreRegressor(), model("v", "regression"))]
)
@pytest.mark.parametrize("rows", [ROWS.clear(), ROWS.with_columns(left=None, v=None), ROWS.head(1)])
def test_few_rows_give_figures_or_none(operator, of, rows):
    metrics = scored(operator, of, rows)
    assert json.loads(json.dumps(metrics, allow_nan=False)) == metrics


def test_a_regressor_is_scored():
    metrics = scored(ScoreRegressor(target="v"), model("v", "regression"))
    assert metrics["r2"] == pytest.approx(1, abs=0.01)
    assert metrics["mae"] < metrics["rmse"] < metrics["max_error"]


@pytest.mark.parametrize(
    ("operator", "of", "error", "words"),
    [
        (ScoreClassifier(target="lefft"), model(), MissingColumnError, "No column 'lefft'"),
        (ScoreRegressor(target="plan"), model("v", "regression"), ColumnTypeError, "of type string"),
        (ScoreRegressor(), model(), ParameterError, "The model does classification, not regression"),
        (ScoreClassifier(), model("v", "regression"), ParameterError, "not classification"),
    ],
)
def test_what_cannot_be_scored_is_refused(operator, of, error, words):
    with pytest.raises(error, match=words):
        scored(operator, of)


def test_pending_steps_are_applied_before_scoring():
    step = Step("name", FormulaColumn(name="x", expression="raw * 2"))
    rows = ROWS.with_columns(raw=pl.col("x") / 2).drop("x")
    assert scored(ScoreClassifier(), model().after([step]), rows) == scored(ScoreClassifier(), model())


def test_predictions_stand_beside_the_rows_as_handed():
    rows = ROWS.reverse()
    out = predicted(model(), rows)
    assert out.select(rows.columns).equals(rows)
    assert out.columns[len(rows.columns) :] == ["prediction", "probability_False", "probability_True"]
    assert out["prediction"].dtype == pl.Boolean


def test_names_that_are_taken_get_a_number():
    twice = predicted(model("v", "regression"), predicted(model(), ROWS))
    thrice = predicted(model("v", "regression"), twice)
    assert thrice.columns[-5:] == [
        "prediction",
        "probability_False",
        "probability_True",
        "prediction_2",
        "prediction_3",
    ]


def test_predictions_need_the_rows_they_stand_beside():
    step = Step("few", FilterRows(expression="x > 0"))
    with pytest.raises(ParameterError, match=r"Of 50 rows \d+ reach the model"):
        predicted(model().after([step]), ROWS)


def test_a_missing_feature_is_named():
    with pytest.raises(MissingColumnError, match="No column 'x'"):
        predicted(model(), ROWS.drop("x"))


@pytest.mark.parametrize("kind", [Predict, ScoreClassifier, ScoreRegressor])
def test_examples_run(kind: type[Operator]):
    for example in kind.examples():
        inputs = {
            port: lazy(value) if isinstance(value, pl.DataFrame) else value for port, value in example.inputs.items()
        }
        (value,) = example.operator.invoke(inputs, None).values()
        assert value is not None
