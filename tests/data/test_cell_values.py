"""Cells become JSON without losing what they say."""

import datetime
import decimal
import json

import polars as pl
import pytest

from engine.data.files import read_table
from engine.data.values import cell, page
from operators.contract.tables import collected, lazy


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None), (True, True), (2**60 + 1, 2**60 + 1), (1.5, 1.5), ("x", "x"),
        (float("nan"), None), (float("inf"), "inf"),
        (datetime.date(2024, 1, 5), "2024-01-05"), (datetime.time(1, 2), "01:02:00"),
        (datetime.timedelta(seconds=90), "90.0 s"),
        (decimal.Decimal("1.5"), 1.5), (decimal.Decimal("0.1000000000000000000001"), "0.1000000000000000000001"),
        (b"\x00\xff", "base64:AP8="), ([1, None, float("nan")], [1, None, None]), ({"a": b"x"}, {"a": "base64:eA=="}),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_json(value, shown):
    assert cell(value) == shown
    json.dumps(cell(value), allow_nan=False)


def test_a_page_shows_the_first_rows_and_counts_all():
    table = lazy(pl.DataFrame({"a": range(100), "b": ["x"] * 100}))
    assert page(table, rows=2) == {"columns": ["a", "b"], "rows": [[0, "x"], [1, "x"]], "total_rows": 100}
    assert page(table, rows=2, total=7)["total_rows"] == 7


def test_a_file_is_read_as_a_table_without_being_kept(written, tmp_path):
    table = read_table(written("a;b\n1;2\n"), tmp_path, "duckdb", delimiter=";")
    assert collected(table).rows() == [(1, 2)]
