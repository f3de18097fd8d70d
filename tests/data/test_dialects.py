"""The dialect of a file is told from its first lines, and every part can be overridden."""

import pytest

from engine.data.formats import ReadOptions
from engine.data.sniffing import sniff
from engine.errors import UnreadableFileError


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_told(written, delimiter):
    text = "\n".join(delimiter.join(row) for row in (["name", "age", "city"], ["Ann", "3", "Rome"], ["Bo", "4", ""]))
    assert sniff(written(text)).delimiter == delimiter


def test_commas_inside_text_do_not_hide_the_delimiter(written):
    text = "name;note\nAnn;a, b, c\nBo;d, e, f\nCy;g\n"
    assert sniff(written(text)).delimiter == ";"


ROWS = [f"{number}~{number},5" for number in range(20)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize(
    ("above", "rows"),
    [
        (["id~price"], ROWS),
        (["id~price"], ROWS[:1]),
        (["id~price"], [f"{number}~{number},50" for number in range(3000)]),
        (["id~price, EUR"], ROWS),
        ([], ROWS),
        (["Prices, 2024", "id~price"], ROWS),
        (["Prices of 2024", "", "id~price"], ROWS),
        (["a~b"], [f"{number},5~-{number},25" for number in range(20)]),
        (['"id"~"price"'], [f'"{number}"~"{number},5"' for number in range(20)]),
        (["date~price~count"], [f"{day:02d}.03.2024~ {day},5~3,25" for day in range(1, 26)]),
    ],
)
@pytest.mark.parametrize("options", [{}, {"decimal": ","}])
def test_decimal_commas_are_no_delimiters(read, delimiter, above, rows, options):
    table, reading = read("\n".join([*above, *rows]).replace("~", delimiter), **options)
    names = next((line.split("~") for line in above if "~" in line), ["column_1", "column_2"])
    assert (reading.sniffed.delimiter, [name.strip('"') for name in names]) == (delimiter, table.columns)
    assert (table.height, reading.rejects.height) == (len(rows), 0)


@pytest.mark.parametrize(
    ("header", "row"), [("id,tags", "{0},a;b"), ("a,b", "{0},2;3"), ("a,b,c", "{0},1,2"), ("a,b", '{0},"{0},5"')]
)
def test_commas_between_numbers_stay_delimiters_where_the_header_has_them(read, header, row):
    table, reading = read("\n".join([header, *(row.format(number) for number in range(20))]))
    assert (reading.sniffed.delimiter, table.columns, table.height) == (",", header.split(","), 20)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_are_read(read, newline):
    table, _ = read(newline.join(["a,b", "1,x", "2,y", ""]))
    assert table.rows() == [(1, "x"), (2, "y")]


def test_single_quotes_are_told(read):
    table, _ = read("a,b\n'x, y',1\n'z',2\n")
    assert table["a"].to_list() == ["x, y", "z"]


def test_backslashes_may_escape_quotes(read):
    table, _ = read('a,b\n"say \\"hi\\" now",1\n"z",2\n')
    assert table["a"].to_list() == ['say "hi" now', "z"]


def test_a_line_that_names_the_delimiter_is_obeyed(read):
    table, _ = read("sep=;\na;b\n1,5;2\n")
    assert table.columns == ["a", "b"]


def test_lines_above_the_table_are_left_out_and_said(read):
    table, reading = read("Sales of 2024\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n")
    assert table.rows()[0] == (1, 2, 3)
    assert "lines_above" in {finding.kind for finding in reading.sniffed.findings}


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("1,2.5\n3,4.5\n", False),
        ("a,b\n1,2\n", True),
        ("country,2019,2020\nFR,1.5,2.5\nDE,1.0,2.0\n", True),
        ("name,city\nAnn,Rome\n", True),
        ("2024-01-01,3\n2024-01-02,4\n", False),
    ],
)
def test_a_header_is_told_from_values(written, text, header):
    assert sniff(written(text)).header is header


def test_what_was_sniffed_can_be_overridden(written):
    path = written("a;b\n1;2\n")
    found = sniff(path, ReadOptions(delimiter=",", header=False))
    assert (found.delimiter, found.header, found.columns) == (",", False, ("column_1",))


def test_one_column_is_never_silent(written):
    assert [finding.kind for finding in sniff(written("a\n1\n2\n")).findings] == ["one_column"]


def test_doubled_empty_and_hostile_names_are_repaired_and_said(written):
    found = sniff(written("a,a,,b\x07c,__proto__,select,😀\n1,2,3,4,5,6,7\n", encoding="utf-8"))
    assert found.columns == ("a", "a_2", "column_3", "b c", "__proto__", "select", "😀")
    assert [finding.kind for finding in found.findings] == ["renamed_column"] * 3


def test_names_that_differ_only_in_case_are_said(written):
    assert "same_but_case" in {finding.kind for finding in sniff(written("a,A\n1,2\n")).findings}


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"\n\n  \n", "is empty"), (b"\x1f\x8b123", "gzip"), (b"\xd0\xcf\x11\xe0", "old binary Excel")],
)
def test_files_that_are_no_table_are_named(written, content, said):
    with pytest.raises(UnreadableFileError, match=said):
        sniff(written(content))


@pytest.mark.parametrize("delimiter", ["", ",,", "\n", '"', "é"])
def test_a_delimiter_is_one_plain_character(delimiter):
    with pytest.raises(ValueError, match="one ASCII character"):
        ReadOptions(delimiter=delimiter)


def test_a_backslash_at_the_end_of_a_field_escapes_nothing(written):
    found = sniff(written('"a","b"\n"t\\","1"\n"u","2"\n'))
    assert (found.escape, len(found.columns)) == (None, 2)
