"""A downloaded table opens in a spreadsheet and runs nothing there."""

import polars as pl
import pytest

from app.downloads import csv_of


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx"])
def test_text_that_looks_like_a_formula_gets_a_quote(cell):
    assert f"'{cell}" in csv_of(pl.DataFrame({"x": [cell]})).decode("utf-8-sig")


@pytest.mark.parametrize("cell", ["-5", "+1.5e3", "plain", "a=b"])
def test_numbers_and_plain_text_stay(cell):
    assert csv_of(pl.DataFrame({"x": [cell]})).decode("utf-8-sig") == f"x\n{cell}\n"


def test_a_header_is_text_too():
    assert csv_of(pl.DataFrame({"=1+1": [1]})).decode("utf-8-sig") == "'=1+1\n1\n"
