"""Keys of different types match by value or are refused before a run; NaN is a gap, alike on every engine."""

import datetime
import decimal

import polars as pl
import pytest

from operators.contract.conversion import as_engine
from operators.contract.engine_errors import values_that_do_not_fit
from operators.contract.errors import ColumnTypeError
from operators.contract.tables import collected, lazy, schema_of
from operators.registry import BUILTIN
from operators.transform.group_aggregate import Aggregation, GroupAggregate
from operators.transform.join_tables import JoinTables
from operators.transform.union_rows import UnionRows

NAN, INF = float("nan"), float("inf")
NOON = datetime.timedelta(hours=12)
DAY = datetime.date(2024, 1, 1)
MOMENT = pl.Series([DAY]).cast(pl.Datetime("us"))
LARGE = pl.Series([2**64 - 1, 1], dtype=pl.UInt64)
ENGINES = ("polars", "duckdb")
engines = pytest.mark.parametrize("engine", ENGINES)


def joined(left, right, engine="polars", **how):
    """Rows of key, left place, right place, in order."""
    first = pl.DataFrame({"k": left}).with_row_index("a").select("k", pl.col("a").cast(pl.Int64))
    second = pl.DataFrame({"k": right}).with_row_index("b").select("k", pl.col("b").cast(pl.Int64))
    table = JoinTables(on=("k",), **how).transform(as_engine(first, engine), as_engine(second, engine))
    return collected(table).sort("a", nulls_last=True)


@engines
@pytest.mark.parametrize("right", [[-1, 1], pl.Series([-1, 1], dtype=pl.Int8), pl.Series([1, 0], dtype=pl.UInt8)])
def test_unsigned_and_signed_keys_match_by_value(right, engine):
    found = joined(LARGE, right, engine)
    assert found["k"].to_list() == [2**64 - 1, 1]
    assert found["k"].dtype == pl.UInt64
    assert found["b"].to_list() == [None, pl.Series(right).to_list().index(1)]
    assert joined(right, LARGE, engine, how="inner")["k"].to_list() == [1]
    assert joined(LARGE, right, engine, how="anti")["k"].to_list() == [2**64 - 1]


def test_a_full_join_of_unsigned_and_signed_keys_is_refused_whatever_the_rows_hold():
    for left, right in ((LARGE, [1]), (LARGE.tail(1), [1])):
        with pytest.raises(ColumnTypeError, match="Key 'k' is uint64 on the left, int64 on the right"):
            joined(left, right, how="full")
    schemas = {"left": schema_of(lazy(LARGE.alias("k").to_frame())), "right": schema_of(lazy(pl.DataFrame({"k": [1]})))}
    with pytest.raises(ColumnTypeError, match="uint64"):
        JoinTables(how="full", on=("k",)).infer(schemas, {})


@engines
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (pl.Series(["a", "b"], dtype=pl.Categorical), ["b"]),
        (["a", "b"], pl.Series(["b"], dtype=pl.Enum(["b", "c"]))),
        (pl.Series(["a", "b"], dtype=pl.Enum(["a", "b"])), pl.Series(["b"], dtype=pl.Categorical)),
        ((pl.concat([MOMENT + NOON, MOMENT])).cast(pl.Datetime("ms")), MOMENT),
        ([NAN, 0.0], [-0.0]),
        ([0.0, NAN], [NAN]),
        ([None, INF], [INF, None]),
        (pl.Series([7, 5], dtype=pl.Int16), pl.Series([5], dtype=pl.UInt32)),
    ],
)
def test_keys_of_one_kind_match_by_value(left, right, engine):
    assert joined(left, right, engine)["b"].to_list() == [None, 0]


@engines
@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ([1], [1.0], "int64 on the left, float64"),
        ([1], ["1"], "int64 on the left, string"),
        ([True], [1], "boolean on the left, int64"),
        ([DAY], MOMENT, "date on the left, datetime"),
        ([1.0], pl.Series([1.0], dtype=pl.Float32), "float64 on the left, float32"),
        (MOMENT, MOMENT.dt.replace_time_zone("UTC"), "on the left, Datetime"),
        ([decimal.Decimal("1.0")], [1], "Decimal.* on the left, Int64"),
    ],
)
def test_keys_that_cannot_match_are_refused_with_both_types(left, right, told, engine):
    with pytest.raises(ColumnTypeError, match=f"Key 'k' is .*{told}"):
        joined(left, right, engine)


@engines
@pytest.mark.parametrize("kind", [pl.Int8, pl.Int64], ids=str)
def test_a_union_of_unsigned_and_signed_numbers_is_refused_whatever_the_rows_hold(kind, engine):
    for large in (LARGE, LARGE.tail(1)):
        tables = [as_engine(values.alias("k").to_frame(), engine) for values in (large, pl.Series([1], dtype=kind))]
        with pytest.raises(ColumnTypeError, match="'k' is uint64 in the table 'first' and int"):
            UnionRows().transform(*tables)
        with pytest.raises(ColumnTypeError, match=r"'k' is int.* in the table 'first' and uint64"):
            UnionRows().transform(*tables[::-1])


@engines
def test_a_union_of_unsigned_numbers_keeps_each_of_them(engine):
    tables = [as_engine(part.alias("k").to_frame(), engine) for part in (LARGE, pl.Series([7], dtype=pl.UInt8))]
    assert collected(UnionRows().transform(*tables))["k"].to_list() == [2**64 - 1, 1, 7]


def test_a_union_that_was_stored_with_version_1_answers_as_it_did():
    rows = [lazy(LARGE.tail(1).alias("k").to_frame()), lazy(pl.DataFrame({"k": [-1]}))]
    union = BUILTIN.build("union_rows", {}, 1)
    assert collected(union.apply_step(rows[0], None, {"second": rows[1]}))["k"].dtype == pl.Int64


def figures(function, table, engine, by=("k",), column="v"):
    """One figure of each group, in the order of the groups."""
    asked = GroupAggregate(by=by, aggregations=(Aggregation(function=function, column=column, name="z"),))
    return collected(asked.transform(as_engine(table, engine)))["z"].to_list()


@engines
@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        ("sum", [1.0, 5.0, 0.0, INF, 0.0]),
        ("mean", [1.0, 2.5, None, INF, None]),
        ("median", [1.0, 2.5, None, INF, None]),
        ("std", [None, 0.5**0.5, None, None, None]),
        ("min", [1.0, 2.0, None, 1.0, None]),
        ("max", [1.0, 3.0, None, INF, None]),
        ("count", [1, 2, 0, 2, 0]),
        ("n_unique", [1, 2, 0, 2, 0]),
        ("rows", [2, 2, 1, 2, 1]),
    ],
)
@pytest.mark.parametrize("kind", [pl.Float64, pl.Float32], ids=str)
def test_figures_pass_over_nan_and_infinite_values_have_no_deviation(function, wanted, kind, engine):
    values = pl.Series([1.0, NAN, 2.0, 3.0, NAN, INF, 1.0, None], dtype=kind)
    table = pl.DataFrame({"k": ["a", "a", "b", "b", "c", "d", "d", "e"], "v": values})
    assert figures(function, table, engine) == pytest.approx(wanted, nan_ok=False)


@engines
def test_nan_is_a_group_and_both_zeros_are_one(engine):
    table = pl.DataFrame({"k": [NAN, NAN, 0.0, -0.0, None, INF, -INF], "v": [1] * 7})
    assert figures("rows", table, engine) == [1, 2, 1, 2, 1]  # -inf, 0, inf, NaN, null


@engines
@pytest.mark.parametrize("by", [(), ("k",)])
@pytest.mark.parametrize(
    ("values", "total"),
    [
        (pl.Series([127] * 4, dtype=pl.Int8), 508),
        (pl.Series([255] * 4, dtype=pl.UInt8), 1020),
        (pl.Series([2**31 - 1] * 4, dtype=pl.Int32), 4 * (2**31 - 1)),
        (pl.Series([2**63 - 1, 5, -5, 0]), 2**63 - 1),
        (pl.Series([-(2**63), -1, 1, 0]), -(2**63)),
        (pl.Series([2**62, 1, 0, 0], dtype=pl.UInt64), 2**62 + 1),
        (pl.Series([True, True, None, False]), 2),
    ],
)
def test_sums_are_exact(values, total, by, engine):
    assert figures("sum", pl.DataFrame({"k": ["a"] * 4, "v": values}), engine, by) == [total]


@engines
@pytest.mark.parametrize("by", [(), ("k",)])
@pytest.mark.parametrize(
    "values", [pl.Series([2**63 - 1, 1]), pl.Series([-(2**63), -1]), pl.Series([2**63, 1], dtype=pl.UInt64)]
)
def test_a_sum_that_does_not_fit_is_an_error_that_says_so(values, by, engine):
    with pytest.raises(Exception, match=r"(?i)conversion") as raised:
        figures("sum", pl.DataFrame({"k": ["a"] * 2, "v": values}), engine, by)
    assert str(values_that_do_not_fit(raised.value)).startswith("Whole numbers overflow: ")
