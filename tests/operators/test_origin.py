"""Rows of a registered model are put into the columns and types of its source, or one sentence says why they cannot."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from operators import JoinTables
from operators.contract.errors import ColumnTypeError, MissingColumnError
from operators.contract.step import Step
from operators.contract.tables import Column, lazy
from operators.contract.values.codec import decoded, encoded
from operators.contract.values.origin import Origin
from operators.evaluate.samples import people, people_model
from operators.registry import BUILTIN

ORIGIN = Origin((Column("age", "float64"), Column("plan", "string"), Column("noise", "int64")), ("age", "plan"))


def test_rows_get_the_columns_of_the_source_in_its_order_and_types():
    rows = ORIGIN.rows(pl.DataFrame({"extra": [1], "plan": ["a"], "age": [3]}))
    assert rows.schema == {"age": pl.Float64, "plan": pl.String, "noise": pl.Int64}
    assert rows.rows() == [(3.0, "a", None)]


def test_a_required_column_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(MissingColumnError, match="No column 'age'") as caught:
        ORIGIN.rows(pl.DataFrame({"agee": [3.0], "plan": ["a"]}))
    assert "agee" in caught.value.hint


@pytest.mark.parametrize("ages", [["old"], [True], [[1.0]]])
def test_a_column_of_another_kind_is_one_sentence(ages):
    with pytest.raises(ColumnTypeError, match=r"Column 'age' holds .* which cannot be read as float64"):
        ORIGIN.rows(pl.DataFrame({"age": ages, "plan": ["a"]}))


def test_a_number_that_would_change_is_refused():
    whole = Origin((Column("count", "int8"),), ("count",))
    assert whole.rows(pl.DataFrame({"count": [1.0, None]})).rows() == [(1,), (None,)]
    for wrong in (1.5, 300.0):
        with pytest.raises(ColumnTypeError):
            whole.rows(pl.DataFrame({"count": [wrong]}))


@given(st.lists(st.none() | st.integers(-(2**53), 2**53)))
def test_whole_numbers_become_fractions_without_loss(values):
    rows = ORIGIN.rows(pl.DataFrame({"age": pl.Series(values, dtype=pl.Int64), "plan": ["a"] * len(values)}))
    assert rows["age"].to_list() == [None if value is None else float(value) for value in values]


def test_a_table_beside_a_step_leaves_rows_in_their_order():
    prices = lazy(pl.DataFrame({"plan": ["b", "a"], "price": [2, 1]}))
    join = JoinTables(left_on=("plan",), right_on=("plan",), how="left", right_unique=True)
    after = ORIGIN.after(
        pl.DataFrame({"age": [1.0, 2.0, 3.0], "plan": ["a", "b", "a"]}), [Step("join", join, None, {"right": prices})]
    )
    assert after["price"].to_list() == [1, 2, 1]


def test_a_model_with_an_origin_answers_as_without_where_rows_are_as_at_the_source():
    model, rows = people_model(), people()
    origin = Origin((Column("age", "int64"), Column("plan", "string"), Column("left", "boolean")), ("age", "plan"))
    assert model.at(origin).predict_rows(rows.drop("left")).equals(model.predict_rows(rows))


def test_a_model_keeps_its_origin_in_bytes():
    model = people_model().at(ORIGIN)
    again = decoded(encoded(model), lambda said: BUILTIN.build(said["operator"], said["with"], said["version"]))
    assert again.origin == ORIGIN
    assert decoded(encoded(people_model()), lambda said: None).origin is None
