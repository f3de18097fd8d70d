"""Parquet and Arrow files are read by their plain types; whatever may run code is refused."""

import datetime
import decimal
import json
import pickle
import sys

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.data.formats import ReadOptions
from engine.data.parsing.columnar import read_columnar
from engine.errors import UnreadableFileError


@pytest.fixture
def read_parquet(tmp_path):
    """Write an Arrow table to Parquet and read it as a dataset would be."""

    def reading(table, name="table.parquet"):
        pq.write_table(table, tmp_path / name)
        return read_columnar(tmp_path / name, ReadOptions(), tmp_path)

    return reading


class Canary:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("extension", ["ray.data.arrow_pickled_object", "ray.data.arrow_tensor", "mine"])
def test_extension_types_are_refused_and_nothing_of_them_runs(read_parquet, tmp_path, extension):
    canary = pickle.dumps(Canary(tmp_path / "canary"))
    metadata = {"ARROW:extension:name": extension, "ARROW:extension:metadata": canary}
    field = pa.field("object", pa.binary(), metadata=metadata)
    table = pa.table([pa.array([canary, canary])], schema=pa.schema([field]))
    with pytest.raises(UnreadableFileError, match="extension type") as caught:
        read_parquet(table)
    assert extension in str(caught.value)
    assert not (tmp_path / "canary").exists()
    assert "ray.data" not in sys.modules


def test_an_extension_type_inside_a_nested_column_is_refused(read_parquet):
    inner = pa.field("x", pa.binary(), metadata={"ARROW:extension:name": "ray.data.arrow_pickled_object"})
    table = pa.table([pa.array([{"x": b"1"}], pa.struct([inner]))], names=["outer"])
    with pytest.raises(UnreadableFileError, match=r"'outer' has the extension type 'ray\.data"):
        read_parquet(table)


def test_an_extension_type_that_arrow_knows_is_refused_too(read_parquet):
    with pytest.raises(UnreadableFileError, match=r"extension type 'arrow\.uuid'"):
        read_parquet(pa.table({"id": pa.array([b"0123456789abcdef"], pa.uuid())}))


def test_an_arrow_file_with_extension_types_is_refused(tmp_path):
    field = pa.field("object", pa.binary(), metadata={"ARROW:extension:name": "ray.data.arrow_pickled_object"})
    table = pa.table([pa.array([b"1"])], schema=pa.schema([field]))
    with pa.OSFile(str(tmp_path / "t.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(UnreadableFileError, match="extension type"):
        read_columnar(tmp_path / "t.arrow", ReadOptions(), tmp_path)


def test_types_that_datasets_lack_become_the_nearest_and_it_is_said(read_parquet):
    moment = datetime.datetime(2024, 1, 5, 10, tzinfo=datetime.UTC)
    reading = read_parquet(
        pa.table(
            {
                "money": pa.array([decimal.Decimal("1.50")]),
                "tags": pa.array([["a", "b"]]),
                "point": pa.array([{"x": 1, "y": None}]),
                "when": pa.array([moment], pa.timestamp("ns", "Europe/Paris")),
                "kind": pa.array(["x"]).dictionary_encode(),
                "nothing": pa.nulls(1),
            }
        )
    )
    row = reading.table.collect().row(0, named=True)
    assert row["money"] == 1.5
    assert json.loads(row["tags"]) == ["a", "b"]
    assert json.loads(row["point"]) == {"x": 1, "y": None}
    assert (row["when"], row["kind"], row["nothing"]) == (moment.replace(hour=10, tzinfo=None), "x", None)
    assert [finding.column for finding in reading.findings] == ["money", "tags", "point", "when"]


def test_whole_numbers_of_all_widths_stay(read_parquet):
    table = pa.table({"small": pa.array([1], pa.int8()), "large": pa.array([2**64 - 1], pa.uint64())})
    assert read_parquet(table).table.collect().rows() == [(1, 2**64 - 1)]


@pytest.mark.parametrize("cut", [4, 100, -1])
def test_a_cut_file_is_a_sentence(tmp_path, cut):
    pl.DataFrame({"a": range(1000)}).write_parquet(tmp_path / "t.parquet")
    (tmp_path / "t.parquet").write_bytes((tmp_path / "t.parquet").read_bytes()[:cut])
    with pytest.raises(UnreadableFileError, match="not a whole Parquet file"):
        read_columnar(tmp_path / "t.parquet", ReadOptions(), tmp_path)
