"""A query works in a process of its own: it can be ended, is bounded, and what it gave is remembered."""

import os
import time
from pathlib import Path

import polars as pl
import pytest

from operators import SqlTransform
from operators.children.warm import CHILDREN
from operators.contract.errors import CancelledError, ExpressionError, ParameterError
from operators.contract.tables import lazy, schema_of
from operators.testing.local import LocalContext

PEOPLE = pl.DataFrame({"name": ["Ann", "Bo", None], "age": [30, None, 50]})
LONG = "levenshtein(repeat('ab', 40000), repeat('ba', 40000))"  # a constant that DuckDB cannot be interrupted in
SCHEMAS = {"table": schema_of(lazy(PEOPLE))}


def answered(query, **parameters):
    with LocalContext() as context:
        return SqlTransform(query=query, **parameters).run(lazy(PEOPLE), context).collect().to_native()


def test_a_query_that_cannot_be_interrupted_is_ended():
    began = time.monotonic()
    with pytest.raises(ExpressionError, match=r"longer than 0\.5 s"):
        answered(f"SELECT {LONG} AS x FROM table", timeout_s=0.5)
    assert time.monotonic() - began < 8


def test_constants_of_a_check_end_with_the_seconds_of_checks(monkeypatch):
    monkeypatch.setenv("TANDEM_SQL_CHECK_S", "1")
    began = time.monotonic()
    with pytest.raises(ExpressionError, match=r"longer than 1 s on tables without rows") as caught:
        SqlTransform(query=f"SELECT {LONG} AS x FROM table").infer(SCHEMAS, {})
    assert time.monotonic() - began < 8
    assert "TANDEM_SQL_CHECK_S" in caught.value.hint


def test_constants_of_a_check_have_a_cap_of_memory(monkeypatch):
    monkeypatch.setenv("TANDEM_SQL_MEMORY_MB", "64")
    with pytest.raises(ExpressionError, match="more than 64MB of memory") as caught:
        SqlTransform(query="SELECT repeat('a', 500000000) AS x FROM table").infer(SCHEMAS, {})
    assert "TANDEM_SQL_MEMORY_MB" in caught.value.hint


def test_memory_of_a_step_is_a_setting(monkeypatch):
    monkeypatch.setenv("TANDEM_SQL_STEP_MEMORY_MB", "64")
    with pytest.raises(ExpressionError, match="more than 64MB of memory") as caught:
        answered("SELECT list(range) AS x FROM range(20000000)")
    assert "TANDEM_SQL_STEP_MEMORY_MB" in caught.value.hint


def test_an_answer_has_a_cap_on_disk(monkeypatch):
    monkeypatch.setenv("TANDEM_SQL_DISK_MB", "1")
    with pytest.raises(ExpressionError, match="more than 1 MiB on disk") as caught:
        answered("SELECT range AS x FROM range(1000000)")
    assert "TANDEM_SQL_DISK_MB" in caught.value.hint


def test_what_does_not_fit_into_memory_goes_to_disk_up_to_a_cap(monkeypatch):
    monkeypatch.setenv("TANDEM_SQL_STEP_MEMORY_MB", "120")
    query = "SELECT range AS x, hash(range) AS y FROM range(4000000) ORDER BY y"
    assert answered(query).height == 4_000_000
    monkeypatch.setenv("TANDEM_SQL_DISK_MB", "10")
    with pytest.raises(ExpressionError, match="more than 10 MiB on disk"):
        answered(query)


def test_what_a_check_gave_is_remembered():
    step = SqlTransform(query="SELECT age + 41 AS more FROM table")
    first = step.infer(SCHEMAS, {})
    CHILDREN.close()
    assert step.infer(SCHEMAS, {}) == first
    assert CHILDREN.idle == []  # nobody was asked


def test_a_check_is_remembered_for_these_columns_only():
    step = SqlTransform(query="SELECT * FROM table")
    other = schema_of(lazy(PEOPLE.select("name")))
    assert [len(step.infer({"table": schema}, {})["table"]) for schema in (SCHEMAS["table"], other)] == [2, 1]


def test_a_fault_is_remembered_too():
    step = SqlTransform(query="SELECT agee FROM table")
    found = []
    for _ in range(2):
        with pytest.raises(ExpressionError) as caught:
            step.infer(SCHEMAS, {})
        found.append((str(caught.value), caught.value.hint, caught.value.field))
    assert found[0] == found[1]


def test_a_cancelled_run_ends_its_query():
    began = time.monotonic()
    with LocalContext() as context:
        context.cancel_requested = True
        with pytest.raises(CancelledError):
            SqlTransform(query=f"SELECT {LONG} AS x FROM table").run(lazy(PEOPLE), context)
    assert time.monotonic() - began < 8


def test_nothing_is_left_in_the_scratch_folder():
    with LocalContext() as context:
        SqlTransform(query="SELECT age FROM table").run(lazy(PEOPLE), context)
        with pytest.raises(ExpressionError):
            SqlTransform(query="SELECT agee FROM table").run(lazy(PEOPLE), context)
        assert list(context.scratch.rglob("*")) == []


def test_values_come_back_as_they_were():
    kinds = pl.DataFrame(
        {
            "text": ["ä", None],
            "part": pl.Series([b"x", None]),
            "when": pl.Series(["2026-01-01T10:00:00", None]).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us"),
            "tags": [["a", "b"], None],
            "both": [{"x": 1}, None],
            "sort": pl.Series(["low", None], dtype=pl.Enum(["low", "high"])),
        }
    )
    with LocalContext() as context:
        found = SqlTransform(query="SELECT * FROM table").run(lazy(kinds), context).collect().to_native()
    assert found.cast({"sort": pl.String}).equals(kinds.cast({"sort": pl.String}))


@pytest.mark.parametrize("said", ["many", "-1", "0", "1.5"])
def test_a_setting_that_is_no_number_is_told(monkeypatch, said):
    monkeypatch.setenv("TANDEM_SQL_MEMORY_MB", said)
    with pytest.raises(ParameterError, match="TANDEM_SQL_MEMORY_MB is"):
        SqlTransform(query="SELECT name FROM table").infer(SCHEMAS, {})


def test_the_child_knows_no_secret_of_its_parent(monkeypatch):
    CHILDREN.close()
    monkeypatch.setenv("TANDEM_SECRET", "hush")
    answered("SELECT 1 AS x")
    [child] = CHILDREN.idle
    assert "hush" not in Path(f"/proc/{child.family.members()[0]}/environ").read_text()
    assert "TANDEM_SECRET" in os.environ
