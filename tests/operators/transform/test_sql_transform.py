"""SQL by users: one SELECT over what is connected, and a locked door for the rest."""

import datetime as dt

import polars as pl
import pytest

from operators import SqlTransform
from operators.contract.errors import ExpressionError
from operators.contract.tables import collected, lazy, schema_of
from operators.sql.locked import LockedSql
from operators.testing.local import LocalContext

PEOPLE = pl.DataFrame({"name": ["Ann", "Bo", None], "age": [30, None, 50]})


def answer(query, **parameters):
    operator = SqlTransform(query=query, **parameters)
    with LocalContext() as context:
        return collected(operator.invoke({"table": lazy(PEOPLE)}, context)["table"])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT max(age) AS oldest FROM table",
        'SELECT max(age) AS oldest FROM "table"',
        "WITH t AS (FROM Table) SELECT max(age) AS oldest FROM t -- from table",
    ],
)
def test_the_rows_are_called_table(query):
    assert answer(query).to_dict(as_series=False) == {"oldest": [50]}


def test_text_is_left_alone():
    assert answer("SELECT 'é from table' AS x FROM table LIMIT 1")["x"].to_list() == ["é from table"]


def test_wide_types_become_plain_ones():
    found = answer(
        "SELECT sum(age) AS s, 1.5::DECIMAL(5, 2) AS d, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS t FROM table"
    )
    assert found.row(0) == (80, 1.5, dt.datetime.fromisoformat("2026-01-01"))
    assert found.dtypes == [pl.Int64, pl.Float64, pl.Datetime("us")]


def test_the_schema_is_known_before_the_run():
    operator = SqlTransform(query="SELECT name, age * 2 AS twice FROM table")
    schema = operator.infer({"table": schema_of(lazy(PEOPLE))}, {})["table"]
    assert [(column.name, column.type) for column in schema] == [("name", "string"), ("twice", "int64")]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM parquet_metadata('/tmp/x.parquet')",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM PEOPLE",
        "SELECT getenv('HOME')",
        "COPY (SELECT 1) TO '/tmp/stolen.csv'",
        "ATTACH '/tmp/x.db'",
        "EXPORT DATABASE '/tmp/x'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '100GB'",
        "PRAGMA enable_external_access = true",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE table",
        "SELECT 1; SELECT 2",
        "EXPLAIN SELECT 1",
        "SELEC 1",
        "SELECT agee FROM table",
        "SELECT age, age FROM table",
        "SELECT * FROM query('COPY (SELECT 1) TO ''/tmp/x.csv''')",
        "-- nothing",
    ],
)
def test_what_is_not_one_select_over_the_tables_is_refused(query):
    with pytest.raises(ExpressionError) as caught:
        answer(query)
    assert caught.value.field == "query"
    assert "\n" not in str(caught.value)


def test_a_query_that_takes_too_long_is_stopped():
    with pytest.raises(ExpressionError, match=r"took longer than 0\.3 s"):
        answer("SELECT count(*) AS n FROM range(10000000000) a, range(1000) b", timeout_s=0.3)


def test_a_wrong_column_names_the_nearest():
    with LockedSql({"table": PEOPLE}, 5) as database, pytest.raises(ExpressionError) as caught:
        database.rows("SELECT agee FROM table")
    assert "age" in caught.value.hint
