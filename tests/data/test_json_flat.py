"""Records alike are read at once with the same result as value by value."""

import json

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.formats import ReadOptions
from engine.data.parsing import json_flat
from engine.data.parsing.json_lines import read_json_lines
from engine.errors import UnreadableFileError

WRITTEN = st.sampled_from(
    ["null", "true", "false", "0", "-0", "-0.0", "1", "-12", "1.50", "1E3", "9007199254740993", "01", "1.", "+1", "NaN",
     "Infinity", '""', '"a"', '" é😀"', '"a\\"b"', '"\\u00e9"', '"\\u0000"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\t"',
     '"\\x"', '"}"', '"2024-01-05"', "[1]", '{"x": 1}', "1" * 4500, '"' + "1" * 4500 + '"', "tru", "", '"unended']
)  # fmt: skip
LINES = st.one_of(
    st.lists(st.tuples(st.sampled_from(["a", "b", "é", 'q"', "a.b"]), WRITTEN), max_size=4).map(
        lambda pairs: "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in pairs) + "}"
    ),
    st.tuples(WRITTEN, WRITTEN).map(lambda pair: '{{"a":{},"b" : {}}} \r'.format(*pair)),
    st.sampled_from(["", "  ", "[]", "3", "{}", '{"a": 1} {"a": 2}', '\x0b{"a": 1}', '{"a": 1}\u00a0']),
)


@pytest.fixture
def both(written, tmp_path, monkeypatch):
    """Read lines at once and value by value: what each says."""
    monkeypatch.setattr(json_flat, "FEWEST", 1)

    def read(lines):
        path = written("\n".join(lines), name="t.jsonl")
        answers = [_read(path, tmp_path)]
        with monkeypatch.context() as patch:
            patch.setattr("engine.data.parsing.json_lines.alike", lambda lines, known: ([], list(range(len(lines)))))
            return *answers, _read(path, tmp_path)

    return read


def _read(path, folder):
    try:
        reading = read_json_lines(path, ReadOptions(), folder)
    except UnreadableFileError as error:
        return str(error)
    table = reading.table.collect()
    return table.columns, table.dtypes, table.rows(), reading.rejects.rows(), reading.blank_lines, reading.findings


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=8))
def test_lines_are_read_at_once_as_they_are_value_by_value(both, lines):
    at_once, by_value = both(lines)
    assert at_once == by_value


@pytest.mark.parametrize("width", [1, 7, 8, 9, 16, 40])
def test_records_of_any_width_are_found(width):
    records = [{f"c{place}": f"{row} {place}" for place in range(width)} for row in range(200)]
    found, others = json_flat.alike(pl.Series([json.dumps(record) for record in records]), [])
    assert others == []
    assert [row for one in found for row in one.values.rows()] == [
        tuple(json.dumps(value) for value in record.values()) for record in records
    ]


def test_records_with_and_without_a_value_are_all_found_and_known_in_the_next_lines():
    lines = pl.Series(['{"a": 1, "b": "x"}', '{"a": 2}'] * 200)
    known = []
    found, others = json_flat.alike(lines, known)
    assert [len(one.places) for one in found] == [200, 200]
    assert others == []
    assert [record.names for record in known] == [("a", "b"), ("a",)]


@pytest.mark.parametrize("line", ['{"a": 1, "a": 2}', '{"a": [1]}', '{"a": NaN}', "[1]", '{"a": 1', '{"a\\u0001": 1}'])
def test_lines_that_are_no_plain_records_are_left(line):
    assert json_flat.alike(pl.Series([line] * 150), []) == ([], list(range(150)))
