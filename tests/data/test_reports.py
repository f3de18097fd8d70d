"""Files made for people hold more than a table: titles, totals, headers once more, notes. All of it is told."""

import pytest

from engine.data.formats import ReadOptions
from engine.data.parsing.parse import peek
from engine.data.parsing.workbook import read_workbook
from engine.errors import UnreadableFileError
from tests.data.test_workbook import book  # noqa: F401 (a fixture)

BODY = [["id", "amount", "region"], *[[number, number + 0.5, "N"] for number in range(1, 31)]]
TITLES = {
    "a title": [["Report of 2024"], []],
    "a title and a date": [["Report of 2024"], ["made on 2024-05-01"], []],
    "a label and its value": [["Report of 2024"], ["Made on:", "2024-05-01"], []],
    "notes": [["Report"], ["all amounts in EUR"], ["draft"]],
}
TOTALS = [["Total", 465.0, ""], ["", "Summe", ""], ["合计", "", ""], ["", 480.0, ""], ["Grand total:", "1", "x"]]


def kinds(reading):
    return {finding.kind for finding in (*reading.sniffed.findings, *reading.findings)}


@pytest.fixture(params=["csv", "padded csv", "xlsx"])
def reading_of(request, read, book, tmp_path):  # noqa: F811
    """Read the same rows from text, from text that a spreadsheet wrote, and from a workbook."""

    def reading(rows, **options):
        if request.param == "xlsx":
            return read_workbook(book(data=rows), ReadOptions(**options), tmp_path)
        width = max(map(len, rows)) if request.param.startswith("padded") else 0
        padded = [[*row, *[""] * (width - len(row))] for row in rows]
        return read("".join(f"{','.join(map(str, row))}\n" for row in padded), **options)[1]

    return reading


@pytest.mark.parametrize("above", TITLES.values(), ids=TITLES.keys())
def test_what_stands_above_the_header_is_left_out_and_said(reading_of, above):
    reading = reading_of([*above, *BODY])
    assert (reading.table.collect().columns, reading.table.collect().height) == (["id", "amount", "region"], 30)
    assert (reading.sniffed.skipped_lines, "lines_above" in kinds(reading)) == (len(above), True)


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "amount", "region"], *BODY[1:]],
        [["name", "city", "note"], ["Ann", "Rome", "x"], ["Bo", "Oslo", "y"], ["Cy", "", ""]],
        [["country", "2019", "2020"], ["FR", 1.5, 2.5], ["DE", 1.0, 2.0]],
        [["a", "b", "c", "d"], [1, "", "", ""], [2, "", "", ""], [3, 4, "", ""]],
    ],
)
def test_nothing_is_left_out_where_the_table_begins_at_once(reading_of, rows):
    reading = reading_of(rows)
    assert (reading.sniffed.skipped_lines, reading.table.collect().height) == (0, len(rows) - 1)


@pytest.mark.parametrize("total", TOTALS)
def test_a_row_of_totals_is_said(reading_of, total):
    reading = reading_of([*BODY, total])
    assert [f.values["line"] for f in reading.findings if f.kind == "totals_row"] == [32]
    assert reading.table.collect().height + reading.rejects.height == 31


@pytest.mark.parametrize("last", [[31, 31.5, "N"], [31, 465.0, "total war"], [31, "", "S"], [31, 12.0, ""]])
def test_an_ordinary_last_row_is_no_total(reading_of, last):
    expected = {"totals_row"} if "total war" in last else set()
    assert kinds(reading_of([*BODY, last])) & {"totals_row"} == expected


def test_rows_at_the_end_are_left_out_on_request(reading_of):
    reading = reading_of([*BODY, ["Total", 465.0, ""], ["printed by hand"]], skip_last=2)
    assert (reading.table.collect().height, reading.rejects.height) == (30, 0)
    assert "totals_row" not in kinds(reading)


def test_the_header_once_more_is_no_record(reading_of):
    reading = reading_of([*BODY[:11], BODY[0], *BODY[11:21], BODY[0], *BODY[21:]])
    assert [str(dtype) for dtype in reading.table.collect().dtypes] == ["Int64", "Float64", "String"]
    assert reading.rejects.select("line", "reason").rows() == [
        (12, "the header once more"),
        (23, "the header once more"),
    ]
    assert [f.values["count"] for f in reading.findings if f.kind == "repeated_header"] == [2]


def test_a_header_alone_is_said(reading_of):
    reading = reading_of([["a", "b", "c"]])
    assert (reading.table.collect().columns, "header_only" in kinds(reading)) == (["a", "b", "c"], True)


@pytest.mark.parametrize("options", [{"header_row": 3}, {"skip_rows": 2}, {"skip_rows": 2, "header": True}])
def test_the_line_of_the_header_can_be_set(reading_of, options):
    reading = reading_of([["x", "y", "z"], ["u", "v", "w"], *BODY], **options)
    assert (reading.table.collect().columns, reading.table.collect().height) == (["id", "amount", "region"], 30)


def test_lines_at_the_top_can_be_left_out_where_there_is_no_header(reading_of):
    reading = reading_of(BODY, skip_rows=1, header=False)
    assert (reading.table.collect().columns[0], reading.table.collect().height) == ("column_1", 30)


def test_what_is_left_out_may_be_kept_instead(reading_of):
    reading = reading_of([["Report of 2024"], *BODY], skip_rows=0, header=False)
    assert reading.sniffed.skipped_lines == 0


def test_a_header_beyond_the_file_is_a_sentence(reading_of):
    with pytest.raises(UnreadableFileError, match=r"no line 99|no rows"):
        reading_of(BODY, header_row=99)


def test_a_column_that_cannot_be_read_is_blamed_and_not_the_delimiter(reading_of):
    rows = [["id", "price"], *[[number, f"EUR {number}x"] for number in range(9)]]
    with pytest.raises(UnreadableFileError, match="column 'price': 'EUR 0x' is not a number") as caught:
        reading_of(rows, types={"price": "float64"})
    assert "how its numbers" in caught.value.hint
    assert "delimiter" not in caught.value.hint


def test_a_report_is_told_when_it_is_peeked_at(book, tmp_path):  # noqa: F811
    folder = tmp_path / "folder"
    folder.mkdir()
    found = peek(book(data=[["Report"], [], *BODY, ["Total", 465.0, ""]]), ReadOptions(), folder)
    assert {"lines_above", "totals_row"} <= {finding["kind"] for finding in found["findings"]}
    assert (found["sniffed"]["skipped_lines"], found["whole"]) == (2, True)
