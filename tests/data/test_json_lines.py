"""JSON lines: an object is a row, anything else a reject."""

import json

import pytest

from engine.data.formats import ReadOptions
from engine.data.parsing.json_lines import read_json_lines
from engine.errors import UnreadableFileError


@pytest.fixture
def read_lines(written, tmp_path):
    """Read text as JSON lines."""
    return lambda text: read_json_lines(written(text, name="t.jsonl"), ReadOptions(), tmp_path)


def test_objects_become_rows_and_absent_keys_missing(read_lines):
    reading = read_lines('{"a": 1, "b": "x"}\n\n{"a": 9007199254740993}\n')
    assert reading.table.collect().rows() == [(1, "x"), (9007199254740993, None)]
    assert reading.blank_lines == 1


def test_other_lines_are_rejected_and_kept(read_lines):
    reading = read_lines('{"a": 1}\n{"a": \n[1]\n5\n')
    assert reading.rejects.select("line", "reason").rows() == [
        (2, "not JSON"), (3, "JSON, but a list and no object"), (4, "JSON, but a int and no object"),
    ]  # fmt: skip


def test_nested_values_become_json_text(read_lines):
    table = read_lines('{"a": {"x": [1, 2]}, "b": [1, 2]}\n').table.collect()
    assert json.loads(table["a"][0]) == {"x": [1, 2]}
    assert json.loads(table["b"][0]) == [1, 2]


def test_one_array_of_objects_is_read_too(read_lines):
    assert read_lines('[{"a": 1}, {"a": 2}]').table.collect()["a"].to_list() == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gbk"])
def test_other_encodings_are_read(written, tmp_path, encoding):
    path = written('{"城市": "北京"}\n{"城市": "上海"}\n', name="t.jsonl", encoding=encoding)
    assert read_json_lines(path, ReadOptions(), tmp_path).table.collect().rows() == [("北京",), ("上海",)]


def test_deep_nesting_is_rejected(read_lines):
    reading = read_lines('{"a": 1}\n' + "[" * 100_000 + "\n")
    assert reading.rejects["reason"].to_list() == ["not JSON"]


@pytest.mark.parametrize("text", ["1\n2\n", "[1, 2]", "{}x\n"])
def test_a_file_without_objects_is_refused(read_lines, text):
    with pytest.raises(UnreadableFileError, match="No line"):
        read_lines(text)
