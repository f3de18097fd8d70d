"""Reading datasets and files: what is asked of the platform, and what is known before the run."""

import polars as pl
import pytest

from operators import ReadCsv, ReadDataset, ReadParquet
from operators.contract.card import Source
from operators.contract.errors import ParameterError
from operators.contract.tables import Column, collected
from operators.testing.local import LocalContext

SCHEMA = (Column("a", "int64"),)


@pytest.mark.parametrize(
    ("operator", "source"),
    [
        (ReadDataset(dataset="people@2"), Source("dataset", "people@2")),
        (ReadCsv(path="people.csv"), Source("file", "people.csv")),
        (ReadParquet(path="people.parquet"), Source("file", "people.parquet")),
    ],
)
def test_a_source_is_named_and_its_schema_promised(operator, source):
    assert list(operator.sources()) == [source]
    assert operator.infer({}, {source.ref: SCHEMA}) == {"table": SCHEMA}
    assert operator.infer({}, {}) == {"table": None}


def test_a_given_dialect_is_asked_for_and_promises_nothing(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("名;数\n安;1\n", encoding="gbk")
    operator = ReadCsv(path=str(path), delimiter=";", encoding="gbk")
    assert operator.infer({}, {str(path): SCHEMA}) == {"table": None}
    with LocalContext() as context:
        assert collected(operator.run(context)).to_dict(as_series=False) == {"名": ["安"], "数": [1]}


def test_how_numbers_are_written_and_where_the_names_stand_are_asked_for(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Report\nid;price\n1;1.234,5\n2;7,25\n")
    operator = ReadCsv(path=str(path), delimiter=";", decimal=",", thousands=".", header_row=2)
    with LocalContext() as context:
        assert collected(operator.run(context)).rows() == [(1, 1234.5), (2, 7.25)]


def test_parquet_is_read_from_disk(tmp_path):
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "a.parquet")
    with LocalContext() as context:
        assert collected(ReadParquet(path=str(tmp_path / "a.parquet")).run(context))["a"].to_list() == [1]


@pytest.mark.parametrize("name", ["none.csv", "none.parquet"])
def test_a_missing_file_is_a_sentence(tmp_path, name):
    with LocalContext() as context, pytest.raises(ParameterError, match="No table can be read"):
        context.file(str(tmp_path / name))
