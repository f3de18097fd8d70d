"""The library as a whole: its names, its import, its catalogue in the README."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

import operators
from operators.contract.card import Card
from operators.contract.errors import ParameterError
from operators.contract.operator import Operator
from operators.contract.tables import LazyTable
from operators.registry import BUILTIN, UnknownOperatorError
from operators.testing.checks import CHECKS, results_of

ROOT = Path(operators.__file__).parents[1]
HEAVY = ("sklearn", "pandas", "duckdb", "pyarrow", "lightgbm", "scipy", "optuna", "pyspark", "torch")


def test_every_operator_is_exported():
    for kind in BUILTIN.operators.values():
        assert getattr(operators, kind.__name__) is kind
        assert kind.__name__ in operators.__all__


def test_importing_the_library_imports_nothing_heavy():
    found = f"[name for name in {HEAVY} if name in sys.modules]"
    code = f"import json, sys\nfrom operators import *\nprint(json.dumps({found}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == []


def test_reading_a_file_imports_no_operator():
    code = (
        "import sys, engine.data.parsing.work; print('operators.registry' in sys.modules, 'operators' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True"]


def test_the_exports_and_the_table_of_the_readme_are_as_the_registry_says():
    checked = [sys.executable, ".ci/catalogue.py", "--check"]
    done = subprocess.run(
        checked, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_operator_names_the_nearest():
    with pytest.raises(UnknownOperatorError, match="No operator 'fill_mising'") as caught:
        BUILTIN.find("fill_mising")
    assert "fill_missing" in caught.value.hint


def test_a_version_that_is_not_here_is_refused():
    with pytest.raises(UnknownOperatorError, match="has no version 99"):
        BUILTIN.find("fill_missing", 99)


def test_a_fault_in_the_parameters_names_its_field():
    with pytest.raises(ParameterError, match="test_share") as caught:
        BUILTIN.build("split_rows", {"test_share": 2})
    assert caught.value.field == "test_share"


class Careless(Operator):
    card = Card(title={"en": "Careless"}, category="transform")

    def run(self, table: LazyTable) -> LazyTable:
        return table

    @classmethod
    def examples(cls):
        from operators.contract.operator import Example, frame

        return [Example(cls(), {"table": frame(a=[1])})]


def test_the_suite_says_what_a_careless_operator_lacks():
    results = {result.name: result for result in results_of(Careless)}
    assert list(results) == [check.__name__ for check in CHECKS]
    assert not results["check_card"].passed
    assert "Chinese" in results["check_card"].message
    assert results["check_pure"].passed


@pytest.mark.parametrize("kind", BUILTIN.operators.values(), ids=BUILTIN.operators)
def test_a_parameter_that_does_not_exist_is_refused(kind):
    with pytest.raises(ValidationError, match="surprise"):
        kind(surprise=1)
