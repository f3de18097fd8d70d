"""A table is written and passed on; its name is a name, not a path."""

import polars as pl
import pytest
from pydantic import ValidationError

from operators import WriteTable
from operators.contract.tables import collected, lazy
from operators.testing.local import LocalContext

PEOPLE = pl.DataFrame({"name": ["Ann", None], "age": [30, 40]})


def test_rows_are_exported_and_passed_on():
    with LocalContext() as context:
        found = WriteTable(name="people", format="parquet").invoke({"table": lazy(PEOPLE)}, context)["table"]
        assert context.exported["people.parquet"].equals(PEOPLE)
        assert context.reports == [(0, {"rows": 2})]
    assert collected(found).equals(PEOPLE)


@pytest.mark.parametrize("name", ["people", "Umsätze 2024", "客户-名单", "a", "x" * 64])
def test_plain_names_are_taken(name):
    assert WriteTable(name=name).name == name


@pytest.mark.parametrize(
    "name", ["", "../people", "/tmp/people", "a/b", "a\\b", "people.csv", " a", "a ", "a\nb", "x" * 65]
)
def test_what_is_no_plain_name_is_refused(name):
    with pytest.raises(ValidationError):
        WriteTable(name=name)
