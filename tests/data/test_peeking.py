"""A file is shown before it is read as it will be read, and no wrong option loses it."""

import json

import polars as pl
import pytest

from engine.data.formats import ReadOptions
from engine.data.parsing.families import READERS
from engine.data.parsing.parse import peek
from engine.data.parsing.peeking import ROWS, peeked
from engine.errors import UnreadableFileError


@pytest.fixture
def peeked_at(written, tmp_path):
    """Peek at content in this process."""

    def peeking(content, name="table.csv", **options):
        found = peeked(written(content, name), ReadOptions(**options), tmp_path)
        json.dumps(found, allow_nan=False)
        return found

    return peeking


def types(found):
    return {column["name"]: column["type"] for column in found["columns"]}


def test_rows_and_types_are_those_of_the_import(peeked_at):
    found = peeked_at("id,when,x\n007,2024-01-05,1.5\n008,2024-01-06,2\n")
    assert types(found) == {"id": "string", "when": "date", "x": "float64"}
    assert found["rows"][0] == ["007", "2024-01-05", 1.5]
    assert (found["read"], found["rejected"], found["whole"]) == (2, 0, True)
    assert found["findings"][0]["values"] == {"example": "007"}


def test_options_change_what_is_shown(peeked_at):
    found = peeked_at("a;b\n1,5;03/04/2024\n2,5;05/04/2024\n", delimiter=";", decimal=",", day_first=True)
    assert found["rows"] == [[1.5, "2024-04-03"], [2.5, "2024-04-05"]]
    assert types(peeked_at("a\n1\n2\n", types={"a": "string"})) == {"a": "string"}


@pytest.mark.parametrize(("day_first", "day"), [(True, "2024-04-03"), (False, "2024-03-04")])
def test_an_ambiguous_day_is_read_as_told(peeked_at, day_first, day):
    assert types(peeked_at("d,x\n03/04/2024,1\n05/06/2024,2\n"))["d"] == "string"
    assert peeked_at("d,x\n03/04/2024,1\n05/06/2024,2\n", day_first=day_first)["rows"][0][0] == day
    forced = {"day_first": day_first, "types": {"d": "datetime"}}
    assert peeked_at("d,x\n03/04/2024,1\n05/06/2024,2\n", **forced)["rows"][0][0] == f"{day}T00:00:00"


def test_marks_between_thousands_are_read_as_told(peeked_at):
    text = 'n,m\n"1,234","1,234.5"\n5,"2,000,000.25"\n'
    assert types(peeked_at(text)) == {"n": "string", "m": "string"}
    found = peeked_at(text, thousands=",")
    assert found["rows"] == [[1234, 1234.5], [5, 2000000.25]]
    assert peeked_at("n;m\n1.234,5;x\n7;y\n", thousands=".", decimal=",")["rows"][0][0] == 1234.5


def test_a_wrong_option_is_a_sentence_beside_what_was_sniffed(peeked_at):
    found = peeked_at("a,b\n1,2\n3,4\n", delimiter="|", types={"a": "date"})
    assert found["error"] is None
    found = peeked_at("a,b\nx,2\ny,4\n", types={"a": "date"})
    assert "is not a date" in found["error"]["sentence"]
    assert found["sniffed"]["delimiter"] == ","
    assert found["lines"][0] == "a,b"


def test_a_file_whose_encoding_cannot_be_told_can_be_given_one(peeked_at):
    content = "名,b\n".encode("big5") + bytes(range(0x81, 0xFF)) + b",1\n"
    found = peeked_at(content)
    assert found["error"]
    assert found["sniffed"] == {"format": "csv"}
    assert peeked_at(content, encoding="latin-1")["error"] is None


def test_rejected_lines_are_shown(peeked_at):
    found = peeked_at("a,b\n" + "1,2\n" * 30 + "3,4,5\n")
    assert (found["read"], found["rejected"], found["rejects"][0][0]) == (30, 1, 32)


def test_only_the_beginning_of_a_large_file_is_read(peeked_at):
    found = peeked_at("a,b\n" + "12345,abcdefgh\n" * 100_000)
    assert not found["whole"]
    assert (len(found["rows"]), found["rejected"]) == (ROWS, 0)
    assert 60_000 < found["read"] < 100_000


def test_long_lines_and_long_names_are_read_whole(peeked_at):
    found = peeked_at(f"{'x' * 1_500_000},b\n{'y' * 2_000_000},1\n")
    assert (found["read"], found["whole"]) == (1, True)
    assert len(found["rows"][0][0]) <= 500


def test_sheets_of_a_workbook_are_told(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        for name in ("first", "second"):
            book.add_worksheet(name).write_column(0, 0, [name, "v", "w"])
    found = peeked(tmp_path / "b.xlsx", ReadOptions(sheet="second"), tmp_path)
    assert (found["sniffed"]["sheets"], found["rows"]) == (["first", "second"], [["v"], ["w"]])
    assert "no sheet" in peeked(tmp_path / "b.xlsx", ReadOptions(sheet="x"), tmp_path)["error"]["sentence"]


def test_other_kinds_are_shown_too(written, tmp_path):
    pl.DataFrame({"a": [1], "b": [[1, 2]]}).write_parquet(tmp_path / "t.parquet")
    assert peeked(tmp_path / "t.parquet", ReadOptions(), tmp_path)["rows"] == [[1, "[1,2]"]]
    assert peeked(written('{"a": 1}\nx\n', "t.jsonl"), ReadOptions(), tmp_path)["rejected"] == 1
    assert set(READERS) == {"csv", "parquet", "arrow", "jsonl", "xlsx"}


def test_what_is_no_table_is_refused(written, tmp_path):
    with pytest.raises(UnreadableFileError, match="Excel"):
        peeked(written(b"\xd0\xcf\x11\xe0" + b"0" * 100), ReadOptions(), tmp_path)


def test_a_child_does_the_peeking(written, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    assert peek(written("a,b\n1,2\n"), ReadOptions(), folder)["rows"] == [[1, 2]]


def test_one_mark_cannot_mean_both():
    with pytest.raises(ValueError, match="both"):
        ReadOptions(decimal=",", thousands=",")


def test_a_json_array_is_not_cut(peeked_at):
    rows = ",\n".join(json.dumps({"id": number, "text": "x" * 80}) for number in range(15_000))
    found = peeked_at(f"[{rows}]", name="t.json")
    assert (found["error"], found["read"], found["whole"]) == (None, 15_000, True)
