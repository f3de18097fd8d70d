"""Unions: columns matched by name, types brought together, and single rows left single."""

import datetime as dt

import polars as pl
import pytest
from pydantic import ValidationError

from operators import UnionRows
from operators.contract.conversion import as_engine
from operators.contract.errors import ColumnTypeError, MissingColumnError, ParameterError
from operators.contract.tables import collected, lazy, schema_of

A = pl.DataFrame({"name": ["Ann", "Bo"], "age": [30, None]})
B = pl.DataFrame({"age": [2.5], "name": ["Cy"]})
C = pl.DataFrame({"name": ["Di"], "email": ["d@x.org"]})
DAY = dt.date(2024, 5, 6)
NOON = dt.datetime(2024, 5, 6, 12)  # noqa: DTZ001 - a table without time zones


def union(*tables, engine="polars", **parameters):
    ports = ["first", "second", "third", "fourth", "fifth", "sixth"]
    given = {port: as_engine(table, engine) for port, table in zip(ports, tables, strict=False)}
    return collected(UnionRows(**parameters).transform(**given))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_columns_are_matched_by_name_and_rows_stay_in_order(engine):
    assert union(A, B, engine=engine).rows() == [("Ann", 30.0), ("Bo", None), ("Cy", 2.5)]


def test_a_column_that_is_lacking_is_refused_by_name_and_table():
    with pytest.raises(MissingColumnError, match="'second' has no column 'age'") as caught:
        union(A, C)
    assert "Keep all columns" in caught.value.hint


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_all_columns_come_with_nulls_in_the_gaps(engine):
    found = union(A, C, columns="all", origin="from", engine=engine)
    assert found.columns == ["name", "age", "email", "from"]
    assert found.row(2) == ("Di", None, "d@x.org", "second")


def test_shared_columns_are_those_of_every_table():
    assert union(A, B, C, columns="shared").columns == ["name"]
    with pytest.raises(ParameterError, match="share no column"):
        union(A.select("age"), C, columns="shared")


def test_equal_rows_stay():
    assert union(A, A, A).height == 6


def test_the_origin_says_which_table_a_row_is_from():
    assert union(A, B, origin="year", labels=["2023", "2024"])["year"].to_list() == ["2023", "2023", "2024"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [({"origin": "age"}, "'age' already"), ({"origin": "o", "labels": ["one"]}, "2 tables have 1 labels")],
)
def test_an_origin_that_does_not_fit_is_refused(parameters, words):
    with pytest.raises(ParameterError, match=words):
        union(A, B, **parameters)


@pytest.mark.parametrize("parameters", [{"labels": ["a", "b"]}, {"origin": "o", "labels": ["a", "a"]}])
def test_labels_are_different_and_have_a_column(parameters):
    with pytest.raises(ValidationError, match="label"):
        UnionRows(**parameters)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (pl.Series([1], dtype=pl.Int8), pl.Series([2], dtype=pl.UInt16), "int64"),
        (pl.Series([1]), pl.Series([0.5]), "float64"),
        (pl.Series(["a"], dtype=pl.Categorical), pl.Series(["b"]), "string"),
        (pl.Series([DAY]), pl.Series([NOON]), "datetime"),
        (pl.Series([None]), pl.Series([True]), "boolean"),
        (pl.Series([[1]]), pl.Series([[2]]), "unknown"),
    ],
)
def test_types_are_brought_together(one, other, kind):
    table = UnionRows().transform(lazy(pl.DataFrame({"c": one})), lazy(pl.DataFrame({"c": other})))
    assert [column.type for column in schema_of(table)] == [kind]
    assert collected(table).height == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [(["a"], [1]), ([True], [1]), ([[1]], [["a"]]), ([DAY], [1]), ([NOON], [NOON.replace(tzinfo=dt.UTC)])],
)
def test_types_that_do_not_go_together_are_refused(one, other):
    with pytest.raises(ColumnTypeError, match=r"Column 'c' is .* in the table 'first' and .* in 'second'"):
        union(pl.DataFrame({"c": one}), pl.DataFrame({"c": other}))


@pytest.mark.parametrize("columns", ["all", "shared"])
def test_rows_at_a_service_stay_those_of_the_first_table(columns):
    operator = UnionRows(columns=columns, origin="from")
    rows = A.with_row_index("number")
    found = collected(operator.apply_step(lazy(rows), None, {"second": lazy(C)}))
    assert found["number"].to_list() == [0, 1]
    assert found["from"].to_list() == ["first", "first"]
    assert ("email" in found.columns) == (columns == "all")
