"""Choosing, naming and typing columns."""

import datetime as dt

import polars as pl
import pytest
from pydantic import ValidationError

from operators import CastTypes, RenameColumns, SelectColumns
from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError, MissingColumnError, ParameterError
from operators.contract.tables import collected, lazy

PEOPLE = pl.DataFrame({"name": ["Ann", "Bo"], "age": [30, None], "城市": ["Oslo", "Rome"]})
TEXTS = pl.DataFrame(
    {
        "whole": [" 1", "-2 ", "1.5", "x", "", None],
        "number": ["1", "2.5", "-1e3", "1,5", "inf", None],
        "flag": ["TRUE", "No", "1", "maybe", "2", None],
        "day": ["2026-11-23", "2026-02-30", "23.11.2026", "", "2024-02-29", None],
        "at": ["2026-11-23 08:30:00", "2026-11-23T08:30:00.5", "2026-11-23", "noon", "2026-11-23 25:00:00", None],
    }
)
TYPES = {"whole": "int64", "number": "float64", "flag": "boolean", "day": "date", "at": "datetime"}


def test_columns_come_in_the_order_named():
    assert collected(SelectColumns(columns=["城市", "name"]).transform(lazy(PEOPLE))).columns == ["城市", "name"]


def test_a_column_named_twice_comes_once():
    assert collected(SelectColumns(columns=["age", "age"]).transform(lazy(PEOPLE))).columns == ["age"]


def test_dropping_every_column_is_refused():
    with pytest.raises(ParameterError, match="No column would be left"):
        SelectColumns(columns=PEOPLE.columns, mode="drop").transform(lazy(PEOPLE))


def test_an_unknown_column_is_refused():
    with pytest.raises(MissingColumnError, match="No column 'agee'") as caught:
        SelectColumns(columns=["agee"]).transform(lazy(PEOPLE))
    assert caught.value.field == "columns"
    assert "age" in caught.value.hint


def test_names_may_be_swapped():
    found = collected(RenameColumns(names={"name": "age", "age": "name"}).transform(lazy(PEOPLE)))
    assert found.columns == ["age", "name", "城市"]
    assert found["age"].to_list() == ["Ann", "Bo"]


@pytest.mark.parametrize("names", [{"age": "name"}, {"age": "x", "name": "x"}, {"age": ""}])
def test_no_two_columns_get_one_name_and_none_gets_no_name(names):
    with pytest.raises(ParameterError):
        RenameColumns(names=names).transform(lazy(PEOPLE))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_text_that_cannot_be_read_becomes_null(engine):
    found = collected(CastTypes(types=TYPES).transform(as_engine(TEXTS, engine)))
    moment = dt.datetime.fromisoformat("2026-11-23T08:30:00")
    assert found.to_dict(as_series=False) == {
        "whole": [1, -2, None, None, None, None],
        "number": [1.0, 2.5, -1000.0, None, None, None],
        "flag": [True, False, True, None, None, None],
        "day": [dt.date(2026, 11, 23), None, None, None, dt.date(2024, 2, 29), None],
        "at": [moment, moment.replace(microsecond=500_000), dt.datetime.fromisoformat("2026-11-23"), None, None, None],
    }


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("column", TYPES)
def test_text_that_cannot_be_read_can_be_an_error(column, engine):
    table = CastTypes(types={column: TYPES[column]}, on_error="error").transform(as_engine(TEXTS, engine))
    with pytest.raises(Exception, match=r"(?i)unreadable|conver|parse|out of range"):
        collected(table)


def test_fractions_are_rounded_and_halves_become_even():
    numbers = pl.DataFrame({"x": [1.9, -1.9, 0.5, 1.5, -2.5, None]})
    found = collected(CastTypes(types={"x": "int32"}).transform(lazy(numbers)))["x"]
    assert found.to_list() == [2, -2, 0, 2, -2, None]


@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_a_number_does_not_become_a_date(kind):
    with pytest.raises(ColumnTypeError, match="int64 and cannot become"):
        CastTypes(types={"age": kind}).transform(lazy(PEOPLE))


def test_an_unknown_type_is_refused_where_it_enters():
    with pytest.raises(ValidationError):
        CastTypes(types={"age": "integer"})
