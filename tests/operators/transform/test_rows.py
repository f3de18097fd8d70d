"""Sorting, deduplicating and grouping rows."""

import polars as pl
import pytest
from pydantic import ValidationError

from operators import Aggregation, DropDuplicates, GroupAggregate, SortRows
from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError, MissingColumnError, ParameterError
from operators.contract.tables import collected, lazy

SALES = pl.DataFrame(
    {
        "shop": ["b", "a", None, "a", "b"],
        "price": [2.0, 4.0, 1.0, None, 3.0],
        "count": [1, 2, 3, 4, 5],
        "big": [True, False, None, True, True],
    }
)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(
    ("descending", "counts"), [(False, [3, 1, 5, 2, 4]), (True, [2, 5, 1, 3, 4]), ((False,), [3, 1, 5, 2, 4])]
)
def test_nulls_come_last_either_way(engine, descending, counts):
    found = collected(SortRows(by=("price",), descending=descending).transform(as_engine(SALES, engine)))
    assert found["count"].to_list() == counts


def test_equal_rows_keep_their_order():
    found = collected(SortRows(by=("shop",)).transform(lazy(SALES)))
    assert found["count"].to_list() == [2, 4, 1, 5, 3]


def test_directions_must_be_as_many_as_columns():
    with pytest.raises(ValidationError, match="2 answers for 1 columns"):
        SortRows(by=("price",), descending=(True, False))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(("keep", "counts"), [("first", [1, 2, 3]), ("last", [3, 4, 5])])
def test_one_of_equal_rows_is_kept_in_order(engine, keep, counts):
    found = collected(DropDuplicates(columns=("shop",), keep=keep).transform(as_engine(SALES, engine)))
    assert found["count"].to_list() == counts


def test_rows_equal_in_all_columns_are_one():
    twice = pl.concat([SALES, SALES])
    assert collected(DropDuplicates().transform(lazy(twice))).equals(SALES)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_groups_are_sorted_and_null_is_a_group(engine):
    figures = [
        Aggregation(function="sum", column="price"),
        Aggregation(function="mean", column="price"),
        Aggregation(function="n_unique", column="price"),
        Aggregation(function="count", column="price", name="known"),
        Aggregation(function="mean", column="big"),
        Aggregation(function="sum", column="count"),
        Aggregation(function="rows"),
    ]
    found = collected(GroupAggregate(by=("shop",), aggregations=figures).transform(as_engine(SALES, engine)))
    assert found.rows() == [
        ("a", 4.0, 4.0, 1, 1, 0.5, 6, 2),
        ("b", 5.0, 2.5, 2, 2, 1.0, 6, 2),
        (None, 1.0, 1.0, 1, 1, None, 3, 1),
    ]
    assert found.columns[1:] == ["price_sum", "price_mean", "price_n_unique", "known", "big_mean", "count_sum", "rows"]


def test_small_integers_are_summed_without_overflow():
    table = pl.DataFrame({"x": pl.Series([100, 100, 100], dtype=pl.Int8)})
    figure = Aggregation(function="sum", column="x")
    assert collected(GroupAggregate(aggregations=[figure]).transform(lazy(table)))["x_sum"].to_list() == [300]


def test_figures_of_text_are_refused():
    with pytest.raises(ColumnTypeError, match="'shop' is string, and mean needs a number"):
        GroupAggregate(aggregations=[Aggregation(function="mean", column="shop")]).transform(lazy(SALES))


def test_an_unknown_key_is_refused():
    with pytest.raises(MissingColumnError) as caught:
        GroupAggregate(by=("shoop",), aggregations=[Aggregation(function="rows")]).transform(lazy(SALES))
    assert caught.value.field == "by"


def test_two_figures_of_one_name_are_refused():
    figures = [Aggregation(function="sum", column="price"), Aggregation(function="sum", column="price")]
    with pytest.raises(ParameterError, match="price_sum"):
        GroupAggregate(aggregations=figures).transform(lazy(SALES))


def test_a_figure_needs_a_column():
    with pytest.raises(ValidationError, match="mean needs a column"):
        Aggregation(function="mean")
