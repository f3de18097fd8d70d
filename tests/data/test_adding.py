"""`tandem data add` takes every option of reading, and says which of them is wrong."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.main import app

TEXT = (
    "Report of May\nmade by hand\nid;price;count;day\n1;1.234,5;1 000;03/04/2024\n2;7,25;2 000;05/06/2024\nTotal;;;\n"
)


@pytest.fixture
def add(written, tmp_path):
    """Add the text above to a workspace of its own."""

    def adding(*words):
        called = ["data", "add", "report", str(written(TEXT, "report.csv")), *words, "--json"]
        return CliRunner().invoke(app, called, env={"TANDEM_WORKSPACE": str(tmp_path / "w")})

    return adding


def test_every_option_reaches_the_reader(add):
    formats = ["--numbers", "price=1.234,5", "--numbers", "count=1 234.5", "--type", "id=string", "--day-first"]
    told = json.loads(add("--header-row", "3", "--skip-last", "1", *formats).stdout)
    types = {column["name"]: column["type"] for column in told["columns"]}
    assert types == {"id": "string", "price": "float64", "count": "int64", "day": "date"}
    assert (told["rows"], told["rejected"], told["sniffed"]["skipped_lines"]) == (2, 0, 2)


def test_lines_at_the_top_and_marks_of_all_columns_are_taken(add):
    told = json.loads(add("--skip-rows", "3", "--no-header", "--decimal", ",", "--thousands", ".").stdout)
    assert (told["columns"][1], told["rows"]) == ({"name": "column_2", "type": "float64"}, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--numbers", "price=12"], "written like one of"),
        (["--numbers", "price"], "names no column"),
        (["--type", "id=colour"], "cannot be 'colour'"),
        (["--header-row", "0"], "header_row"),
        (["--header-row", "2", "--skip-rows", "5"], "cannot hold the names"),
    ],
)
def test_a_wrong_option_is_a_sentence(add, words, said):
    result = add(*words)
    assert (result.exit_code != 0, said in result.output, "Traceback" in result.output) == (True, True, False)
