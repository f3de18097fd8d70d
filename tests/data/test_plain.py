"""Types that datasets lack become the nearest that they have; what that loses is said."""

import datetime
import json
from decimal import Decimal

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.formats import ReadOptions
from engine.data.parsing.columnar import read_columnar
from engine.data.parsing.plain import plain_types
from engine.errors import UnreadableFileError

D = Decimal
POINT = pa.struct([("x", pa.int64()), ("y", pa.string())])


@pytest.fixture(params=["parquet", "arrow"])
def stored(request, tmp_path):
    """Write one Arrow column to a file and read it as a dataset would be: its values, type and kinds of findings."""

    def read(values):
        path, table = tmp_path / f"t.{request.param}", pa.table({"v": values})
        if request.param == "parquet":
            pq.write_table(table, path)
        else:
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
        reading = read_columnar(path, ReadOptions(), tmp_path)
        column = reading.table.collect()["v"]
        return column.to_list(), column.dtype, [finding.kind for finding in reading.findings]

    return read


@pytest.mark.parametrize(
    ("values", "precision", "scale", "expected", "dtype"),
    [
        (["9007199254740993", "9007199254740992"], 20, 0, [2**53 + 1, 2**53], pl.Int64),
        (["-9223372036854775808", "7"], 19, 0, [-(2**63), 7], pl.Int64),
        (["1", None], 3, 0, [1, None], pl.Int64),
        (["12345678901234567890", "1"], 20, 0, ["12345678901234567890", "1"], pl.String),
        (["-12345678901234567890", None], 38, 0, ["-12345678901234567890", None], pl.String),
        (["12.34", "0.10"], 10, 2, [12.34, 0.1], pl.Float64),
        (["99999999999999.99", "0.01"], 38, 2, [99999999999999.99, 0.01], pl.Float64),
        (["9007199254740993.00", "5.00"], 38, 2, [2**53 + 1, 5], pl.Int64),
        (["9007199254740993.25", "5.00"], 38, 2, ["9007199254740993.25", "5.00"], pl.String),
        (["1234567890.1234567891", "2"], 38, 10, [1234567890.1234567891, 2.0], pl.Float64),
    ],
)  # fmt: skip
def test_decimals_keep_every_whole_part(stored, values, precision, scale, expected, dtype):
    column = pa.array([value and D(value) for value in values], pa.decimal128(precision, scale))
    assert stored(column)[:2] == (expected, dtype)


def test_decimals_that_a_float_rounds_are_said(stored):
    *_, kinds = stored(pa.array([D("1234567890.1234567891")], pa.decimal128(38, 10)))
    assert kinds == ["converted_type", "rounded"]
    *_, kinds = stored(pa.array([D("12.34")], pa.decimal128(38, 2)))
    assert kinds == ["converted_type"]
    *_, kinds = stored(pa.array([D("12345678901234567890")], pa.decimal128(20, 0)))
    assert kinds == ["long_numbers"]


@given(st.lists(st.none() | st.decimals(-(10**20), 10**20, places=4, allow_nan=False), min_size=1))
def test_different_decimals_stay_different_or_it_is_said(values):
    table = pl.LazyFrame({"v": values}, schema={"v": pl.Decimal(38, 4)})
    plain, findings = plain_types(table)
    read = plain.collect()["v"].to_list()
    exact = [None if one is None else D(str(one)) for one in read]
    assert exact == values or "rounded" in [finding.kind for finding in findings]


@pytest.mark.parametrize(
    ("number", "expected"), [(5, 5), (2**63 - 1, 2**63 - 1), (2**63, str(2**63)), (-(2**100), str(-(2**100)))]
)
def test_128_bits_are_64_where_they_fit(number, expected):
    plain, _ = plain_types(pl.LazyFrame({"v": [number]}, schema={"v": pl.Int128}))
    assert plain.collect()["v"].to_list() == [expected]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([{"x": 1, "y": None}, None], POINT), [{"x": 1, "y": None}, None]),
        (pa.array([{"x": None, "y": None}, None], POINT), [{"x": None, "y": None}, None]),
        (pa.array([{"a": {"b": None}}, {"a": None}, None], pa.struct([("a", pa.struct([("b", pa.int64())]))])),
         [{"a": {"b": None}}, {"a": None}, None]),
        (pa.array([[{"x": 1}, None], [], None]), [[{"x": 1}, None], [], None]),
        (pa.array([[1, None], [], None], pa.large_list(pa.int64())), [[1, None], [], None]),
        (pa.array([[1, 2], None], pa.list_(pa.int64(), 2)), [[1, 2], None]),
        (pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())), [{"k": 1}, {}, None]),
        (pa.array([{"b": b"\xff\x01"}, None]), [{"b": "/wE="}, None]),
        (pa.array([{"d": D("1.50")}, None]), [{"d": "1.50"}, None]),
    ],
)  # fmt: skip
def test_what_is_missing_in_nested_values_stays_missing(stored, values, expected):
    read, dtype, kinds = stored(values)
    assert dtype == pl.String
    assert [None if text is None else json.loads(text) for text in read] == expected
    assert kinds == ["converted_type"]


def test_a_colon_in_a_name_does_not_cut_its_lists():
    plain, _ = plain_types(pl.LazyFrame({'a:"b}': [[1, 2], None]}))
    assert plain.collect().to_series().to_list() == ["[1,2]", None]


@pytest.mark.parametrize(
    "values", [pa.array([[1.5, float("nan")]]), pa.array([{"x": float("inf")}]), pa.array([[{"x": [float("-inf")]}]])]
)
def test_nan_inside_nested_values_is_null_and_said(stored, values):
    read, _, kinds = stored(values)
    assert "null" in read[0]
    assert kinds == ["converted_type", "nested_gaps"]


def test_nan_is_missing_as_in_text_files_and_infinities_stay(stored):
    assert stored(pa.array([1.5, float("nan"), None])) == ([1.5, None, None], pl.Float64, ["missing_words"])
    assert stored(pa.array([1.5, float("inf")])) == ([1.5, float("inf")], pl.Float64, [])
    assert stored(pa.array(np.array([1.5, np.nan], np.float16)))[:2] == ([1.5, None], pl.Float32)


def test_a_table_from_code_keeps_its_nan():
    plain, findings = plain_types(pl.LazyFrame({"v": [float("nan")]}))
    assert (plain.collect()["v"].is_nan().all(), findings) == (True, [])


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        (pa.array([1_000, 2_000], pa.timestamp("ns")), ["converted_type"]),
        (pa.array([1_001, 2_000], pa.timestamp("ns")), ["converted_type", "cut_times"]),
        (pa.array([1_001, 2_000], pa.duration("ns")), ["converted_type", "cut_times"]),
        (pa.array([1_001, 2_000], pa.time64("ns")), ["cut_times"]),
        (pa.array([1_000, 2_000], pa.time64("ns")), []),
        (pa.array([2**62, 0], pa.timestamp("ms")), ["converted_type", "far_times"]),
        (pa.array([2**62, 0], pa.timestamp("us")), ["far_times"]),
        (pa.array([2**62, 0], pa.duration("ms")), ["converted_type", "far_times"]),
        (pa.array([2**30, 0], pa.date32()), ["far_times"]),
        (pa.array([-62135596800000000, 253402300799999999], pa.timestamp("us")), []),
    ],
)  # fmt: skip
def test_times_that_do_not_fit_are_said(stored, values, kinds):
    read, _, said = stored(values)
    assert said == kinds
    assert read.count(None) == (1 if "far_times" in kinds else 0)


def test_times_beside_a_far_one_keep_their_values(stored):
    noon = datetime.datetime(2024, 1, 5, 12, tzinfo=datetime.UTC)
    since = int(noon.timestamp() * 1000)
    assert stored(pa.array([2**62, since], pa.timestamp("ms", "UTC")))[0] == [None, noon.replace(tzinfo=None)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array(["a", "b", None]).dictionary_encode(), ["a", "b", None]),
        (pa.array([1, 2, None]).dictionary_encode(), [1, 2, None]),
        (pa.array(["", "é"], pa.large_string()), ["", "é"]),
        (pa.array(["x" * 40], pa.string_view()), ["x" * 40]),
        (pa.array([2**64 - 1], pa.uint64()), [2**64 - 1]),
        (pa.array([255], pa.uint8()), [255]),
        (pa.array([b"\xff\x00"]), [b"\xff\x00"]),
        (pa.array([datetime.timedelta(days=3)]), [datetime.timedelta(days=3)]),
        (pa.array([datetime.time(1, 2, 3)]), [datetime.time(1, 2, 3)]),
        (pa.nulls(2), [None, None]),
    ],
)  # fmt: skip
def test_plain_columns_stay_as_they_are(stored, values, expected):
    assert stored(values)[0] == expected


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        (["2024-01-05", "2024-02-05"], ["stored_text_dates"]),
        (["2024-01-05T10:00:00Z"], ["stored_text_dates"]),
        (["true", "false"], ["stored_text_booleans"]),
        (["ok", "2024-01-05"], []),
        (["{}", None], []),
    ],
)
def test_text_that_looks_like_dates_stays_text_and_is_said(stored, texts, kinds):
    assert stored(pa.array(texts)) == (texts, pl.String, kinds)


def test_nul_characters_stay_and_are_said(stored):
    assert stored(pa.array(["a\0b", "c"])) == (["a\0b", "c"], pl.String, ["zero_characters"])
    assert stored(pa.array(["a\0b", "c"]).dictionary_encode())[2] == ["zero_characters"]


@pytest.mark.parametrize("kind", [pa.decimal256(50, 3), pa.list_(pa.decimal256(50, 3))])
def test_decimals_of_more_digits_than_can_be_held_are_refused_by_name(stored, kind):
    value = D("1.5") if pa.types.is_decimal(kind) else [D("1.5")]
    with pytest.raises(UnreadableFileError, match=r"Column 'v' has the type decimal256\(50, 3\)"):
        stored(pa.array([value], kind))
