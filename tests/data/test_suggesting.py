"""Suggested steps: each rule on the smallest table that needs it."""

import polars as pl
import pytest

from engine.data.profiling import profile_table
from engine.data.suggesting import suggestions_of
from operators.contract.tables import lazy
from operators.registry import BUILTIN

ROWS = 60


def suggested(tmp_path, target="", **columns):
    path = tmp_path / "table.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return suggestions_of(profile_table(path), target)


def reasons(found):
    return {(one.operator, one.reason, one.columns) for one in found}


STEADY = [float(number % 30) for number in range(ROWS)]
CASES = [
    ({"gaps": [None, *STEADY[1:]]}, ("fill_missing", "missing", ("gaps",))),
    ({"holes": [1.0, 2.0, *[None] * (ROWS - 2)], "other": STEADY}, ("select_columns", "mostly_missing", ("holes",))),
    ({"same": ["a"] * ROWS, "other": STEADY}, ("select_columns", "constant", ("same",))),
    ({"key": [f"k{n}" for n in range(ROWS)], "other": STEADY}, ("select_columns", "names_rows", ("key",))),
    ({"plan": ["pro", "free"] * (ROWS // 2)}, ("one_hot", "few_values", ("plan",))),
    ({"far": [1e6, *STEADY[1:]]}, ("clip_outliers", "far_ends", ("far",))),
    ({"small": STEADY, "large": [1e4 * n for n in STEADY]}, ("scale_numeric", "unequal_spread", ("small", "large"))),
]


@pytest.mark.parametrize(("columns", "expected"), CASES, ids=[expected[1] for _, expected in CASES])
def test_a_rule_finds_its_case(tmp_path, columns, expected):
    assert expected in reasons(suggested(tmp_path, **columns))


def test_columns_that_need_the_same_step_share_it(tmp_path):
    found = suggested(tmp_path, a=[None, *STEADY[1:]], b=[*STEADY[1:], None])
    assert [one.columns for one in found if one.operator == "fill_missing"] == [("a", "b")]


def test_the_target_is_left_alone_and_encodes_texts_of_many_values(tmp_path):
    cities = [f"city {number % 20}" for number in range(ROWS)]
    found = suggested(tmp_path, "left", city=cities, left=["yes", None] * (ROWS // 2))
    assert [(one.operator, one.parameters) for one in found] == [("target_encode", {"target": "left"})]


def test_a_column_that_says_the_same_as_the_target_is_left_out(tmp_path):
    left = ["yes", "no"] * (ROWS // 2)
    columns = {"left": left, "gone": ["y" if one == "yes" else "n" for one in left], "other": STEADY}
    assert ("select_columns", "gives_away", ("gone",)) in reasons(suggested(tmp_path, "left", **columns))
    assert all(one.reason != "gives_away" for one in suggested(tmp_path, **columns))


def test_a_table_without_rows_needs_nothing(tmp_path):
    assert suggested(tmp_path, a=pl.Series([], dtype=pl.Int64)) == []


def test_every_suggestion_is_an_operator_that_takes_it(tmp_path):
    for columns, _ in CASES:
        for one in suggested(tmp_path, **columns):
            document = one.document()
            BUILTIN.build(document["operator"], document["with"])


def test_what_is_suggested_for_gaps_leaves_none(tmp_path):
    table = pl.DataFrame({"a": [None, *STEADY[1:]], "t": [None, "y", *["x"] * (ROWS - 2)], "other": STEADY})
    for one in suggested(tmp_path, **table.to_dict(as_series=False)):
        if one.operator == "fill_missing":
            step = BUILTIN.build(one.operator, one.document()["with"])
            table = step.apply(step.fit(lazy(table)), lazy(table)).to_native().collect()
    assert [series.null_count() for series in table] == [0, 0, 0]
