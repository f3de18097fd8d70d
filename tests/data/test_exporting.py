"""Tables leave as files that hold the same values and run nothing."""

import datetime

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.exporting import export, safe_names
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
