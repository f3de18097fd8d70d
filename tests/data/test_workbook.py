"""A sheet is read as last saved; bombs and entities are refused before they expand."""

import datetime
import zipfile

import pytest
import xlsxwriter

from engine.data.formats import ReadOptions
from engine.data.parsing.workbook import read_workbook
from engine.errors import UnreadableFileError


@pytest.fixture
def book(tmp_path):
    """Write sheets of rows to a workbook and return its path."""

    def write(**sheets):
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as workbook:
            for name, rows in sheets.items():
                sheet = workbook.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return path

    return write


def rezipped(path, part, content):
    """Replace a part of the workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, kept in {**parts, part: content}.items():
            archive.writestr(name, kept)
    return path


def read(path, tmp_path, **options):
    return read_workbook(path, ReadOptions(**options), tmp_path)


def test_cells_keep_their_types(book, tmp_path):
    moment = datetime.datetime(2024, 1, 5, 10, 30)  # noqa: DTZ001 (a workbook has no zones)
    day = moment.replace(hour=0, minute=0)
    rows = [[1, 1.5, True, day, moment, "007"], [2, 2, False, day, moment, "08"]]
    path = book(data=[["n", "x", "flag", "day", "at", "id"], *rows])
    table = read(path, tmp_path).table.collect()
    assert table.row(0) == (1, 1.5, True, day.date(), moment, "007")


def test_numbers_kept_as_text_stay_text(book, tmp_path):
    table = read(book(data=[["a", "b"], ["1", 2], ["3", 4]]), tmp_path).table.collect()
    assert table.rows() == [("1", 2), ("3", 4)]


def test_a_bad_cell_rejects_its_row(book, tmp_path):
    reading = read(book(data=[["a", "b"], *[[number, "t"] for number in range(30)], ["bad", "u"]]), tmp_path)
    assert reading.table.collect().height == 30
    assert reading.rejects.rows() == [(32, "a", "'bad' is not a whole number", "bad\tu")]


def test_the_first_sheet_is_read_and_said(book, tmp_path):
    reading = read(book(**{f"s{number}": [["a", "b"], [number, 2]] for number in range(50)}), tmp_path)
    assert reading.table.collect().rows() == [(0, 2)]
    assert "50 sheets" in reading.sniffed.findings[0].sentence


def test_a_sheet_can_be_chosen(book, tmp_path):
    path = book(one=[["a", "b"], [1, 2]], two=[["a", "b"], [3, 4]])
    assert read(path, tmp_path, sheet="two").table.collect().rows() == [(3, 4)]
    with pytest.raises(UnreadableFileError, match="no sheet 'three'") as caught:
        read(path, tmp_path, sheet="three")
    assert "two" in caught.value.hint


def test_formulas_are_not_evaluated(book, tmp_path):
    path = book(data=[["a", "b"], [1, "=1+1"], [2, '=WEBSERVICE("http://x")']])
    reading = read(path, tmp_path)
    assert reading.table.collect()["b"].to_list() == [0, 0]  # what the file says was saved
    assert "formulas" in {finding.kind for finding in reading.sniffed.findings}


def test_merged_headers_give_names_to_all_columns(tmp_path):
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 0, 0, 1, "both")
        sheet.write(0, 2, "c")
        sheet.write_row(1, 0, [1, 2, 3])
    assert read(path, tmp_path).table.collect().columns == ["both", "column_2", "c"]


def test_a_bomb_is_refused_by_what_it_declares(book, tmp_path):
    path = rezipped(book(data=[["a", "b"]]), "xl/worksheets/sheet1.xml", b"<x>" + b" " * 50_000_000)
    with pytest.raises(UnreadableFileError, match="would expand"):
        read(path, tmp_path)


def test_entities_are_refused(book, tmp_path):
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
        with pytest.raises(UnreadableFileError, match=r"entities|not a whole"):
            read(rezipped(book(data=[["a", "b"], ["x", 2]]), part, laughs), tmp_path)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_damaged_parts_are_a_sentence(book, tmp_path, part):
    with pytest.raises(UnreadableFileError):
        read(rezipped(book(data=[["a", "b"], ["x", 2]]), part, b"<broken"), tmp_path)


def test_a_cut_workbook_and_a_plain_archive_are_sentences(book, tmp_path):
    path = book(data=[["a", "b"], [1, 2]])
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(UnreadableFileError, match="not a whole XLSX"):
        read(path, tmp_path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.txt", "hi")
    with pytest.raises(UnreadableFileError, match="no workbook"):
        read(path, tmp_path)


def test_an_empty_sheet_is_a_sentence(book, tmp_path):
    with pytest.raises(UnreadableFileError, match="has no rows"):
        read(book(data=[]), tmp_path)


def test_fifty_sheets_are_told_and_one_is_read(book, tmp_path):
    path = book(**{f"sheet{number}": [["n"], [number]] for number in range(50)})
    assert read(path, tmp_path, sheet="sheet49").table.collect()["n"].to_list() == [49]


def test_macros_are_neither_kept_nor_run(book, tmp_path):
    """A workbook with a project of macros is read for its cells alone."""
    path = rezipped(book(data=[["n"], [1]]), "xl/vbaProject.bin", b"Sub Auto_Open()" + bytes(5000))
    found = read(path, tmp_path)
    assert found.table.collect()["n"].to_list() == [1]
    assert not [file for file in tmp_path.rglob("*") if "vba" in file.name.lower()]
