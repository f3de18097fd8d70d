"""A profile describes each column truly and says what is striking."""

import datetime
import json
import statistics

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.profiling import profile_table


@pytest.fixture
def profiled(tmp_path):
    """Profile a frame."""

    def profile(**columns):
        path = tmp_path / "t.parquet"
        pl.DataFrame(columns).write_parquet(path)
        found = profile_table(path)
        json.dumps(found, allow_nan=False)
        return found

    return profile


def kinds(profile, column=None):
    return {warning["kind"] for warning in profile["warnings"] if column is None or warning["column"] == column}


def test_a_column_of_numbers(profiled):
    column = profiled(a=[1.0, 2.0, 2.0, 5.0, None, float("nan")])["columns"][0]
    assert (column["missing"], column["distinct"], column["min"], column["max"]) == (2, 3, 1.0, 5.0)
    assert column["mean"] == 2.5
    assert column["std"] == pytest.approx(statistics.stdev([1, 2, 2, 5]))
    assert (column["quantiles"]["0.5"], column["top"][0]) == (2.0, [2.0, 2])
    assert sum(column["histogram"]["counts"]) == 4
    assert len(column["histogram"]["edges"]) == len(column["histogram"]["counts"]) + 1


def test_a_column_of_text(profiled):
    column = profiled(a=["x", "y", "x", None])["columns"][0]
    assert (column["missing"], column["distinct"], column["min"], column["max"]) == (1, 2, "x", "y")
    assert column["top"] == [["x", 2], ["y", 1]]
    assert column["mean"] is None


def test_columns_of_dates_and_times_are_iso_text(profiled):
    days = [datetime.date(2024, 1, day) for day in range(1, 31)]
    column = profiled(day=days, at=[datetime.datetime(2024, 1, 1)] * 30)["columns"][0]  # noqa: DTZ001
    assert (column["min"], column["max"]) == ("2024-01-01", "2024-01-30")
    assert column["quantiles"]["0.5"].startswith("2024-01-1")
    assert column["histogram"]["edges"][0] == "2024-01-01"


@pytest.mark.parametrize("values", [[], [None], [1], [float("inf"), 1.0, float("-inf")], [2**63 - 1, -(2**63)]])
def test_odd_columns_are_described(profiled, values):
    assert profiled(a=pl.Series(values, dtype=pl.Int64 if 2**63 - 1 in values else pl.Float64))["rows"] == len(values)


def test_other_types_are_described(profiled):
    found = profiled(flag=[True, False], raw=[b"a", b"b"], span=[datetime.timedelta(1)] * 2, at=[datetime.time(1)] * 2)
    assert [column["distinct"] for column in found["columns"]] == [2, 2, 1, 1]


def test_what_is_striking_is_said(profiled):
    found = profiled(
        id=list(range(100)),
        same=["x"] * 100,
        empty=pl.Series([None] * 100, dtype=pl.String),
        sparse=[1.0] * 2 + [2.0] + [None] * 97,
        rare=["no"] * 97 + ["yes"] * 3,
        names=[f"n{min(number, 80)}" for number in range(100)],
        tail=[float(number) for number in range(99)] + [1e9],
    )
    assert kinds(found, "id") == {"id_like"}
    assert kinds(found, "same") == {"constant"}
    assert kinds(found, "empty") == {"all_missing"}
    assert kinds(found, "sparse") == {"mostly_missing"}
    assert kinds(found, "rare") == {"imbalanced"}
    assert kinds(found, "names") == {"high_cardinality"}
    assert "skewed" in kinds(found, "tail")


def test_equal_rows_are_counted(profiled):
    found = profiled(a=[1, 1, 2, None, None], b=["x", "x", "x", "y", "y"])
    assert found["duplicate_rows"] == 2
    assert "duplicate_rows" in kinds(found)


def test_rows_with_swapped_columns_are_not_equal(profiled):
    assert profiled(a=[1, 2], b=[2, 1])["duplicate_rows"] == 0


def test_a_table_without_rows_is_said(profiled):
    assert "no_rows" in kinds(profiled(a=pl.Series([], dtype=pl.Int64), b=pl.Series([], dtype=pl.String)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(-1000, 1000)), min_size=1, max_size=50))
def test_counts_are_those_of_the_values(profiled, values):
    column = profiled(a=pl.Series(values, dtype=pl.Int64))["columns"][0]
    present = [value for value in values if value is not None]
    assert column["missing"] == len(values) - len(present)
    assert column["distinct"] == len(set(present))
    assert dict(column["top"]).items() <= {value: present.count(value) for value in present}.items()
