"""Open a stored Parquet file as a lazy table on any engine, and write a lazy table to one.

`sink` keeps the order of rows and streams: Polars by `sink_parquet`, DuckDB by `COPY`, Spark by part files
that are joined in order. LZ4 without statistics is the fastest that all three engines read; files that are
read once by the next stage gain nothing from more.
"""

import errno
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import narwhals as nw
import polars as pl

from engine.data.spark import process_folder, spark_session
from engine.errors import DataError
from operators.contract.card import ALL_ENGINES
from operators.contract.tables import LazyTable, collected, require_names_apart

COMPRESSION: Final = "lz4"


def scan(path: Path, engine: str = "polars") -> LazyTable:
    """Return the rows of a Parquet file as a table of `engine`; nothing is read yet.

    Args:
        path: A Parquet file on this machine; its name is taken literally.
        engine: One of `polars`, `duckdb`, `spark`.

    Raises:
        DataError: There is no such engine or no such file, or the engine cannot work on a name.
        ParameterError: Two columns differ in case only, and the engine is not polars.
    """
    if engine not in ALL_ENGINES:
        raise DataError(f"No engine {engine!r}.", hint=f"It may be one of {', '.join(ALL_ENGINES)}.")
    if not path.is_file():
        raise DataError(f"There is no table at {path}.", hint="It was moved or deleted; run the node again.")
    if engine == "polars":
        return nw.from_native(pl.scan_parquet(path, glob=False))
    _require_plain_names(pl.scan_parquet(path, glob=False).collect_schema(), engine)  # DuckDB makes other names of some
    native = (
        duckdb_connection().read_parquet(_no_glob(path))
        if engine == "duckdb"
        else spark_session().read.parquet(f"file://{path.resolve()}")
    )
    table: LazyTable = nw.from_native(native)
    return table


def sink(table: LazyTable, path: Path) -> int:
    """Compute `table` into a Parquet file at `path`, rows in order, and return how many rows it has.

    An existing file is overwritten. After an error nothing is left at `path`.

    Raises:
        DataError: The disk is full.
    """
    native = table.to_native()
    with _whole_or_gone(path):
        if isinstance(native, pl.LazyFrame):
            native.sink_parquet(path, compression=COMPRESSION, statistics=False)
        elif table.implementation.is_duckdb():
            _plain_duckdb(native).write_parquet(str(path), compression=COMPRESSION)
        elif table.implementation.is_pyspark():
            _sink_spark(native, path)
        else:
            collected(table).write_parquet(path, compression=COMPRESSION, statistics=False)
    return row_count(path)


def row_count(path: Path) -> int:
    """Return the rows of a Parquet file, from its footer alone."""
    import pyarrow.parquet

    return int(pyarrow.parquet.read_metadata(path).num_rows)  # a query of Polars takes 0.5 ms for it


def duckdb_connection() -> Any:
    """Return the process's own DuckDB, which spills to a folder of this process.

    narwhals needs the default connection, and its look at Python variables, for unpivot and as-of joins: text of
    users never runs on it as it is.
    """
    import duckdb

    connection = duckdb.connect(":default:")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET temp_directory = '{process_folder()}/duckdb'")
    return connection


@contextmanager
def _whole_or_gone(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        written = path.stat().st_size if path.exists() else 0
        path.unlink(missing_ok=True)
        if is_disk_full(error):
            raise DataError(
                f"The disk is full: {path.name} needs more than the {written} bytes written so far.",
                hint=f"Free space in {path.parent} and run again.",
            ) from error
        raise


def is_disk_full(error: BaseException) -> bool:
    """Return whether `error`, from any library, says that no space is left."""
    code = getattr(error, "errno", None)
    return code in {errno.ENOSPC, errno.EDQUOT} or "No space left on device" in str(error)


def not_kept(error: OSError, place: Path) -> DataError:
    """Return the error of a disk that failed under a table."""
    return DataError(f"The table cannot be kept: {error.strerror}.", hint=f"Check the disk under {place}.")


def _require_plain_names(names: Iterable[str], engine: str) -> None:
    """Refuse names that narwhals takes for a path into a struct on these engines, and those that are no names there."""
    names = list(names)
    require_names_apart(names)
    for name in names:
        if not name or set(name) & set('."`'):
            raise DataError(
                f"Engine {engine!r} cannot work on a column called {name!r}.",
                hint="Run on polars, or store the table with names free of dots and quotes.",
            )


def _no_glob(path: Path) -> str:
    """Return `path` with the characters that DuckDB would expand made literal."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _plain_duckdb(relation: Any) -> Any:
    """Return `relation` with the types Polars gives: sums of integers int64, decimals float64."""
    parts = []
    for name, dtype in zip(relation.columns, relation.types, strict=True):
        quoted = '"' + name.replace('"', '""') + '"'
        kind = str(dtype)
        if kind in {"HUGEINT", "UHUGEINT"}:
            parts.append(f"CAST({quoted} AS BIGINT) AS {quoted}")
        elif kind.startswith("DECIMAL"):
            parts.append(f"CAST({quoted} AS DOUBLE) AS {quoted}")
        else:
            parts.append(quoted)
    return relation.project(", ".join(parts))


def _sink_spark(frame: Any, path: Path) -> None:
    from pyspark.sql import functions as F  # noqa: N812 (Spark's own name for it)
    from pyspark.sql.types import DecimalType

    for column in frame.schema.fields:
        if isinstance(column.dataType, DecimalType):
            frame = frame.withColumn(column.name, F.col(f"`{column.name}`").cast("double"))
    folder = Path(tempfile.mkdtemp(prefix=".spark-", dir=path.parent))
    try:
        frame.write.mode("overwrite").parquet(f"file://{folder.resolve()}")
        parts = sorted(folder.glob("part-*.parquet"))
        pl.scan_parquet(parts, glob=False).sink_parquet(path, compression=COMPRESSION, statistics=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
