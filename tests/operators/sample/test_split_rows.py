"""Splits: no row lost or doubled, the same on every engine, the share as asked."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from operators import SplitRows
from operators.contract.conversion import as_engine
from operators.contract.errors import MissingColumnError
from operators.contract.tables import collected, lazy, schema_of
from operators.sample.draws import held_out

METHODS = ["random", "stratified", "time", "group"]


def table_of(rows, seed=3):
    return pl.DataFrame({"row": range(rows), "key": [None if n % 7 == 0 else (n * seed) % 5 for n in range(rows)]})


def split(table, engine="polars", **parameters):
    return tuple(collected(side) for side in SplitRows(**parameters).run(as_engine(table, engine)))


@pytest.mark.parametrize("method", METHODS)
@given(rows=st.integers(0, 60), share=st.floats(0.01, 0.99), seed=st.integers(0, 2**63 - 1))
def test_every_row_is_on_one_side_in_order(method, rows, share, seed):
    table = table_of(rows)
    train, test = split(table, test_share=share, seed=seed, method=method, column="key")
    assert sorted([*train["row"], *test["row"]]) == list(range(rows))
    assert train["row"].is_sorted()
    assert test["row"].is_sorted()
    if method != "group":
        assert test.height == held_out(rows, share)


@pytest.mark.parametrize("method", METHODS)
def test_duckdb_draws_the_rows_that_polars_draws(method):
    table = table_of(101)
    parameters = {"test_share": 0.3, "seed": 5, "method": method, "column": "key"}
    for ours, theirs in zip(split(table, **parameters), split(table, "duckdb", **parameters), strict=True):
        assert ours.equals(theirs)


@pytest.mark.parametrize(("rows", "test"), [(0, 0), (1, 0), (2, 1), (3, 1), (10, 2), (12, 2), (13, 3), (1000, 200)])
def test_the_share_is_rounded_and_no_side_is_empty(rows, test):
    assert split(table_of(rows))[1].height == test


@pytest.mark.parametrize(("share", "test"), [(0.001, 1), (0.999, 9)])
def test_extreme_shares_leave_both_sides_a_row(share, test):
    assert split(table_of(10), test_share=share)[1].height == test


def test_a_seed_gives_one_split_and_another_seed_another():
    table = table_of(100)
    assert split(table, seed=1)[1].equals(split(table, seed=1)[1])
    assert not split(table, seed=1)[1].equals(split(table, seed=2)[1])


def test_strata_keep_their_shares():
    table = pl.DataFrame({"label": ["rare"] * 10 + ["often"] * 90})
    _, test = split(table, method="stratified", column="label")
    assert test["label"].value_counts(sort=True).rows() == [("often", 18), ("rare", 2)]


def test_strata_of_one_row_are_drawn_from_evenly():
    table = pl.DataFrame({"label": range(10)})
    drawn = {
        value
        for seed in range(40)
        for value in split(table, seed=seed, method="stratified", column="label")[1]["label"]
    }
    assert drawn == set(range(10))


def test_the_latest_rows_are_held_out():
    table = pl.DataFrame({"at": [3, None, 9, 1, 9, 7], "row": range(6)})
    train, test = split(table, test_share=0.5, method="time", column="at")
    assert test["row"].to_list() == [2, 4, 5]
    assert train["row"].to_list() == [0, 1, 3]


@given(seed=st.integers(0, 1000))
def test_groups_stay_together(seed):
    train, test = split(table_of(50), seed=seed, method="group", column="key")
    assert not set(train["key"]) & set(test["key"])
    assert train.height
    assert test.height


def test_the_names_of_columns_do_not_matter():
    table = pl.DataFrame({"row_number": range(10), "row_number_": range(10), "row_number__test": range(10)})
    train, test = split(table, "duckdb")
    assert train.columns == test.columns == table.columns


def test_a_method_that_needs_a_column_says_so():
    with pytest.raises(ValidationError, match="the method group needs a column"):
        SplitRows(method="group")


def test_an_unknown_column_is_refused_before_the_run():
    with pytest.raises(MissingColumnError) as caught:
        SplitRows(method="time", column="att").infer({"table": schema_of(lazy(pl.DataFrame({"at": [1]})))}, {})
    assert caught.value.field == "column"


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5])
def test_a_share_lies_between(share):
    with pytest.raises(ValidationError):
        SplitRows(test_share=share)
