"""Every line of a delimited file is part of a row or a reject, whatever the damage."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.formats import ReadOptions
from engine.data.parsing import delimited, lines
from engine.data.parsing.delimited import read_delimited
from engine.errors import UnreadableFileError


def rejected(reading):
    return reading.rejects.select("line", "reason").rows()


def test_rows_with_too_few_or_too_many_fields_are_rejected_and_kept(read):
    table, reading = read("a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert table.rows() == [(1, 2), (7, 8)]
    assert rejected(reading) == [(3, "1 fields instead of 2"), (4, "3 fields instead of 2")]
    assert reading.rejects["raw"].to_list() == ["3", "4,5,6"]


def test_rows_with_a_value_that_is_not_of_its_type_are_rejected_and_kept(read):
    table, reading = read("a,b\n1,x\n2,y\nthree,z\n4,w\n5,v\n")
    assert table["a"].to_list() == [1, 2, 4, 5]
    assert reading.rejects.rows() == [(4, "a", "'three' is not a whole number", "three,z")]


def test_an_open_quote_rejects_its_own_line_alone(read):
    table, reading = read('a,b\n1,x\n2,"y\n3,z\n4,"w"\n')
    assert table.rows() == [(1, "x"), (3, "z"), (4, "w")]
    assert rejected(reading) == [(3, "a quote is opened and not closed")]


def test_two_open_quotes_do_not_swallow_the_rows_between(read):
    table, reading = read('a,b,c\n1,2,"\n3,4,x\n5,6,y\n7,8,"\n9,10,z\n')
    assert table["a"].to_list() == [3, 5, 9]
    assert [line for line, _ in rejected(reading)] == [2, 5]


def test_a_quoted_field_may_span_lines(read):
    table, reading = read('a,b\n1,"x\n\ny"\n2,z\n')
    assert table.rows() == [(1, "x\n\ny"), (2, "z")]
    assert reading.rejects.is_empty()
    assert reading.blank_lines == 0


def test_a_reject_that_spans_lines_is_kept_whole(read):
    rows = "".join(f'{number},"t"\n' for number in range(30))
    _, reading = read(f'a,b\n{rows}bad,"x\ny"\n')
    assert reading.rejects.rows() == [(32, "a", "'bad' is not a whole number", 'bad,"x\ny"')]


def test_quotes_inside_plain_text_are_text(read):
    table, reading = read('a,b\n5" pipe,1\n3" pipe,2\n')
    assert table["a"].to_list() == ['5" pipe', '3" pipe']
    assert reading.rejects.is_empty()


def test_text_after_a_closing_quote_is_rejected(read):
    _, reading = read('a,b\n1,2\n"x"y,2\n')
    assert rejected(reading) == [(3, "text follows a closing quote")]


def test_blank_lines_are_counted_and_are_no_rows(read):
    table, reading = read("a,b\n1,2\n\n3,4\n\n\n")
    assert (table.height, reading.blank_lines, reading.rejects.height) == (2, 3, 0)


def test_only_a_header_is_an_empty_table(read):
    table, _ = read("a,b\n")
    assert (table.columns, table.height) == (["a", "b"], 0)


def test_one_row_without_a_line_end_is_read(read):
    assert read("a,b\n1,2")[0].rows() == [(1, 2)]


def test_a_file_of_which_no_line_fits_is_refused_with_the_first_reason(read):
    with pytest.raises(UnreadableFileError, match="line 2: column 'a': 'x' is not a whole number"):
        read("a,b\nx,1\ny,2\n", types={"a": "int64"})


def test_a_header_shorter_than_its_rows_is_said(read):
    table, reading = read("a,b\n1,2,x\n4,5,y\n7,8,z\n")
    assert table.columns == ["a", "b", "column_3"]
    assert "narrow_header" in {finding.kind for finding in reading.sniffed.findings}


@pytest.mark.parametrize("damage", ["extra", "missing", "quote", "type", "blank", "bytes"])
def test_rows_and_rejects_add_up_to_the_lines_of_a_damaged_file(written, tmp_path, monkeypatch, damage):
    monkeypatch.setattr(lines.blocks, "__kwdefaults__", {"size": 4096})  # many blocks, with damage at their edges
    bad = {
        "extra": b"1,2,3,4",
        "missing": b"1",
        "quote": b'1,"open,3',
        "type": b"x,2,3",
        "blank": b"",
        "bytes": b"1,\xff,3",
    }
    content = [b"a,b,c"]
    for number in range(2000):
        content.append(bad[damage] if number % 37 == 5 else b'%d,"text, %d",3' % (number, number))
    path = written(b"\n".join(content) + b"\n")
    reading = read_delimited(path, ReadOptions(encoding="utf-8"), tmp_path)
    rows = reading.table.collect().height
    assert rows == 2000 - 54
    assert rows + reading.rejects.height + reading.blank_lines == 2000


def test_a_record_across_the_edge_of_a_block_is_whole(written, tmp_path, monkeypatch):
    monkeypatch.setattr(lines.blocks, "__kwdefaults__", {"size": 64})
    monkeypatch.setattr(lines, "BLOCK", 64)
    text = "a,b\n" + "".join(f'{number},"one\ntwo {number}\nthree"\n' for number in range(100))
    table = read_delimited(written(text), ReadOptions(), tmp_path).table.collect()
    assert table["b"].to_list() == [f"one\ntwo {number}\nthree" for number in range(100)]


def test_line_numbers_hold_after_records_across_the_edges_of_blocks(written, tmp_path, monkeypatch):
    monkeypatch.setattr(lines.blocks, "__kwdefaults__", {"size": 64})
    monkeypatch.setattr(lines, "BLOCK", 64)
    text = "a,b\n" + "".join(f'{number},"one\ntwo {number}"\nbad\n' for number in range(50))
    reading = read_delimited(written(text), ReadOptions(), tmp_path)
    assert reading.rejects["line"].to_list() == [4 + 3 * number for number in range(50)]


def test_a_large_file_goes_through_scratch_files_and_reads_the_same(written, tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "IN_MEMORY", 10)
    path = written("a,b\n1,x\n2,y\n")
    assert read_delimited(path, ReadOptions(), tmp_path).table.collect().rows() == [(1, "x"), (2, "y")]
    assert (tmp_path / "part-0.arrow").is_file()


def test_a_cell_of_ten_megabytes_is_read(read):
    table, _ = read(f"a,b\n{'x' * 10_000_000},1\n")
    assert table["a"].str.len_bytes().to_list() == [10_000_000]


def test_thousands_of_columns_are_read(read):
    names = [f"n{number}" for number in range(4_000)]
    table, _ = read(f"{','.join(names)}\n{','.join(['1'] * 4_000)}\n{','.join(['2'] * 4_000)}\n")
    assert table.shape == (2, 4_000)
    assert table["n3999"].to_list() == [1, 2]


text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)
texts = text.map(lambda value: f"t{value}")  # begins with a letter: plain text, neither a number nor missing
integers = st.integers(-(2**63), 2**63 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
rows = st.lists(st.tuples(texts, integers, floats), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=rows,
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_any_table_written_as_csv_reads_back(rows, delimiter, newline, quoting, encoding, tmp_path):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerow(["name", "count", "share"])
    writer.writerows(rows)
    path = tmp_path / "round.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    options = ReadOptions(
        encoding=encoding, delimiter=delimiter, types={"name": "string", "count": "int64", "share": "float64"}
    )
    reading = read_delimited(path, options, tmp_path)
    assert reading.rejects.is_empty()
    assert reading.table.collect().rows() == rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text(st.sampled_from('ab1",;\n'), max_size=200))
def test_any_text_gives_rows_and_rejects_that_account_for_each_line(content, tmp_path):
    path = tmp_path / "any.csv"
    path.write_text(f"a,b\n{content}\n")
    options = ReadOptions(delimiter=",", header=True, quote='"', types={"a": "string", "b": "string"})
    try:
        reading = read_delimited(path, options, tmp_path)
    except UnreadableFileError:
        return
    table = reading.table.collect()
    if table.width == 2:  # else most lines are wider than the header
        values = [*table["a"], *table["b"], *reading.rejects["raw"]]
        inside = sum(value.count("\n") for value in values if value)
        lines_read = table.height + reading.rejects.height + reading.blank_lines + inside
        assert lines_read == len(content.split("\n"))
