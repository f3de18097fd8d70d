"""A stored table opens on every engine and is written back whole, in order."""

import datetime

import narwhals as nw
import polars as pl
import pytest

from engine.data.frames import scan, sink
from engine.errors import DataError
from operators.contract.tables import lazy

ENGINES = ["polars", "duckdb", pytest.param("spark", marks=pytest.mark.spark)]
TABLE = pl.DataFrame(
    {
        "a": [3, 1, None, 2**53 + 1],
        "b": [1.5, None, 2.0, 3.0],
        "S p": ["x", None, "zz", "é"],
        "day": [datetime.date(2024, 1, day) for day in range(1, 5)],
        "at": [datetime.datetime(2024, 1, 1, 3, 4, 5, 678)] * 4,  # noqa: DTZ001
        "flag": [True, False, None, True],
    }
)


@pytest.fixture
def stored(tmp_path):
    """A Parquet file with `TABLE`."""
    TABLE.write_parquet(tmp_path / "in.parquet")
    return tmp_path / "in.parquet"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_goes_through_an_engine_unchanged(stored, tmp_path, engine):
    assert sink(scan(stored, engine), tmp_path / "out.parquet") == 4
    assert pl.read_parquet(tmp_path / "out.parquet").equals(TABLE)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_rows_keep_their_columns(stored, tmp_path, engine):
    assert sink(scan(stored, engine).filter(nw.col("a") < 0), tmp_path / "out.parquet") == 0
    assert pl.read_parquet_schema(tmp_path / "out.parquet") == TABLE.schema


@pytest.mark.parametrize("engine", ENGINES)
def test_sums_of_whole_numbers_are_whole(stored, tmp_path, engine):
    sink(scan(stored, engine).select(nw.col("a").sum()), tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet")["a"].to_list() == [2**53 + 5]


@pytest.mark.parametrize("engine", ENGINES)
def test_sorted_rows_are_written_in_order(tmp_path, engine):
    many = pl.DataFrame({"a": pl.int_range(300_000, eager=True).shuffle(seed=1)})
    many.write_parquet(tmp_path / "in.parquet")
    assert sink(scan(tmp_path / "in.parquet", engine).sort("a"), tmp_path / "out.parquet") == 300_000
    assert pl.read_parquet(tmp_path / "out.parquet")["a"].is_sorted()


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_what_narwhals_writes_as_sql_finds_its_tables(stored, tmp_path, engine):
    table = scan(stored, engine)
    long = table.select("a", "b").unpivot(on=["a", "b"]).filter(~nw.col("value").is_null())
    assert sink(long, tmp_path / "out.parquet") == 6


def test_a_table_in_memory_is_written_too(tmp_path):
    assert sink(lazy(TABLE), tmp_path / "out.parquet") == 4


def test_a_query_that_fails_leaves_no_file(stored, tmp_path):
    broken = scan(stored).with_columns(nw.col("S p").cast(nw.Int64))
    with pytest.raises(Exception, match="conversion"):
        sink(broken, tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


def test_names_with_wildcards_are_taken_literally(tmp_path):
    folder = tmp_path / "a[1]*?"
    folder.mkdir()
    TABLE.write_parquet(folder / "x.parquet")
    for engine in ("polars", "duckdb"):
        assert sink(scan(folder / "x.parquet", engine), tmp_path / "out.parquet") == 4


def test_names_that_duckdb_would_take_apart_are_refused(tmp_path):
    pl.DataFrame({"a.b": [1]}).write_parquet(tmp_path / "in.parquet")
    with pytest.raises(DataError, match=r"'a\.b'"):
        scan(tmp_path / "in.parquet", "duckdb")
    assert sink(scan(tmp_path / "in.parquet"), tmp_path / "out.parquet") == 1


def test_unknown_engines_and_files_are_sentences(stored, tmp_path):
    with pytest.raises(DataError, match="No engine 'pandas'"):
        scan(stored, "pandas")
    with pytest.raises(DataError, match="no table at"):
        scan(tmp_path / "nope.parquet")


@pytest.mark.spark
def test_spark_listens_on_loopback_only():
    from engine.data.spark import spark_session

    settings = spark_session().sparkContext.getConf()
    assert settings.get("spark.driver.bindAddress") == "127.0.0.1"
    assert settings.get("spark.ui.enabled") == "false"
