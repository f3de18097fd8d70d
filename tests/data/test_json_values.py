"""What JSON says is read exactly, alike from lines and from an array; what cannot be is rejected or said."""

import datetime
import json
import math

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.formats import ReadOptions
from engine.data.parsing.json_lines import read_json_lines
from engine.errors import UnreadableFileError

DAY, TIME = datetime.date, datetime.datetime


@pytest.fixture(params=["lines", "array"])
def read(request, written, tmp_path):
    """Read JSON objects, given as texts, from lines or from one array."""

    def reading(*objects, **options):
        text = "\n".join(objects) if request.param == "lines" else f"[{', '.join(objects)}]"
        return read_json_lines(written(text, name="t.json"), ReadOptions(**options), tmp_path)

    return reading


@pytest.fixture
def column(read):
    """Read JSON values as one column: its values, its type, and the kinds of findings."""

    def values(*texts, **options):
        reading = read(*(f'{{"v": {text}}}' for text in texts), **options)
        column = reading.table.collect()["v"]
        return column.to_list(), column.dtype, [finding.kind for finding in reading.findings]

    return values


@pytest.mark.parametrize(
    ("texts", "expected", "dtype", "kinds"),
    [
        (["1", "NaN", "3"], [1, None, 3], pl.Int64, ["missing_words"]),
        (["1.5", "NaN", "null"], [1.5, None, None], pl.Float64, ["missing_words"]),
        (["NaN", "NaN"], [None, None], pl.Float64, ["missing_words"]),
        (["1", "Infinity", "-Infinity"], [1.0, math.inf, -math.inf], pl.Float64, []),
        (["true", "NaN", "false"], [True, None, False], pl.Boolean, ["missing_words"]),
        (['"a"', "NaN"], ["a", None], pl.String, ["missing_words"]),
        (["9007199254740993", "1.5"], ["9007199254740993", "1.5"], pl.String, ["long_numbers"]),
        (["9007199254740993", "null", "1"], [2**53 + 1, None, 1], pl.Int64, []),
        (["9223372036854775807", "-9223372036854775808"], [2**63 - 1, -(2**63)], pl.Int64, []),
        (["9223372036854775808", "1"], ["9223372036854775808", "1"], pl.String, ["long_numbers"]),
        (["18446744073709551615", "-1"], ["18446744073709551615", "-1"], pl.String, ["long_numbers"]),
        (["1" * 40], ["1" * 40], pl.String, ["long_numbers"]),
        (["9007199254740993.0", "1.5"], ["9007199254740993.0", "1.5"], pl.String, ["long_numbers"]),
        (["12345678901234567.89"], ["12345678901234567.89"], pl.String, ["long_numbers"]),
        (["0.12345678901234567891", "1"], [0.12345678901234567891, 1.0], pl.Float64, ["rounded"]),
        (["0.1", "0.30000000000000004", "3.3333333333333335"], [0.1, 0.1 + 0.2, 10 / 3], pl.Float64, []),
        (["1e3", "1E400", "2", "3", "4"], [1000.0, 2.0, 3.0, 4.0], pl.Float64, []),
        (["1e308", "5e-324", "-0.0"], [1e308, 5e-324, -0.0], pl.Float64, []),
        (["12E4", "1"], [120000.0, 1.0], pl.Float64, []),
        (["1704067200", "1704067200123"], [1704067200, 1704067200123], pl.Int64, []),
        (['"007"', '"12"'], ["007", "12"], pl.String, []),
        (['"1"', '"2.5"'], ["1", "2.5"], pl.String, ["quoted_numbers"]),
        (['"true"', '"false"'], ["true", "false"], pl.String, ["quoted_booleans"]),
        (['""', '"a"', "null"], ["", "a", None], pl.String, []),
        (["null", "null"], [None, None], pl.String, []),
        (['"2024-01-05"', '"2024-02-05"'], [DAY(2024, 1, 5), DAY(2024, 2, 5)], pl.Date, []),
        (['"2024-01-05T10:00:00"', "null"], [TIME(2024, 1, 5, 10), None], pl.Datetime("us"), []),
        (['"2024-01-05T10:00:00+02:00"', '"2024-01-05T10:00:00Z"'], [TIME(2024, 1, 5, 8), TIME(2024, 1, 5, 10)],
         pl.Datetime("us"), ["utc"]),
        (['"03/04/2024"', '"05/04/2024"'], ["03/04/2024", "05/04/2024"], pl.String, ["ambiguous_dates"]),
        (['"2024-01-05T10:00:00.123456789Z"'], ["2024-01-05T10:00:00.123456789Z"],
         pl.String, ["finer_than_microseconds"]),
        (['"2024-01-05T10:00:00.1234560Z"'], [TIME(2024, 1, 5, 10, 0, 0, 123456)], pl.Datetime("us"), ["utc"]),
        (['"2024-01-05T10:00:00Z"', '"x"'], ["2024-01-05T10:00:00Z", "x"], pl.String, []),
        (["true", "1", "0", "2"], [1, 0, 2], pl.Int64, ["mixed_typed"]),
        (["true", "false", "1", "0"], ["true", "false", "1", "0"], pl.String, ["mixed_text"]),
        (["1.50", '"x"'], ["1.50", "x"], pl.String, ["mixed_text"]),
        (["1", '"NA"', "2", "3"], [1, None, 2, 3], pl.Int64, ["missing_words", "mixed_typed"]),
        (["1", '{"x": 1.50}', '"t"', "[]"], ["1", '{"x":1.50}', "t", "[]"], pl.String, ["mixed_text"]),
        (['{"x": NaN}', "[Infinity, 1]", "null"], ['{"x":null}', "[null,1]", None],
         pl.String, ["converted_type", "nested_gaps"]),
        (['{"x": [1.0, 18446744073709551616]}'], ['{"x":[1.0,18446744073709551616]}'], pl.String, ["converted_type"]),
        (['{"x": 1, "x": 2}'], ['{"x":2}'], pl.String, ["repeated_names", "converted_type"]),
        (['"a\\u0000b"', '"c"'], ["a\0b", "c"], pl.String, ["zero_characters"]),
        (['"\\ud83d\\ude00"'], ["😀"], pl.String, []),
    ],
)  # fmt: skip
def test_values_of_a_column_are_what_they_were(column, texts, expected, dtype, kinds):
    assert column(*texts) == (expected, dtype, kinds)


def test_one_nan_costs_no_row(read):
    reading = read(*(f'{{"v": {number}}}' for number in range(99)), '{"v": NaN}')
    assert (reading.table.collect()["v"].count(), reading.rejects.height) == (99, 0)


def test_the_last_of_a_repeated_name_counts_and_is_said(read):
    reading = read('{"a": 1, "b": 0, "a": 2}', '{"a": 3, "b": {"c": 1, "c": 2}}')
    assert reading.table.collect().rows() == [(2, "0"), (3, '{"c":2}')]
    assert reading.findings[0].values == {"count": 2, "example": "a"}


@pytest.mark.parametrize(
    "value", [r'"Ann\ud83d"', r'"\uDE00x"', r'{"x": ["\ud83d"]}', r'{"\ud83d": 1}', r'"\ude00\ud83d"']
)
def test_half_a_surrogate_pair_is_rejected_wherever_it_stands(read, value):
    reading = read('{"v": "good"}', f'{{"v": {value}}}')
    assert reading.table.collect()["v"].to_list() == ["good"]
    assert reading.rejects.select("line", "reason").rows() == [
        (2, "a text with half of a character (an unpaired surrogate)")
    ]


def test_half_a_surrogate_pair_in_a_name_is_rejected(read):
    reading = read('{"v": 1}', r'{"v\ud83d": 2}')
    assert (reading.table.collect().rows(), reading.rejects["line"].to_list()) == ([(1,)], [2])


def test_an_odd_value_is_rejected_with_its_line_and_reason(read):
    reading = read(*(f'{{"v": {number}}}' for number in range(50)), '{"v": "n/k"}')
    assert reading.table.collect()["v"].to_list() == list(range(50))
    assert reading.rejects.select("line", "column", "reason").rows() == [(51, "v", "'n/k' is not a whole number")]
    assert json.loads(reading.rejects["raw"][0]) == {"v": "n/k"}


def test_deep_nesting_rejects_its_row_alone(read):
    reading = read('{"v": 1}', f'{{"v": {"[" * 150}{"]" * 150}}}')
    assert reading.table.collect()["v"].to_list() == [1]
    assert reading.rejects["reason"].to_list() == ["JSON, but nested more than 100 levels deep"]


def test_types_that_the_user_chose_are_kept(column):
    assert column("1", "2", types={"v": "string"})[:2] == (["1", "2"], pl.String)
    assert column('"1"', '"2"', types={"v": "int64"})[:2] == ([1, 2], pl.Int64)
    assert column('"2024-01-05"', types={"v": "string"})[:2] == (["2024-01-05"], pl.String)


def test_types_that_fit_no_value_are_a_sentence(read):
    with pytest.raises(UnreadableFileError, match="None of the 2 lines"):
        read('{"v": "a"}', '{"v": "b"}', types={"v": "int64"})


def test_names_that_come_late_are_columns_in_the_order_they_come(read):
    reading = read('{"b": 1}', '{"a": 2}', "{}", '{"b": null, "c": true}')
    assert reading.table.collect().columns == ["b", "a", "c"]
    assert reading.table.collect().rows() == [(1, None, None), (None, 2, None), (None, None, None), (None, None, True)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_an_array_is_read_in_other_encodings(written, tmp_path, encoding):
    path = written('\n [{"城市": "北京"}]', name="t.json", encoding=encoding)
    reading = read_json_lines(path, ReadOptions(encoding=encoding), tmp_path)
    assert reading.table.collect().rows() == [("北京",)]


def test_lines_whose_first_is_a_list_are_still_lines(written, tmp_path):
    reading = read_json_lines(written('[1]\n{"a": 2}\n', name="t.jsonl"), ReadOptions(), tmp_path)
    assert (reading.table.collect()["a"].to_list(), reading.rejects["line"].to_list()) == ([2], [1])


def test_elements_that_are_no_objects_are_rejected_by_place(written, tmp_path):
    reading = read_json_lines(written('[{"a": 1}, 1.5, null, {"a": 2}]', name="t.json"), ReadOptions(), tmp_path)
    assert reading.rejects.select("line", "raw").rows() == [(2, "1.5"), (3, "null")]


def test_a_large_file_is_read_in_parts_with_the_same_result(written, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.data.parsing.json_lines.BLOCK", 100)
    monkeypatch.setattr("engine.data.parsing.json_lines.IN_MEMORY", 100)
    text = "".join(f'{{"v": {number}}}\n' for number in range(200)) + '{"w": "late", "v": true}\n'
    reading = read_json_lines(written(text, name="t.jsonl"), ReadOptions(), tmp_path)
    assert reading.table.collect()["v"].to_list() == list(range(200))
    assert reading.rejects.select("line", "raw").rows() == [(201, '{"w": "late", "v": true}')]


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('abc é😀"\\\n\t', max_size=6)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner), max_leaves=5
)
KINDS = st.sampled_from(
    [st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), VALUES]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(KINDS.flatmap(lambda kind: st.lists(st.none() | kind, min_size=1, max_size=6)))
def test_every_value_comes_back_or_its_row_is_rejected(read, values):
    reading = read(*(json.dumps({"n": number, "v": value}) for number, value in enumerate(values)))
    rejected = {line - 1 for line in reading.rejects["line"].to_list()}
    assert rejected | set(reading.table.collect()["n"].to_list()) == set(range(len(values)))
    for number, found in reading.table.select("n", "v").collect().rows():
        assert _same(found, values[number])


def _same(found, value):
    """Return whether a cell holds a JSON value: as itself, or as its text."""
    if isinstance(value, dict | list):
        return json.loads(found) == value
    if isinstance(found, str) and not isinstance(value, str):
        return json.loads(found) == value and type(json.loads(found)) is type(value)
    return found == value or (value == "" and found is None)
