"""`tandem check --dry-run`: what is wrong behind a script is told once the script was tried on an empty table."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from engine import Workbench

PIPELINE = """
name: p
nodes:
  read: {operator: read_dataset, with: {dataset: people}}
  clean: {operator: python_script, with: {code: "def run(table): return table.select(older=pl.col('age') + 1)%s"},
    from: {table: read}}
  sort: {operator: sort_rows, with: {by: [age]}, from: {table: clean}}
"""


@pytest.fixture
def check(tmp_path):
    """Call `tandem check p.yaml WORDS --json`: status and the problems as `node: sentence`."""
    (tmp_path / "people.csv").write_text("age\n1\n")
    Workbench.open(tmp_path / "w").datasets.add("people", tmp_path / "people.csv")

    def call(*words, then=""):
        (tmp_path / "p.yaml").write_text(PIPELINE % then)
        asked = ["check", str(tmp_path / "p.yaml"), *words, "--json"]
        result = CliRunner().invoke(app, asked, env={"TANDEM_WORKSPACE": str(tmp_path / "w")})
        found = json.loads(result.stdout)
        assert {"problems", "schemas", "parameters"} == set(found)
        return result.exit_code, [f"{one['node']}: {one['sentence']}" for one in found["problems"]]

    return call


def test_a_wrong_column_behind_a_script_is_told_after_a_dry_run(check):
    unknown = (2, ["clean: The columns that 'clean' gives are not known yet."])
    assert check() == unknown
    assert check() == unknown
    assert check("--dry-run") == check() == (2, ["sort: No column 'age'."])


def test_a_script_that_needs_rows_says_so_in_one_line(check):
    status, (problem,) = check("--dry-run", then=".row(0)")
    assert status == 2
    assert problem.startswith("clean: 'clean' cannot be tried on an empty table: Line 1: ")
