"""Answers questions of `operators.sql.asking` inside the child: each with a file of rows, and one line of JSON."""

import datetime
import os
import resource
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import ipc, parquet

from operators.children.box import Refused, connected, plain, require_one_select, with_quoted_table

BATCH = 65_536
"""Rows that are written at once."""
CELLS = 8_000_000
"""Cells that are written at once: room for them is made before there is a row."""
SLACK = (4 << 30) + (16 << 20) * (os.cpu_count() or 1)
"""Bytes that may be reserved beside DuckDB's own memory.

For 10,000 columns DuckDB reserves 2 GB and uses a tenth. What is used, the parent looks at 20 times a second
(`asking.SLACK`); this holds where that is too seldom.
"""

Document = dict[str, Any]


def answer(request: Mapping[str, Any]) -> Document:
    """Return `{"columns", "rows", "truncated"}` of a query, or `{"refused": kind, "said": ...}`."""
    _bound(request)
    try:
        connection = connected(
            request["tables"], request["memory"], request["threads"], request["spill"], request["file_bytes"]
        )
        try:
            return _written(connection, request)
        finally:
            connection.close()
    except Refused as refused:
        kind, said = refused.args
        return {"refused": kind, "said": said}
    except MemoryError:
        return {"refused": "memory", "said": ""}
    except Exception as error:  # noqa: BLE001 - whatever the libraries raise over a user's text, the child goes on
        number = error.errno if isinstance(error, OSError) else None  # DuckDB's own, met while fetching, have none
        kind = "disk" if number else _kind(error)
        return {"refused": kind, "said": str(error), "type": type(error).__name__, "errno": number}


def _kind(error: Exception) -> str:
    """Return what an error of DuckDB or Arrow is about: memory, the size of files on disk, or else."""
    if "max_temp_directory_size" in str(error):
        return "size"
    of_memory = isinstance(error, (duckdb.OutOfMemoryException, pa.ArrowMemoryError))
    said = any(words in str(error) for words in ("Out of Memory Error", "failed to allocate", "bad_alloc"))
    return "memory" if of_memory or said else "error"


def _bound(request: Mapping[str, Any]) -> None:
    """Hold this process to the limits of this query; the last one's may have been others."""
    for kind, most in (
        (resource.RLIMIT_DATA, request["memory"] + SLACK),
        (resource.RLIMIT_FSIZE, request["file_bytes"]),
    ):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _written(connection: Any, request: Mapping[str, Any]) -> Document:
    if request["plain"]:
        query = with_quoted_table(request["sql"])
        require_one_select(query)
        found = plain(connection.sql(query))
        found = found if request["rows"] is None else found.limit(request["rows"])
        batches = found.to_arrow_reader(_rows_at_once(len(found.columns)))
        return _file(batches, batches.schema, request, lambda column: column)
    require_one_select(request["sql"])
    found = connection.execute(request["sql"])
    batches = found.to_arrow_reader(_rows_at_once(len(found.description)))
    return _file(batches, _storable(batches.schema), request, _with_text)


def _rows_at_once(columns: int) -> int:
    return max(1, min(BATCH, CELLS // max(1, columns)))


def _file(batches: Any, schema: Any, request: Mapping[str, Any], kept: Callable[[Any], Any]) -> Document:
    """Write rows as they come, up to the limit."""
    limit, rows, truncated = request["rows"], 0, False
    with _writer(request["path"], request["form"], schema) as file:
        for batch in batches:
            take = batch.num_rows if limit is None else min(batch.num_rows, limit - rows)
            truncated = take < batch.num_rows
            columns = [kept(column) for column in batch.slice(0, take).columns]
            if take or not truncated:
                file.write_batch(pa.record_batch(columns, schema=schema))
            rows += take
            if truncated:
                break
    return {"columns": schema.names, "rows": rows, "truncated": truncated}


def _writer(path: str, form: str, schema: Any) -> Any:
    if form == "parquet":
        return parquet.ParquetWriter(path, schema, compression="lz4")
    return ipc.new_file(path, schema)


def _storable(schema: Any) -> Any:
    """Return the schema with types that Parquet has, and a name of its own for each column."""
    names: list[str] = []
    taken: set[str] = set()
    for name in schema.names:
        count = 1
        while (own := name if count == 1 else f"{name}_{count}") in taken:
            count += 1
        names.append(own)
        taken.add(own)
    kinds = [pa.string() if pa.types.is_interval(kind) else kind for kind in schema.types]
    return pa.schema(list(zip(names, kinds, strict=True)))


def _with_text(column: Any) -> Any:
    """Return a column as it is, but spans of time as text."""
    if not pa.types.is_interval(column.type):
        return column
    return pa.array([None if span is None else _span(span) for span in column.to_pylist()], pa.string())


def _span(span: Any) -> str:
    calendar = [f"{count} {unit}" for count, unit in ((span.months, "months"), (span.days, "days")) if count]
    clock = [str(datetime.timedelta(microseconds=span.nanoseconds / 1000))] if span.nanoseconds or not calendar else []
    return " ".join([*calendar, *clock])
