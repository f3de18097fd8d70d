"""One column for each category: which get one, and what the others become."""

import polars as pl
import pytest
from sklearn.preprocessing import OneHotEncoder

from operators import EncodeCategories, OneHot
from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError, ParameterError
from operators.contract.tables import collected, lazy, schema_of

ROWS = pl.DataFrame({"c": ["b", "a", "a", None, "d", "a", "b"], "floor": [1, 2, 2, 1, None, 3, 1]})
OTHERS = pl.DataFrame({"c": ["a", "zed", None], "floor": [2, 9, None]})


def encoded(rows=OTHERS, train=ROWS, engine="polars", **parameters):
    operator = OneHot(**{"columns": ["c"], **parameters})
    return collected(operator.apply(operator.fit(lazy(train)), as_engine(rows, engine))).drop("floor", strict=False)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_each_value_has_a_column_and_unknown_ones_share_another(engine):
    found = encoded(engine=engine)
    assert found.columns == ["c_a", "c_b", "c_d", "c_other"]
    assert found.rows() == [(1, 0, 0, 0), (0, 0, 0, 1), (0, 0, 0, 0)]


@pytest.mark.parametrize("parameters", [{"max_categories": 2}, {"min_share": 0.2}])
def test_rare_values_are_other(parameters):
    found = encoded(ROWS, **parameters)
    assert found.columns == ["c_a", "c_b", "c_other"]
    assert found["c_other"].to_list() == [0, 0, 0, 0, 1, 0, 0]


def test_without_other_what_is_not_known_is_zero_everywhere():
    assert encoded(other=False).rows() == [(1, 0, 0), (0, 0, 0), (0, 0, 0)]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_null_may_have_its_column(engine):
    found = encoded(nulls="column", engine=engine)
    assert found["c_null"].to_list() == [0, 0, 1]
    assert "c_null" not in encoded(train=ROWS.drop_nulls(), nulls="column").columns


def test_the_first_category_may_be_told_by_zeros_alone():
    assert encoded(drop="first").columns == ["c_b", "c_d", "c_other"]
    assert encoded(drop="first").row(0) == (0, 0, 0)


@pytest.mark.parametrize(("values", "columns"), [(["a", "b"], 1), (["a", "b", "c"], 3)])
def test_only_two_categories_are_dropped_as_binary(values, columns):
    assert encoded(train=pl.DataFrame({"c": values}), drop="binary").width == columns + 1


def test_a_value_called_other_keeps_its_name():
    train = pl.DataFrame({"c": ["other", "null", None]})
    assert encoded(train, train, nulls="column").columns == ["c_null", "c_other", "c_other_2", "c_null_2"]


def test_whole_numbers_are_categories_where_they_are_named():
    found = encoded(columns=["floor"])
    assert found.columns == ["c", "floor_1", "floor_2", "floor_3", "floor_other"]
    assert encoded(columns=[]).columns == ["c_a", "c_b", "c_d", "c_other"]


def test_a_fraction_is_no_category():
    with pytest.raises(ColumnTypeError, match="'x' is float64"):
        OneHot(columns=["x"]).infer({"train": schema_of(lazy(pl.DataFrame({"x": [0.5]})))}, {})


def test_a_new_column_may_not_take_another_ones_name():
    with pytest.raises(ParameterError, match="c_a"):
        encoded(train=ROWS.with_columns(c_a=1))


@pytest.mark.parametrize("drop", ["none", "first", "binary"])
def test_the_columns_are_those_of_scikit_learn(drop):
    train = pl.DataFrame({"c": ["b", "a", "c", "a", "b", "d"] * 3, "m": [True, False, True] * 6})
    ours = OneHot(other=False, drop=drop)
    theirs = OneHotEncoder(sparse_output=False, drop={"none": None, "binary": "if_binary"}.get(drop, drop))
    found = collected(ours.apply(ours.fit(lazy(train)), lazy(train)))
    assert (found.to_numpy() == theirs.fit_transform(train.to_numpy())).all()


def test_encode_categories_gives_the_same_columns():
    train = ROWS.select("c")
    simple = EncodeCategories(method="one_hot")
    assert collected(simple.apply(simple.fit(lazy(train)), lazy(train))).equals(encoded(train, train, other=False))
