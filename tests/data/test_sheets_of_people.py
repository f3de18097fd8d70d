"""Cells of a workbook keep what they are: moments, times, durations, errors; what is hidden or merged is told."""

import datetime

import openpyxl
import pytest

from engine.data.formats import ReadOptions
from engine.data.parsing.sheet_parts import letters
from engine.data.parsing.workbook import read_workbook
from tests.data.test_deciding import moment


@pytest.fixture
def sheet(tmp_path):
    """Return a sheet to fill, and a function that saves it and reads it."""
    workbook = openpyxl.Workbook()

    def read(**options):
        workbook.save(tmp_path / "book.xlsx")
        return read_workbook(tmp_path / "book.xlsx", ReadOptions(**options), tmp_path)

    return workbook.active, read


def filled(sheet, values, form=None):
    """Fill a column `a` with values in a number format, beside a column `b` of numbers."""
    sheet.append(["a", "b"])
    for place, value in enumerate(values, start=2):
        sheet.append([value, place])
        if form:
            sheet.cell(place, 1).number_format = form


def findings(reading):
    return {finding.kind: finding.values for finding in (*reading.sniffed.findings, *reading.findings)}


@pytest.mark.parametrize("times", [2, 20, 44])
def test_moments_at_midnight_are_moments_among_others(sheet, times):
    values = [moment(2024, 3, day % 28 + 1, 9 if day < times else 0, 30 if day < times else 0) for day in range(45)]
    filled(sheet[0], values)
    reading = sheet[1]()
    assert reading.table.collect()["a"].to_list() == values
    assert reading.rejects.is_empty()


def test_days_alone_are_days(sheet):
    filled(sheet[0], [datetime.date(2024, 3, 1), moment(2024, 3, 2, 0), None])
    column = sheet[1]().table.collect()["a"]
    assert column.to_list() == [datetime.date(2024, 3, 1), datetime.date(2024, 3, 2), None]


def test_moments_of_a_workbook_that_counts_from_1904_are_the_same(sheet):
    sheet[0].parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    values = [moment(2024, 3, 1, 0), moment(2024, 3, 1, 12, 30)]
    filled(sheet[0], values)
    assert sheet[1]().table.collect()["a"].to_list() == values


def test_times_of_day_are_times(sheet):
    values = [datetime.time(9, 30), datetime.time(0, 0), datetime.time(23, 59, 59)]
    filled(sheet[0], values)
    assert sheet[1]().table.collect()["a"].to_list() == values


@pytest.mark.parametrize("form", ["[h]:mm:ss", "[hh]:mm", "h:mm:ss"])
@pytest.mark.parametrize("calendar", ["WINDOWS_EPOCH", "MAC_EPOCH"])
def test_durations_beyond_a_day_are_durations(sheet, form, calendar):
    sheet[0].parent.epoch = getattr(openpyxl.utils.datetime, calendar)
    hours = [1.5, 25.5, 49, 0.25]
    filled(sheet[0], [value / 24 for value in hours], form)
    column = sheet[1]().table.collect()["a"]
    assert column.to_list() == [datetime.timedelta(hours=value) for value in hours]


def test_durations_are_text_where_that_is_asked_for(sheet):
    filled(sheet[0], [25.5 / 24, 0.5], "[h]:mm:ss")
    assert sheet[1](types={"a": "string"}).table.collect()["a"].to_list() == ["25:30:00", "12:00:00"]


ERRORS = ["#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"]


@pytest.mark.parametrize("count", [1, 3, 9])
@pytest.mark.parametrize("kept", [[1.5, 2.5, 3], [1, 2, 3], [True, False, True], [moment(2024, 3, 1, 9)] * 3])
def test_errors_are_missing_and_cost_neither_row_nor_type(sheet, count, kept):
    filled(sheet[0], [*kept, *(ERRORS * 2)[:count]])
    reading = sheet[1]()
    assert reading.table.collect()["a"].to_list() == [*kept, *[None] * count]
    assert findings(reading)["cell_errors"]["count"] == count
    assert reading.rejects.is_empty()


def test_errors_among_text_are_missing_too(sheet):
    filled(sheet[0], ["x", "#REF!", "y"])
    assert sheet[1]().table.collect()["a"].to_list() == ["x", None, "y"]


def test_a_column_of_errors_alone_is_missing(sheet):
    filled(sheet[0], ["#REF!", "#REF!"])
    reading = sheet[1]()
    assert (reading.table.collect()["a"].to_list(), findings(reading)["cell_errors"]["count"]) == ([None, None], 2)


def test_merged_cells_hidden_rows_and_hidden_columns_are_told(sheet):
    filled(sheet[0], [1, 2, 3, 4, 5])
    sheet[0].merge_cells("A2:A4")
    sheet[0].row_dimensions[5].hidden = True
    sheet[0].column_dimensions["B"].hidden = True
    told = findings(sheet[1]())
    assert told["merged_cells"] == {"count": 1, "areas": "A2:A4"}
    assert told["hidden_rows"] == {"count": 1, "places": "5"}
    assert told["hidden_columns"] == {"count": 1, "places": "B"}


def test_merged_titles_are_told_apart_from_merged_values(sheet):
    sheet[0].append(["Report of 2024"])
    sheet[0].merge_cells("A1:B1")
    filled(sheet[0], [1, 2, 3])
    told = findings(sheet[1]())
    assert (told["merged_above"]["areas"], told["lines_above"]["count"]) == ("A1:B1", 1)
    assert "merged_cells" not in told


def test_the_first_sheet_that_is_shown_is_read_and_hidden_ones_are_told(sheet):
    filled(sheet[0], [1, 2])
    sheet[0].sheet_state = "hidden"
    other = sheet[0].parent.create_sheet("shown")
    filled(other, [7, 8])
    sheet[0].parent.create_sheet("lists").sheet_state = "veryHidden"
    reading = sheet[1]()
    assert (reading.sniffed.sheet, reading.table.collect()["a"].to_list()) == ("shown", [7, 8])
    assert findings(reading)["hidden_sheets"] == {"count": 2, "names": "Sheet, lists"}


def test_formulas_that_were_never_computed_are_missing_and_counted(sheet):
    filled(sheet[0], ["=B2*2", "=B3*2", 5])
    reading = sheet[1]()
    assert reading.table.collect()["a"].to_list() == [None, None, 5]
    assert findings(reading)["formulas_unsaved"] == {"count": 2}


def test_percentages_are_shares_and_said(sheet):
    filled(sheet[0], [0.125, 0.5], "0.0%")
    reading = sheet[1]()
    assert (reading.table.collect()["a"].to_list(), "shown_as_percent" in findings(reading)) == ([0.125, 0.5], True)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["1.5", "2"], "text_numbers"),
        (["1 234,5", "7,25"], "text_numbers"),
        (["2024-03-01", "2024-03-02"], "text_dates"),
        (["01-Mar-2024", "Mar 5, 2024"], "text_dates"),
    ],
)
def test_text_that_reads_as_something_else_stays_text_and_is_said(sheet, values, said):
    filled(sheet[0], values)
    reading = sheet[1]()
    assert (reading.table.collect()["a"].to_list(), said in findings(reading)) == (values, True)


def test_codes_kept_as_text_are_no_numbers(sheet):
    filled(sheet[0], ["00012", "00013"])
    reading = sheet[1]()
    assert (reading.table.collect()["a"].to_list(), findings(reading)) == (["00012", "00013"], {})


def test_text_is_read_as_numbers_as_the_user_says(sheet):
    filled(sheet[0], ["1.234,5", 7.25, 8])
    marks = {"a": {"decimal": ",", "thousands": "."}}
    assert sheet[1](numbers=marks).table.collect()["a"].to_list() == [1234.5, 7.25, 8.0]


def test_long_whole_numbers_stay_exact_and_are_said(sheet):
    filled(sheet[0], [1234567890123456, 1])
    reading = sheet[1]()
    assert (reading.table.collect()["a"][0], "sheet_digits" in findings(reading)) == (1234567890123456, True)


def test_columns_are_called_as_in_a_spreadsheet():
    assert [letters(column) for column in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
