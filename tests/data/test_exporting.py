"""Tables leave as files that hold the same values and run nothing."""

import datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.exporting import export, safe_names
from engine.data.formats import ReadOptions
from engine.data.parsing.delimited import read_delimited
from engine.data.values import cell
from engine.errors import DataError

AWKWARD = pl.DataFrame(
    {
        "=name": ["=1+1", "+49a", "-x", "@sum", "plain", None],
        "text": ["-5", "1e3", "\tx", "x\x00y", 'a,b\n"c"', ""],
        "number": [-1.5, float("nan"), float("inf"), 1, 2, None],
        "when": [datetime.datetime(2024, 1, 5, 10)] * 6,  # noqa: DTZ001
        "raw": [b"a"] * 6,
    }
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_in_a_file_begins_like_a_formula(tmp_path, kind):
    export(AWKWARD.lazy(), tmp_path / f"t.{kind}", kind)
    rows = read(tmp_path / f"t.{kind}", kind)
    texts = [str(value) for row in rows for value in row[:2] if value]
    assert texts[0] == "'=name"
    assert [text for text in texts if text[0] in "=+-@\t" and text not in ("-5", "1e3")] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_text_stays_as_it_is_where_that_is_asked_for(tmp_path, kind):
    export(pl.LazyFrame({"a": ["x"], "+b": ["-y"]}), tmp_path / f"t.{kind}", kind, formulas=True)
    assert read(tmp_path / f"t.{kind}", kind) == [["a", "+b"], ["x", "-y"]]


def test_parquet_holds_the_table_itself(tmp_path):
    export(AWKWARD.lazy(), tmp_path / "t.parquet", "parquet")
    assert pl.read_parquet(tmp_path / "t.parquet").equals(AWKWARD)


def test_numbers_and_times_of_a_sheet_are_numbers_and_times(tmp_path):
    export(AWKWARD.select("number", "when").lazy(), tmp_path / "t.xlsx", "xlsx")
    rows = read(tmp_path / "t.xlsx", "xlsx")
    assert [row[0] for row in rows[1:]] == [-1.5, None, "inf", 1, 2, None]
    assert rows[1][1] == datetime.datetime(2024, 1, 5, 10)  # noqa: DTZ001


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(st.timedeltas(datetime.timedelta(days=-200_000), datetime.timedelta(days=200_000)), min_size=1))
def test_durations_of_any_length_are_written_exactly(tmp_path, spans):
    export(pl.LazyFrame({"a": spans, "b": ["x"] * len(spans)}), tmp_path / "t.csv", "csv")
    written = [Decimal(row[0]) for row in read(tmp_path / "t.csv", "csv")[1:]]
    assert written == [Decimal(span // datetime.timedelta(microseconds=1)) / 1_000_000 for span in spans]
    assert [Decimal(str(cell(span)).removesuffix(" s")) for span in spans] == written


def test_durations_of_days_read_back_as_they_were_written(tmp_path):
    spans = [datetime.timedelta(hours=25, minutes=30), None, datetime.timedelta(days=-2, microseconds=1)]
    export(pl.LazyFrame({"a": spans, "b": ["x"] * 3}), tmp_path / "t.csv", "csv")
    table = read_delimited(tmp_path / "t.csv", ReadOptions(), tmp_path).table.collect()
    assert table["a"].to_list() == [span and span.total_seconds() for span in spans]


def test_what_a_sheet_cannot_hold_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match="sheet"):
        export(pl.LazyFrame({"a": range(1_048_576)}), tmp_path / "t.xlsx", "xlsx")
    with pytest.raises(DataError, match="docx"):
        export(AWKWARD.lazy(), tmp_path / "t.docx", "docx")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1), min_size=1))
def test_a_spreadsheet_runs_no_text_and_loses_none(tmp_path, texts):
    export(pl.LazyFrame({"a": texts}), tmp_path / "t.csv", "csv")
    back = pl.read_csv(tmp_path / "t.csv", infer_schema=False)["a"].to_list()
    for text, found in zip(texts, back, strict=True):
        assert found.removeprefix("'") == text.removeprefix("'") or found == text
        assert found[0] not in "=@\t"


@given(st.lists(st.text(max_size=5), unique=True))
def test_safe_names_stay_different(names):
    assert len(set(safe_names(names).values())) == len(names)


def read(path, kind):
    if kind == "csv":
        return [list(row) for row in pl.read_csv(path, has_header=False, infer_schema=False).rows()]
    return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]
