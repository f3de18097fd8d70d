"""Numbers in expressions: no engine wraps, and a cast rounds as it does in sql_transform."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from operators.contract.conversion import as_engine
from operators.contract.engine_errors import values_that_do_not_fit
from operators.contract.tables import collected, lazy, schema_of
from operators.registry import BUILTIN
from operators.testing.local import LocalContext
from operators.transform.cast_types import CastTypes
from operators.transform.filter_rows import FilterRows
from operators.transform.formula_column import FormulaColumn
from operators.transform.sql_transform import SqlTransform

WHOLE = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)
ENGINES = ("polars", "duckdb")
HALVES = [0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5, 2.7, -2.7, 0.49999999999999994, 1e15 + 0.5, None]


def formula(expression, table, engine="polars", version=None):
    """The column that an expression gives."""
    operator = BUILTIN.build("formula_column", {"name": "z", "expression": expression}, version)
    return collected(operator.transform(as_engine(table, engine)))["z"]


def sql(expression, table):
    """The column that the same text gives in sql_transform."""
    with LocalContext() as context:
        rows = SqlTransform(query=f"SELECT {expression} AS z FROM table").invoke({"table": lazy(table)}, context)
        return collected(rows["table"])["z"]


def ends(kind):
    """The smallest and the largest value of a type, and some between."""
    low, high = pl.select(kind.min(), kind.max().alias("high")).row(0)
    return [low, high, 0, 1, 2, high // 2 + 1]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", WHOLE[:3] + WHOLE[4:7], ids=str)
@pytest.mark.parametrize("expression", ["a * 2", "a + a", "a - 300", "-a", "abs(a)", "a // -3", "a % 7", "2 - a"])
def test_small_whole_numbers_are_computed_wide(expression, kind, engine):
    values = ends(kind)
    found = formula(expression, pl.DataFrame({"a": pl.Series(values, dtype=kind)}), engine)
    cut = {"a // -3": lambda a: int(a / -3) if a >= 0 else -a // 3, "a % 7": lambda a: a % 7 if a >= 0 else -(-a % 7)}
    exact = cut.get(expression) or (lambda a: eval(expression, {"a": a, "abs": abs}))
    assert found.dtype == pl.Int64
    assert found.to_list() == [exact(value) for value in values]


@settings(max_examples=60, deadline=None)
@given(some.sampled_from(WHOLE), some.sampled_from(WHOLE), some.sampled_from("+-*"), some.data())
def test_arithmetic_is_exact_or_an_error_on_polars_and_duckdb_alike(left, right, sign, data):
    a, b = (data.draw(some.integers(*ends(kind)[:2])) for kind in (left, right))
    table = pl.DataFrame({"a": pl.Series([a], dtype=left), "b": pl.Series([b], dtype=right)})
    exact = {"+": a + b, "-": a - b, "*": a * b}[sign]
    answers = []
    for engine in ENGINES:
        try:
            answers.append(formula(f"a {sign} b", table, engine).item())
        except Exception as error:  # noqa: BLE001 - each engine has its own
            answers.append("overflow" if values_that_do_not_fit(error) else repr(error))
    fits = -(2**63) <= exact < 2**63
    unsigned = (
        pl.UInt64 in {left, right} and sign != "-" and not (left.is_signed_integer() or right.is_signed_integer())
    )
    fits = 0 <= exact < 2**64 if unsigned else fits
    assert answers == [exact if fits else "overflow"] * 2


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "expression", ["b * 2", "b + 1", "-1 - b - 1", "(b + 0) * b", "abs(-1 - b)", "-(-1 - b)", "(-1 - b) // -1"]
)
def test_an_overflow_of_int64_is_an_error(expression, engine):
    table = pl.DataFrame({"b": [2**63 - 1]})
    with pytest.raises(Exception, match=r"(?i)overflow|i128") as raised:
        formula(expression, table, engine)
    assert str(values_that_do_not_fit(raised.value)).startswith("Whole numbers overflow: ")


@pytest.mark.parametrize("engine", ENGINES)
def test_unsigned_numbers_stay_exact(engine):
    table = pl.DataFrame({"u": pl.Series([2**64 - 1, 1], dtype=pl.UInt64), "i": [-1, 1]})
    assert formula("u - 1 - (u - 2)", table.tail(1), engine).to_list() == [1]
    assert formula("u // 2", table, engine).to_list() == [2**63 - 1, 0]
    assert formula("u = i", table, engine).to_list() == [False, True]
    assert formula("coalesce(u, 0)", table, engine).to_list() == [2**64 - 1, 1]
    assert formula("greatest(i, u)", table.tail(1), engine).to_list() == [1]
    with pytest.raises(Exception, match=r"(?i)conversion|out of range"):
        formula("greatest(i, u)", table, engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", [pl.Float64, pl.Float32], ids=str)
def test_a_cast_of_a_float_rounds_as_in_sql(kind, engine):
    values = HALVES if kind == pl.Float64 else [0.5, 1.5, 2.5, -0.5, -2.5, 2.75, None]
    table = pl.DataFrame({"f": pl.Series(values, dtype=kind)})
    assert formula("CAST(f AS BIGINT)", table, engine).to_list() == sql("CAST(f AS BIGINT)", table).to_list()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "expression",
    [
        "CAST(2.5 AS INTEGER)", "CAST(-2.5 AS INTEGER)", "CAST(n * 0.5 AS BIGINT)", "CAST(n + 0.5 AS SMALLINT)",
        "CAST(n / 2 AS BIGINT)", "CAST(f * 1.0 AS BIGINT)", "CAST(t AS BIGINT)", "CAST(t AS BIGINT) - 1",
        "CAST(abs(n * -0.5) AS BIGINT)", "CAST(f AS DECIMAL(10, 1))", "CAST(g AS DECIMAL(10, 2))", "CAST(b AS INTEGER)",
        "CAST(CAST(f AS DECIMAL(10, 1)) AS BIGINT)", "CAST(5e-1 AS INTEGER)", "CAST(n AS DOUBLE)", "CAST(n AS VARCHAR)",
    ],
)  # fmt: skip
def test_casts_mean_the_same_in_a_formula_and_in_sql(expression, engine):
    table = pl.DataFrame(
        {"n": [1, -1, 3, None], "f": [0.5, -2.5, 1.5, None], "t": ["2.5", " -7 ", "1e3", "9007199254740993"]}
    ).with_columns(b=pl.Series([True, False, None, True]), g=pl.Series([2.346, -2.344, 1.0, None]))
    found = formula(expression, table, engine)
    assert found.to_list() == pytest.approx(sql(expression, table).to_list())


@settings(max_examples=60, deadline=None)
@given(some.lists(some.integers(-(2**40), 2**40).map(lambda n: n / 2) | some.floats(-1e12, 1e12), min_size=1))
def test_rounding_is_that_of_sql_for_any_number(values):
    table = pl.DataFrame({"f": values})
    assert formula("CAST(f AS BIGINT)", table).equals(sql("CAST(f AS BIGINT)", table))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("value", ["300", "x", "2.5x", ""])
def test_a_text_that_does_not_fit_is_an_error_as_in_sql(value, engine):
    with pytest.raises(Exception, match=r"(?i)conver") as raised:
        formula("CAST(t AS TINYINT)", pl.DataFrame({"t": [value]}), engine)
    assert "fit in " in str(values_that_do_not_fit(raised.value))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e20, 300.0])
def test_a_number_that_does_not_fit_is_an_error_as_in_sql(value, engine):
    with pytest.raises(Exception, match=r"(?i)conver") as raised:
        formula("CAST(f AS TINYINT)", pl.DataFrame({"f": [value]}), engine)
    assert "fit in " in str(values_that_do_not_fit(raised.value))


@pytest.mark.parametrize("engine", ENGINES)
def test_cast_types_rounds_alike_and_makes_null_what_does_not_fit(engine):
    table = as_engine(pl.DataFrame({"f": [*HALVES, 1e30, float("nan")]}), engine)
    found = collected(CastTypes(types={"f": "int64"}).transform(table))["f"]
    wanted = sql("CAST(f AS BIGINT)", pl.DataFrame({"f": HALVES}))
    assert found.to_list() == [*wanted.to_list(), None, None]


def test_what_was_stored_with_version_1_computes_as_it_did():
    table = pl.DataFrame({"a": pl.Series([100, 127, -128], dtype=pl.Int8), "f": [0.5, 1.5, -1.5]})
    assert formula("a * 2", table, version=1).to_list() == [-56, -2, 0]
    assert formula("CAST(f AS BIGINT)", table, version=1).to_list() == [0, 1, -1]
    kept = BUILTIN.build("filter_rows", {"expression": "a + a > 0"}, 1).transform(lazy(table))
    assert collected(kept)["a"].to_list() == []
    assert collected(FilterRows(expression="a + a > 0").transform(lazy(table)))["a"].to_list() == [100, 127]
    cut = BUILTIN.build("cast_types", {"types": {"f": "int64"}}, 1).transform(lazy(table))
    assert collected(cut)["f"].to_list() == [0, 1, -1]


def test_the_type_that_is_promised_is_the_type_that_comes():
    table = lazy(pl.DataFrame({"a": pl.Series([1], dtype=pl.UInt8), "u": pl.Series([1], dtype=pl.UInt64)}))
    for expression in ("a * 2", "a - u", "u + 1", "abs(a)", "CAST(2.5 AS BIGINT)"):
        operator = FormulaColumn(name="z", expression=expression)
        assert operator.infer({"table": schema_of(table)}, {})["table"] == schema_of(operator.transform(table))
