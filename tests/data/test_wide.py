"""Wide files open soon, and wider ones than may be are refused at once."""

import time

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Workspace
from engine.data.datasets import DatasetStore
from engine.data.formats import ReadOptions
from engine.data.parsing import about_text, deciding, glance
from engine.errors import UnreadableFileError
from engine.records.database import Records

VALUES = [
    "0",
    "-0",
    "+7",
    "12",
    "007",
    "1.5",
    "-0.25",
    "1.",
    ".5",
    "1e3",
    "12E4",
    "NA",
    "-",
    "?",
    "",
    " 3 ",
    "x",
    "true",
]
VALUES += [
    "9007199254740993",
    "123456789012345",
    "99999999999999999999",
    "1,5",
    "1,234",
    "٣",
    "inf",
    "nan",
    "2024-01-02",
]


@pytest.fixture
def store(tmp_path):
    workspace = Workspace.at(tmp_path / "workspace")
    return DatasetStore(workspace, Records.open(workspace))


def wide(tmp_path, kind, columns):
    """Write a file of four rows and so many columns, every other of them text."""
    path = tmp_path / f"wide.{kind}"
    table = pl.DataFrame(
        {
            f"c{place}": [place, place + 1, -place, 2] if place % 2 else [f"a{place}", "b", "c", None]
            for place in range(columns)
        }
    )
    if kind == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([table.columns, *table.rows()]):
                sheet.write_row(number, 0, row)
    else:
        {"csv": table.write_csv, "parquet": table.write_parquet, "jsonl": table.write_ndjson}[kind](path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_ten_thousand_columns_open_within_five_seconds(store, tmp_path, kind):
    path = wide(tmp_path, kind, 10_000)
    began = time.monotonic()
    version = store.add("wide", path)
    assert time.monotonic() - began < 5
    assert (version.rows, [column.type for column in version.schema]) == (4, ["string", "int64"] * 5000)


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "jsonl"])
def test_a_wider_file_is_refused_with_the_limit(store, tmp_path, kind, monkeypatch):
    monkeypatch.setenv("TANDEM_MAX_COLUMNS", "7")
    assert len(store.add("wide", wide(tmp_path, kind, 7)).schema) == 7
    with pytest.raises(UnreadableFileError, match="8 columns or more, and 7 are read at most") as caught:
        store.add("wide", wide(tmp_path, kind, 8))
    assert "TANDEM_MAX_COLUMNS" in caught.value.hint


def test_a_wide_version_is_described_when_somebody_looks(store, tmp_path):
    version = store.add("wide", wide(tmp_path, "parquet", 1001))
    assert not (version.folder / "profile.json").exists()
    described = store.profile("wide")
    assert (described["rows"], len(described["columns"])) == (4, 1001)
    assert (version.folder / "profile.json").is_file()
    assert store.profile("wide") == described


@given(
    values=st.lists(st.none() | st.sampled_from(VALUES), max_size=6),
    marks=st.sampled_from([{}, {"decimal": ",", "thousands": "."}, {"thousands": ","}, {"null_words": ("-999", "12")}]),
)
def test_what_is_told_at_a_glance_is_what_the_rules_say(values, marks):
    table = pl.LazyFrame({"c0": values}, schema={"c0": pl.String})

    def said():
        (decision,) = deciding.decide(table, ["a"], ReadOptions(**marks))
        reader = decision.reader
        read = (
            None if reader is None else table.select(c0=reader.read(deciding.text_of("c0"))).collect()["c0"].to_list()
        )
        return (reader and reader.type, read, decision.bad, decision.findings)

    with pytest.MonkeyPatch.context() as patch:
        quick = said()
        patch.setattr(glance, "SHORT", -1)
        patch.setattr(about_text, "SHORT", -1)
        assert quick == said()
