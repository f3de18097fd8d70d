"""Joins: which rows, which columns, which names."""

import polars as pl
import pytest
from pydantic import ValidationError

from operators import JoinTables
from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError, MissingColumnError, ParameterError
from operators.contract.tables import collected, lazy

PEOPLE = pl.DataFrame({"name": ["Ann", "Bo", "Cy", "Di"], "city": [1, 2, None, 9], "age": [30, 40, 50, 60]})
CITIES = pl.DataFrame({"city": [1, 1, 2, None], "age": [800, 700, 2700, 1], "label": ["Oslo", "Oslo", "Rome", "?"]})


def joined(engine="polars", left=PEOPLE, right=CITIES, **parameters):
    operator = JoinTables(**{"on": ("city",), **parameters})
    return collected(operator.transform(as_engine(left, engine), as_engine(right, engine)))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(
    ("how", "names"),
    [
        ("left", ["Ann", "Ann", "Bo", "Cy", "Di"]),
        ("inner", ["Ann", "Ann", "Bo"]),
        ("full", ["Ann", "Ann", "Bo", "Cy", "Di", None]),
        ("semi", ["Ann", "Bo"]),
        ("anti", ["Cy", "Di"]),
    ],
)
def test_each_kind_keeps_its_rows(engine, how, names):
    found = joined(engine, how=how).sort("name", nulls_last=True)
    assert found["name"].to_list() == names
    assert found.columns == ["name", "city", "age", *([] if how in {"semi", "anti"} else ["age_right", "label"])]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_keys_with_two_names_come_once(engine):
    right = CITIES.rename({"city": "id"})
    found = joined(engine, right=right, how="full", on=(), left_on=("city",), right_on=("id",))
    assert found.columns == ["name", "city", "age", "age_right", "label"]
    assert sorted(found["city"].drop_nulls()) == [1, 1, 2, 9]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_unique_right_side_multiplies_no_row(engine):
    found = joined(engine, right_unique=True).sort("name")
    assert found["name"].to_list() == ["Ann", "Bo", "Cy", "Di"]
    assert found["age_right"].to_list() == [700, 2700, None, None]


def test_only_a_left_join_on_unique_rows_answers_at_a_service():
    assert JoinTables(on=("city",), right_unique=True).online() == "row"
    assert JoinTables(on=("city",)).online() == "refuse"
    assert JoinTables(on=("city",), how="inner", right_unique=True).online() == "refuse"


@pytest.mark.parametrize("how", ["left", "inner", "full", "semi", "anti"])
def test_a_step_of_a_path_joins_as_the_operator_does(how):
    operator = JoinTables(on=("city",), how=how, right_unique=how == "left")
    step = operator.apply_step(lazy(PEOPLE), None, {"right": lazy(CITIES)})
    assert collected(step).equals(collected(operator.transform(lazy(PEOPLE), lazy(CITIES))))


def test_left_rows_keep_their_order():
    left = pl.DataFrame({"city": [2, 1, 9, 2], "row": [0, 1, 2, 3]})
    assert joined(left=left, right_unique=True)["row"].to_list() == [0, 1, 2, 3]


def test_short_and_long_integers_match():
    right = CITIES.cast({"city": pl.Int16})
    assert joined(right=right, how="inner")["label"].to_list() == ["Oslo", "Oslo", "Rome"]


def test_keys_of_two_kinds_are_refused():
    with pytest.raises(ColumnTypeError, match="int64 on the left, string on the right"):
        joined(right=CITIES.cast({"city": pl.String}))


def test_a_missing_key_is_named():
    with pytest.raises(MissingColumnError, match="No column 'id'"):
        joined(on=(), left_on=("city",), right_on=("id",))


def test_a_suffix_that_is_taken_is_refused():
    with pytest.raises(ParameterError, match="age_right"):
        joined(left=PEOPLE.with_columns(age_right=1))


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"on": ("a",), "left_on": ("b",), "right_on": ("b",)},
        {"left_on": ("a",)},
        {"how": "cross", "on": ("a",)},
    ],
)
def test_keys_that_make_no_sense_are_refused(parameters):
    with pytest.raises(ValidationError):
        JoinTables(**parameters)


def test_every_pair_is_made():
    assert collected(JoinTables(how="cross").transform(lazy(PEOPLE), lazy(CITIES))).shape == (16, 6)
