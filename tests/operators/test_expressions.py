"""SQL expressions: the same values on every engine, and a sentence for whatever cannot be."""

import datetime as dt

import polars as pl
import pytest

from operators.contract.conversion import as_engine
from operators.contract.errors import ExpressionError, MissingColumnError
from operators.contract.tables import collected, lazy, schema_of
from operators.transform.filter_rows import FilterRows
from operators.transform.formula_column import FormulaColumn

ROWS = pl.DataFrame(
    {
        "row": [0, 1, 2, 3, 4],
        "a": [7, -7, 0, None, 3],
        "b": [2, 2, 0, 5, -2],
        "x": [1.5, -2.5, None, 0.0, 2.5],
        "s": ["Ann Lee", " bo ", None, "Zoë", "50%_a"],
        "t": ["n", "b", "q", None, "a"],
        "d": [dt.date(2024, 1, 31), dt.date(2024, 2, 29), None, dt.date(2023, 12, 31), dt.date(2024, 3, 3)],
        "m": pl.Series(
            ["2024-01-31 10:20:30", "2024-02-29 00:00:00", None, "2023-12-31 23:00:00", None]
        ).str.to_datetime(),
        "f": [True, False, None, True, False],
        "text": ["2024-01-01", "2020-12-31", None, "1999-01-01", "2000-02-29"],
        "年 龄": [1, 2, 3, 4, 5],
    }
)

VALUES = {
    "a + b": [9, -5, 0, None, 1],
    "a / b": [3.5, -3.5, None, None, -1.5],
    "1 / 3 * 3 = 1": [True] * 5,
    "a // b": [3, -3, None, None, -1],
    "a % b": [1, -1, None, None, 1],
    "a / 0": [None] * 5,
    "-a": [-7, 7, 0, None, -3],
    "2 + 3 * 4 - -1": [15] * 5,
    "a ** 2": [49.0, 49.0, 0.0, None, 9.0],
    "abs(a)": [7, 7, 0, None, 3],
    "ceil(x)": [2.0, -2.0, None, 0.0, 3.0],
    "floor(x)": [1.0, -3.0, None, 0.0, 2.0],
    "round(x)": [2.0, -3.0, None, 0.0, 3.0],
    "round(a, -1)": [10.0, -10.0, 0.0, None, 0.0],
    "sign(a)": [1, -1, 0, None, 1],
    "sqrt(a) IS NULL": [False, True, False, True, False],
    "ln(a) IS NULL": [False, True, True, True, False],
    "round(log10(100), 6)": [2.0] * 5,
    "greatest(a, b)": [7, 2, 0, 5, 3],
    "least(a, b)": [2, -7, 0, 5, -2],
    "coalesce(a, b, 0)": [7, -7, 0, 5, 3],
    "nullif(a, 0)": [7, -7, None, None, 3],
    "if(a > 0, 'p', 'n')": ["p", "n", "n", "n", "p"],
    "upper(s)": ["ANN LEE", " BO ", None, "ZOË", "50%_A"],
    "length(s)": [7, 4, None, 3, 5],
    "trim(s)": ["Ann Lee", "bo", None, "Zoë", "50%_a"],
    "substr(s, 2, 3)": ["nn ", "bo ", None, "oë", "0%_"],
    "right(s, 2)": ["ee", "o ", None, "oë", "_a"],
    "replace(s, 'n', '_')": ["A__ Lee", " bo ", None, "Zoë", "50%_a"],
    "s || '-' || a": ["Ann Lee-7", " bo --7", None, None, "50%_a-3"],
    "concat(t, ' ', a)": ["n 7", "b -7", "q 0", " ", "a 3"],
    "s LIKE 'A%'": [True, False, None, False, False],
    "s NOT LIKE '%e'": [False, True, None, True, True],
    "s ILIKE 'a__ l%'": [True, False, None, False, False],
    "regexp_matches(s, '[0-9]+')": [False, False, None, False, True],
    "year(d)": [2024, 2024, None, 2023, 2024],
    "EXTRACT(month FROM d)": [1, 2, None, 12, 3],
    "date_part('hour', m)": [10, 0, None, 23, None],
    "dayofweek(d)": [3, 4, None, 0, 0],
    "isodow(d)": [3, 4, None, 7, 7],
    "quarter(d)": [1, 1, None, 4, 1],
    "date_diff('day', d, DATE '2024-03-01')": [30, 1, None, 61, -2],
    "date_diff('month', d, DATE '2024-03-01')": [2, 1, None, 3, 0],
    "date_diff('hour', d, m)": [10, 0, None, 23, None],
    "CAST(date_trunc('month', d) AS DATE)": [
        dt.date(2024, 1, 1), dt.date(2024, 2, 1), None, dt.date(2023, 12, 1), dt.date(2024, 3, 1)
    ],
    "d + INTERVAL 1 MONTH": [
        dt.date(2024, 2, 29), dt.date(2024, 3, 29), None, dt.date(2024, 1, 31), dt.date(2024, 4, 3)
    ],
    "DATE '2024-03-01' - d": [30, 1, None, 61, -2],
    "d > DATE '2024-01-31'": [False, True, None, False, True],
    "CAST(text AS DATE) < d": [True, True, None, True, True],
    "CAST(text AS TIMESTAMP) < TIMESTAMP '2000-02-29 00:00:01'": [False, False, None, True, True],
    "a IS NULL": [False, False, False, True, False],
    "f AND a > 0": [True, False, False, None, False],
    "f OR a > 0": [True, False, None, True, True],
    "NOT f": [False, True, None, False, True],
    "a BETWEEN 0 AND 5": [False, False, True, None, True],
    "a IN (7, 3)": [True, False, False, None, True],
    "a NOT IN (7, b)": [False, True, False, None, True],
    "a IS DISTINCT FROM 7": [False, True, True, True, True],
    "CASE WHEN a > 0 THEN 'pos' WHEN a < 0 THEN 'neg' END": ["pos", "neg", None, None, "pos"],
    "CASE a WHEN 7 THEN 'seven' ELSE 'other' END": ["seven", "other", "other", "other", "other"],
    "CAST(x AS INTEGER)": [2, -2, None, 0, 2],
    "x::varchar": ["1.5", "-2.5", None, "0.0", "2.5"],
    '"年 龄" * 2': [2, 4, 6, 8, 10],
    "A": [7, -7, 0, None, 3],
    "a -- a remark": [7, -7, 0, None, 3],
}  # fmt: skip


def computed(expression, engine):
    table = FormulaColumn(name="result", expression=expression).transform(as_engine(ROWS, engine))
    return collected(table).sort("row")["result"]


@pytest.mark.parametrize("expression", VALUES)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_every_engine_gives_the_value(expression, engine):
    assert computed(expression, engine).to_list() == VALUES[expression]


@pytest.mark.parametrize("expression", VALUES)
def test_the_types_are_those_of_polars(expression):
    assert computed(expression, "duckdb").dtype == computed(expression, "polars").dtype


@pytest.mark.spark
def test_spark_gives_the_values(spark):
    table = as_engine(ROWS, "spark")
    for number, expression in enumerate(VALUES):
        table = FormulaColumn(name=f"result {number}", expression=expression).transform(table)
    rows = collected(table).sort("row")
    found = {expression: rows[f"result {number}"].to_list() for number, expression in enumerate(VALUES)}
    assert found == VALUES


@pytest.mark.parametrize(
    "expression",
    [
        "read_text('/etc/passwd')",
        "getenv('HOME')",
        "(SELECT max(a) FROM read_csv('/etc/passwd'))",
        "a IN (SELECT 1)",
        "EXISTS (SELECT 1)",
        "1) FROM '/etc/passwd'; SELECT (2",
        "1) UNION SELECT (2",
        "sum(a)",
        "avg(a) OVER ()",
        "count(*)",
        "random()",
        "now()",
        "current_setting('home_directory')",
        "*",
        "COLUMNS(*)",
        "[a, b]",
        "{'a': a}",
        "$1",
        "?",
        "x -> x + 1",
        "a, b",
        "a AS b",
        "a b",
        "a;",
        "",
        "   ",
        "'open",
        "\0",
        "\ud800",
        "CAST(a AS BLOB)",
        "CAST(a AS mystery)",
        "TRY_CAST(a AS DATE)",
        "substr(s, a, 2)",
        "substr(s, 0)",
        "round(x, 1, 2)",
        "date_part('eon', d)",
        "DATE 'soon'",
        "s LIKE t",
    ],
)
def test_what_is_no_formula_is_refused_with_a_sentence(expression):
    from operators.sql.expressions import expression as translated

    with pytest.raises(ExpressionError) as caught:
        translated(lazy(ROWS), expression)
    assert str(caught.value).endswith(".")
    assert caught.value.field == "expression"


@pytest.mark.parametrize("expression", ["upper(a)", "year(s)", "length(a)", "regexp_matches(s, '[')"])
def test_types_that_do_not_go_together_show_before_the_run(expression):
    operator = FormulaColumn(name="result", expression=expression)
    with pytest.raises(ExpressionError, match="cannot be computed"):
        operator.infer({"table": schema_of(lazy(ROWS))}, {})


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("CASE WHEN a > 0 THEN d ELSE x END", "CASE would give date or float64"),
        ("coalesce(s, a)", "COALESCE would give int64 or string"),
        ("greatest(s, a)", "greatest would give int64 or string"),
        ("CASE WHEN s THEN 1 END", "A condition is string, not true or false"),
        ("a AND f", "A condition is int64, not true or false"),
        ("s > 3", "int32 and string cannot be compared"),
        ("a = 's'", "int64 and string cannot be compared"),
        ("a IN ('s', 't')", "int64 and string cannot be compared"),
        ("d BETWEEN 1 AND 2", "date and int32 cannot be compared"),
        ("f <> 1", "boolean and int32 cannot be compared"),
        ("CAST(d AS INTEGER)", "date cannot be cast to int32"),
        ("CAST(a AS DATE)", "int64 cannot be cast to date"),
        ("f + f", "An argument of \\+ is boolean, not a number"),
        ("date_trunc('day', a)", "An argument of date_trunc is int64, not a moment"),
        ("m - d", "An argument of - is datetime, not a number"),
        ("CAST(s AS BOOLEAN)", "string cannot be cast to boolean"),
        ("sqrt(s)", "An argument of sqrt is string, not a number"),
        (f"{' + '.join(['a'] * 200)}", "nested more than"),
        (f"CASE {' '.join(['WHEN f THEN 1'] * 200)} END", "more than 120 WHENs"),
    ],
)
def test_what_cannot_be_computed_is_told(expression, sentence):
    with pytest.raises(ExpressionError, match=sentence) as caught:
        FormulaColumn(name="result", expression=expression).transform(lazy(ROWS))
    assert caught.value.field == "expression"


@pytest.mark.parametrize(
    "expression",
    [
        f"a IN ({', '.join(map(str, range(5000)))})",
        " OR ".join(f"a = {number}" for number in range(2000)),
        " + ".join(["a"] * 100),
        f"CASE {' '.join(f'WHEN a = {number} THEN {number}' for number in range(100))} END",
    ],
)
def test_long_expressions_work(expression):
    assert computed(expression, "polars").len() == ROWS.height


def test_an_unknown_column_names_the_nearest():
    with pytest.raises(MissingColumnError, match="No column 'ag'") as caught:
        FormulaColumn(name="c", expression="ag * 2").transform(lazy(pl.DataFrame({"age": [1]})))
    assert "age" in caught.value.hint


def test_an_unknown_function_names_the_nearest():
    with pytest.raises(ExpressionError, match="No function 'lenght'") as caught:
        FormulaColumn(name="c", expression="lenght(s)").transform(lazy(ROWS))
    assert "length" in caught.value.hint


def test_a_filter_wants_true_or_false():
    with pytest.raises(ExpressionError, match="gives int64, not true or false"):
        FilterRows(expression="a + 1").infer({"table": schema_of(lazy(ROWS))}, {})


def test_a_filter_drops_what_is_false_and_what_is_null():
    kept = collected(FilterRows(expression="a > 0").transform(lazy(ROWS)))
    assert kept["row"].to_list() == [0, 4]


def test_formulas_stay_one_lazy_query():
    table = lazy(ROWS.lazy())
    for number in range(3):
        table = FormulaColumn(name=f"n{number}", expression="a * 2").transform(table)
    assert isinstance(table.to_native(), pl.LazyFrame)


def test_infinity_and_nan_are_seen():
    table = lazy(pl.DataFrame({"x": [1.0, float("nan"), float("inf"), None]}))
    found = collected(FormulaColumn(name="odd", expression="isnan(x) OR NOT isfinite(x)").transform(table))
    assert found["odd"].to_list() == [False, True, True, None]
