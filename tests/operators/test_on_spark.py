"""Spark, too: NaN in groups, whole numbers that do not wrap, casts, and what operators lose, as on Polars."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from engine.tally import Tally, watched_fit
from operators.contract.conversion import as_engine
from operators.contract.engine_errors import values_that_do_not_fit
from operators.contract.fitted import FittedOperator
from operators.contract.tables import collected
from operators.registry import BUILTIN
from operators.testing.local import LocalContext
from operators.transform.cast_types import CastTypes
from operators.transform.formula_column import FormulaColumn
from operators.transform.group_aggregate import Aggregation, GroupAggregate
from tests.runs.test_losses import CITIES, ROWS

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("spark")]

NAN, INF = float("nan"), float("inf")
SMALL = {"i8": pl.Int8, "i16": pl.Int16, "i32": pl.Int32, "u8": pl.UInt8, "u16": pl.UInt16, "u32": pl.UInt32}
FIGURES = ("sum", "mean", "median", "std", "min", "max", "count", "n_unique")


def on(engine, operator, table):
    """What an operator gives on an engine."""
    return collected(operator.transform(as_engine(table, engine)))


def grouped(figures, by=("k",)):
    """An operator for some figures, given as (function, column)."""
    return GroupAggregate(by=by, aggregations=tuple(Aggregation(function=f, column=c) for f, c in figures))


def with_formulas(table, expressions, engine):
    """A table with a column for each expression."""
    rows = as_engine(table, engine)
    for expression in expressions:
        rows = FormulaColumn(name=expression, expression=expression).transform(rows)
    return collected(rows).select(expressions)


def sentence(operator, table, engine):
    """What a person reads where an operator fails on an engine."""
    with pytest.raises(Exception, match=r"(?i)overflow|conver|cast") as raised:
        on(engine, operator, table)
    return str(values_that_do_not_fit(raised.value))


def test_every_figure_passes_over_nan():
    v = [1.0, NAN, 2.0, 3.0, NAN, INF, 1.0, None]
    table = pl.DataFrame({"k": list("aabbcdde"), "v": v})
    asked = grouped([(figure, "v") for figure in FIGURES])
    found = on("spark", asked, table)
    assert found["v_sum"].to_list() == [1.0, 5.0, 0.0, INF, 0.0]
    assert_frame_equal(found, on("polars", asked, table))


def test_nan_is_a_group_and_both_zeros_are_one():
    table = pl.DataFrame({"k": [NAN, NAN, 0.0, -0.0, None, INF, -INF], "v": [1] * 7})
    assert on("spark", grouped([("count", "v")]), table)["v_count"].to_list() == [1, 2, 1, 2, 1]


def test_small_whole_numbers_are_computed_wide():
    ends = {
        name: pl.Series([*pl.select(kind.min(), b=kind.max()).row(0), 1], dtype=kind) for name, kind in SMALL.items()
    }
    forms = ("{} * 2", "{0} + {0}", "{} - 300", "-{}", "abs({})", "{} // -3", "{} % 7", "2 - {}")
    expressions = [form.format(name) for form in forms for name in SMALL]
    found = with_formulas(pl.DataFrame(ends), expressions, "spark")
    assert set(found.dtypes) == {pl.Int64}
    assert_frame_equal(found, with_formulas(pl.DataFrame(ends), expressions, "polars"))


@pytest.mark.parametrize("by", [(), ("k",)])
def test_sums_are_exact_also_where_they_pass_the_end_on_the_way(by):
    table = pl.DataFrame(
        {
            "k": ["a"] * 4,
            "small": pl.Series([127] * 4, dtype=pl.Int8),
            "unsigned": pl.Series([255] * 4, dtype=pl.UInt8),
            "middle": pl.Series([2**31 - 1] * 4, dtype=pl.Int32),
            "high": [2**63 - 1, 5, -5, 0],
            "low": [-(2**63), -1, 1, 0],
            "flag": [True, True, None, False],
        }
    )
    totals = {"small": 508, "unsigned": 1020, "middle": 4 * (2**31 - 1), "high": 2**63 - 1, "low": -(2**63), "flag": 2}
    found = on("spark", grouped([("sum", name) for name in totals], by), table)
    assert found.drop("k", strict=False).row(0, named=True) == {f"{name}_sum": total for name, total in totals.items()}


@pytest.mark.parametrize("values", [[2**63 - 1, 1], [-(2**63), -1]])
def test_a_sum_that_does_not_fit_fails_with_the_same_sentence_everywhere(values):
    told = {
        sentence(grouped([("sum", "v")], ()), pl.DataFrame({"v": values}), e) for e in ("polars", "duckdb", "spark")
    }
    assert told == {f"Whole numbers overflow: {sum(values)} (int64)."}


@pytest.mark.parametrize("expression", ["b * 2", "-1 - b - 1", "abs(-1 - b)"])
def test_an_overflow_of_int64_is_an_error_that_says_so(expression):
    told = sentence(FormulaColumn(name="z", expression=expression), pl.DataFrame({"b": [2**63 - 1]}), "spark")
    assert told.startswith("Whole numbers overflow: ")
    assert "int64" in told


@pytest.mark.parametrize(("value", "target"), [(NAN, "BIGINT"), (1e20, "BIGINT"), (300.0, "TINYINT"), ("x", "TINYINT")])
def test_a_value_that_does_not_fit_is_an_error_that_says_so(value, target):
    told = sentence(FormulaColumn(name="z", expression=f"CAST(v AS {target})"), pl.DataFrame({"v": [value]}), "spark")
    assert "does not fit in " in told


def test_rounding_leaves_nan_infinity_and_large_numbers_as_they_are():
    table = pl.DataFrame({"f": [NAN, INF, -INF, 1e20, -2.5, 0.5, None]})
    expressions = ["floor(f)", "ceil(f)", "round(f)"]
    assert_frame_equal(with_formulas(table, expressions, "spark"), with_formulas(table, expressions, "polars"))


def test_cast_types_rounds_alike_and_makes_null_what_does_not_fit():
    table = pl.DataFrame({"f": [0.5, 1.5, -2.5, 2.7, 1e30, NAN, INF, None]})
    found = on("spark", CastTypes(types={"f": "int64"}), table)["f"].to_list()
    assert found == [0, 2, -2, 3, None, None, None, None]


LOST = ROWS.select("mixed", "size", "count", "day", "flag", "city")
LOSING = {
    "casts": ("cast_types", {"types": {"mixed": "int64", "size": "int64", "day": "date", "flag": "boolean"}}),
    "a division by zero": ("formula_column", {"name": "each", "expression": "size / count"}),
    "rows without a match": ("join_tables", {"on": ["city"]}),
    "values beyond a bound": ("clip_outliers", {"columns": ["size"], "method": "quantile", "lower": 0.1, "upper": 0.9}),
}


def lost(name, parameters, engine):
    """What an operator loses on an engine, by kind and column."""
    operator, tally = BUILTIN.build(name, parameters), Tally()
    others = [port.name for port in operator.input_ports()[1:] if name == "join_tables"]
    tables = {operator.input_ports()[0].name: as_engine(LOST, engine)} | {p: as_engine(CITIES, engine) for p in others}
    if isinstance(operator, FittedOperator):
        with LocalContext(engine=engine) as context:
            collected(watched_fit(tally, operator, tables["train"], operator.invoke(tables, context)))
    else:
        collected(tally.watched(operator, tables, lambda given: operator.transform(**given)))
    return {(one["kind"], one["column"], one["lost"], one["of"], one["severity"]) for one in tally.findings()}


@pytest.mark.parametrize(("name", "parameters"), LOSING.values(), ids=LOSING)
def test_what_an_operator_loses_is_counted_alike(name, parameters):
    found = lost(name, parameters, "spark")
    assert found
    assert found == lost(name, parameters, "polars")
