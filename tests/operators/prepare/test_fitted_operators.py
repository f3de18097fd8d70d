"""What fitted operators learn from training rows, and do to others."""

import math

import polars as pl
import pytest
from pydantic import ValidationError

from operators import ApplyState, ClipOutliers, EncodeCategories, FillMissing, ScaleNumeric
from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError, MissingColumnError, OperatorError, ParameterError
from operators.contract.tables import collected, lazy, schema_of
from operators.contract.values.state import State
from operators.testing.local import LocalContext

PEOPLE = pl.DataFrame(
    {
        "name": ["Ann", None, "Cy", "Ann"],
        "age": [30, None, 50, 40],
        "size": [1.5, None, float("nan"), 2.5],
        "member": [True, None, False, True],
    }
)


def fitted(operator, train=PEOPLE, other=None):
    values = operator.fit(lazy(train))
    return collected(operator.apply(values, lazy(train if other is None else other)))


@pytest.mark.parametrize(
    ("statistic", "fill"), [("mean", 40.0), ("median", 40.0), ("min", 30), ("max", 50), ("most_frequent", 30)]
)
def test_the_gap_takes_the_statistic(statistic, fill):
    assert fitted(FillMissing(columns=["age"], statistic=statistic))["age"].to_list() == [30, fill, 50, 40]


def test_nan_is_a_gap_and_teaches_nothing():
    assert fitted(FillMissing(columns=["size"]))["size"].to_list() == [1.5, 2.0, 2.0, 2.5]


def test_without_columns_every_fitting_one_is_filled():
    found = fitted(FillMissing(statistic="most_frequent"))
    assert found.null_count().sum_horizontal().item() == 0
    assert found["name"].to_list() == ["Ann", "Ann", "Cy", "Ann"]
    assert found.schema == PEOPLE.schema


def test_other_rows_get_what_training_rows_taught():
    other = pl.DataFrame({"age": [None, 7]}, schema={"age": pl.Int64})
    assert fitted(FillMissing(columns=["age"]), other=other)["age"].to_list() == [40.0, 7.0]


@pytest.mark.parametrize(
    ("column", "value", "filled"),
    [("age", 0, 0), ("age", 0.5, 0.5), ("name", "nobody", "nobody"), ("member", True, True)],
)
def test_a_constant_fills_its_own_type(column, value, filled):
    found = fitted(FillMissing(columns=[column], statistic="constant", value=value))
    assert found[column][1] == filled


@pytest.mark.parametrize(("column", "value"), [("age", "x"), ("name", 1), ("age", True)])
def test_a_constant_of_another_type_is_refused(column, value):
    with pytest.raises(ColumnTypeError) as caught:
        fitted(FillMissing(columns=[column], statistic="constant", value=value))
    assert caught.value.field == "value"


@pytest.mark.parametrize("parameters", [{"statistic": "constant"}, {"statistic": "mean", "value": 3}])
def test_a_constant_has_a_value_and_nothing_else_has(parameters):
    with pytest.raises(ValidationError, match="value is given exactly when"):
        FillMissing(**parameters)


def test_an_all_null_column_stays():
    table = pl.DataFrame({"age": [None, None]}, schema={"age": pl.Int64})
    assert fitted(FillMissing(columns=["age"]), table)["age"].to_list() == [None, None]


@pytest.mark.parametrize("operator", [FillMissing, ScaleNumeric, ClipOutliers])
def test_text_has_no_such_figure(operator):
    with pytest.raises(ColumnTypeError, match="'name' is string"):
        fitted(operator(columns=["name"]))


def test_a_type_that_does_not_fit_is_told_in_words():
    table = pl.DataFrame({"day": [None]}, schema={"day": pl.Date})
    with pytest.raises(ColumnTypeError, match=r"'day' is date, and .* needs a number or text or true or false"):
        FillMissing(columns=["day"], statistic="most_frequent").fit(lazy(table))


@pytest.mark.parametrize("operator", [FillMissing, ScaleNumeric, ClipOutliers, EncodeCategories])
def test_an_unknown_column_is_refused_before_the_run(operator):
    with pytest.raises(MissingColumnError) as caught:
        operator(columns=["agee"]).infer({"train": schema_of(lazy(PEOPLE))}, {})
    assert caught.value.field == "columns"


@pytest.mark.parametrize(
    ("method", "scaled"),
    [
        ("standard", [-math.sqrt(1.5), 0.0, math.sqrt(1.5)]),
        ("min_max", [0.0, 0.5, 1.0]),
        ("robust", [-1.0, 0.0, 1.0]),
    ],
)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_numbers_come_to_the_scale(engine, method, scaled):
    table = as_engine(pl.DataFrame({"x": [1, 2, 3]}), engine)
    operator = ScaleNumeric(method=method)
    found = collected(operator.apply(operator.fit(table), table))["x"].to_list()
    assert found == pytest.approx(scaled)


def test_a_constant_column_becomes_zero():
    assert fitted(ScaleNumeric(), pl.DataFrame({"x": [5, 5]}))["x"].to_list() == [0.0, 0.0]


def test_infinities_teach_nothing():
    table = pl.DataFrame({"x": [1.0, 3.0, float("inf"), float("nan")]})
    assert ScaleNumeric(method="min_max").fit(lazy(table)) == {"x": {"center": 1.0, "scale": 2.0}}


def test_extremes_come_to_the_bounds():
    train = pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 5.0]})
    other = pl.DataFrame({"x": [-100.0, 3.0, 100.0, None, float("inf"), float("nan")]})
    found = fitted(ClipOutliers(), train, other)["x"].to_list()
    assert found[:5] == [-1.0, 3.0, 7.0, None, 7.0]
    assert math.isnan(found[5])


def test_quantiles_can_be_the_bounds():
    train = pl.DataFrame({"x": list(range(101))})
    operator = ClipOutliers(method="quantile", lower=0.1, upper=0.9)
    assert operator.fit(lazy(train)) == {"x": {"lower": 10.0, "upper": 90.0}}


def test_bounds_must_be_in_order():
    with pytest.raises(ValidationError, match=r"0\.9 is not below 0\.1"):
        ClipOutliers(lower=0.9, upper=0.1)


UNSEEN = pl.DataFrame({"name": ["Cy", "Zed", None], "member": [False, True, None]})


@pytest.mark.parametrize(
    ("method", "names"), [("ordinal", [1, -1, None]), ("frequency", [pytest.approx(1 / 3), 0.0, None])]
)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_categories_become_numbers_also_unseen_ones(engine, method, names):
    operator = EncodeCategories(columns=["name"], method=method)
    found = collected(operator.apply(operator.fit(lazy(PEOPLE)), as_engine(UNSEEN, engine)))
    assert found["name"].to_list() == names


def test_one_hot_gives_a_column_for_each_value_in_place():
    found = fitted(EncodeCategories(columns=["name"]), other=UNSEEN)
    assert found.columns == ["name_Ann", "name_Cy", "member"]
    assert found.rows() == [(0, 1, False), (0, 0, True), (0, 0, None)]


def test_only_the_most_frequent_values_are_learnt():
    operator = EncodeCategories(columns=["name"], limit=1)
    assert list(operator.fit(lazy(PEOPLE))["name"]) == [["Ann", pytest.approx(2 / 3)]]


def test_a_new_column_may_not_take_another_ones_name():
    with pytest.raises(ParameterError, match="name_Ann"):
        fitted(EncodeCategories(columns=["name"]), PEOPLE.with_columns(name_Ann=1))


def test_a_state_works_on_other_rows():
    with LocalContext() as context:
        state = FillMissing(columns=["age"]).invoke({"train": lazy(PEOPLE)}, context)["state"]
        table = lazy(pl.DataFrame({"age": [None, 1.0]}))
        found = ApplyState().invoke(
            {"table": table, "state": State.model_validate_json(state.model_dump_json())}, context
        )
    assert collected(found["table"])["age"].to_list() == [40.0, 1.0]


@pytest.mark.parametrize(
    "state",
    [
        State(operator="mystery"),
        State(operator="select_columns", parameters={"columns": ["a"]}),
        State(operator="scale_numeric", version=9),
    ],
)
def test_a_state_that_is_none_is_refused(state):
    with pytest.raises(OperatorError):
        ApplyState().run(lazy(PEOPLE), state)


def test_a_state_needs_its_columns():
    state = State(operator="scale_numeric", values={"height": {"center": 0.0, "scale": 1.0}})
    with pytest.raises(MissingColumnError, match="No column 'height'"):
        ApplyState().run(lazy(PEOPLE), state)
