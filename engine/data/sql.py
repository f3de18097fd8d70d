"""Read-only SQL over datasets, in a DuckDB that is locked before the user's text reaches it.

The user's SQL sees views named after datasets and nothing else: no files, network, extensions, settings,
attached databases, nor variables of this process.
"""

import datetime
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from engine.data.stopping import Stopping, unstopped
from engine.data.values import rows_of_cells
from engine.errors import QueryError

MEMORY: Final = "512MB"
LONGEST: Final = 100_000
BATCH: Final = 65_536
"""Rows that are written at once."""


def query(
    sql: str, tables: Mapping[str, Path], *, known: Sequence[str] = (), limit: int = 1000, timeout: float = 30.0
) -> dict[str, Any]:
    """Return `{"columns": [name], "rows": [[cell]], "truncated"}` of one SELECT.

    Args:
        sql: One statement that only reads.
        tables: Parquet files by the name the SQL uses.
        known: Names of all datasets, for hints.
        limit: Rows returned at most.
        timeout: Seconds until the query is interrupted.

    Raises:
        QueryError: The SQL is wrong, forbidden, too large for its memory, or too slow.
    """
    with _answered(sql, tables, known, timeout, unstopped) as answer:
        columns = [column[0] for column in answer.description or []]
        found = answer.fetchmany(limit + 1)
    return {"columns": columns, "rows": rows_of_cells(found[:limit]), "truncated": len(found) > limit}


def query_into(
    path: Path,
    sql: str,
    tables: Mapping[str, Path],
    *,
    known: Sequence[str] = (),
    limit: int = 1_000_000,
    timeout: float = 60.0,
    stopping: Stopping = unstopped,
) -> dict[str, Any]:
    """Write the answer of one SELECT to a Parquet file, as it comes: `{"columns": [name], "rows", "truncated"}`.

    Args:
        path: The file; written anew. Two columns of one name get names of their own.
        sql: One statement that only reads.
        tables: Parquet files by the name the SQL uses.
        known: Names of all datasets, for hints.
        limit: Rows written at most.
        timeout: Seconds until the query is interrupted.
        stopping: Lets another thread interrupt it.

    Raises:
        QueryError: The SQL is wrong, forbidden, too large for its memory, too slow, or was stopped.
    """
    import pyarrow as pa
    from pyarrow import parquet

    written, truncated = 0, False
    with _answered(sql, tables, known, timeout, stopping) as answer:
        batches = answer.to_arrow_reader(BATCH)
        schema = _storable(batches.schema)
        with parquet.ParquetWriter(path, schema, compression="lz4") as file:
            for batch in batches:
                rows = min(batch.num_rows, limit - written)
                truncated = truncated or rows < batch.num_rows
                columns = [_with_text(column) for column in batch.slice(0, rows).columns]
                file.write_batch(pa.record_batch(columns, schema=schema))
                written += rows
                if truncated:
                    break
    return {"columns": schema.names, "rows": written, "truncated": truncated}


@contextmanager
def _answered(
    sql: str, tables: Mapping[str, Path], known: Sequence[str], timeout: float, stopping: Stopping
) -> Iterator[Any]:
    """Give the answer to be fetched, all of it within the time."""
    import duckdb
    import pyarrow as pa

    _require_one_select(sql)
    connection = duckdb.connect(":memory:")
    late = threading.Event()
    timer = threading.Timer(timeout, _interrupt, (connection, late))
    timer.daemon = True
    try:
        _lock(connection, tables)
        timer.start()
        with stopping(connection.interrupt):
            yield connection.execute(sql)
    except (duckdb.Error, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise _explained(error, known, timeout, late=late.is_set()) from error
    except OSError as error:
        if error.errno is not None:  # the disk's; DuckDB's own, met while its answer is fetched, have no number
            raise
        raise _explained(error, known, timeout, late=late.is_set()) from error
    finally:
        timer.cancel()
        connection.close()


def _storable(schema: Any) -> Any:
    """Return the schema with types that Parquet has, and a name of its own for each column."""
    import pyarrow as pa

    names: list[str] = []
    for name in schema.names:
        count = 1
        while (own := name if count == 1 else f"{name}_{count}") in names:
            count += 1
        names.append(own)
    kinds = [pa.string() if pa.types.is_interval(kind) else kind for kind in schema.types]
    return pa.schema(list(zip(names, kinds, strict=True)))


def _with_text(column: Any) -> Any:
    """Return a column as it is, but spans of time as text."""
    import pyarrow as pa

    if not pa.types.is_interval(column.type):
        return column
    return pa.array([None if span is None else _span(span) for span in column.to_pylist()], pa.string())


def _span(span: Any) -> str:
    calendar = [f"{count} {unit}" for count, unit in ((span.months, "months"), (span.days, "days")) if count]
    clock = [str(datetime.timedelta(microseconds=span.nanoseconds / 1000))] if span.nanoseconds or not calendar else []
    return " ".join([*calendar, *clock])


def named_in(sql: str, names: Sequence[str]) -> set[str]:
    """Return those of `names` that the SQL may mean, without regard to case.

    Raises:
        QueryError: Two names differ only in case, and it does not say which is meant.
    """
    folded = sql.casefold()
    meant = set()
    for name in names:
        if name.casefold() not in folded:
            continue
        twins = [other for other in names if other.casefold() == name.casefold()]
        exact = [other for other in twins if other in sql]
        if len(twins) > 1 and len(exact) != 1:
            raise QueryError(
                f"Datasets {', '.join(map(repr, twins))} differ only in case, which SQL cannot tell apart.",
                hint="Name one.",
            )
        meant.add(exact[0] if len(twins) > 1 else name)
    return meant


def _interrupt(connection: Any, late: threading.Event) -> None:
    late.set()
    connection.interrupt()


def _require_one_select(sql: str) -> None:
    import duckdb

    if len(sql) > LONGEST:
        raise QueryError(f"The SQL has {len(sql)} characters, more than {LONGEST}.", hint="Make it shorter.")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(f"The SQL cannot be read: {_told(error)}", hint="Check it near that place.") from error
    if len(statements) != 1 or statements[0].type.name != "SELECT":
        said = statements[0].type.name if len(statements) == 1 else f"{len(statements)} statements"
        raise QueryError(f"Only one SELECT is answered here, not {said}.", hint="Write SELECT ... FROM a dataset.")


def _lock(connection: Any, tables: Mapping[str, Path]) -> None:
    """Lock the connection, then show it the tables as objects, so that it needs no file itself."""
    import pyarrow.dataset as arrow

    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET threads = 2")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET allow_community_extensions = false")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_external_access = false")
    for name, path in tables.items():
        connection.register(name, arrow.dataset(path, format="parquet"))
    connection.execute("SET lock_configuration = true")


def _explained(error: Exception, known: Sequence[str], timeout: float, *, late: bool) -> QueryError:
    import duckdb

    if late:
        return QueryError(f"The query took longer than {timeout:g} s and was stopped.", hint="Ask for less.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryError(f"The query needs more than {MEMORY} of memory.", hint="Aggregate or select less.")
    if isinstance(error, duckdb.CatalogException) and "Table with name" in str(error):
        names = ", ".join(f'"{name}"' for name in known[:20]) or "none yet"
        return QueryError(_told(error), hint=f"Datasets are {names}; quote names that are not plain words.")
    meant = re.search(r"^Candidate bindings: (.+)$", str(error), re.MULTILINE)
    hint = (
        f"Did you mean one of {meant.group(1)[:200]}?"
        if meant
        else "Only reading the datasets by name is possible here."
    )
    return QueryError(_told(error), hint=hint)


def _told(error: Exception) -> str:
    """Return what DuckDB says in one sentence, and where in the SQL it is, if it says that."""
    lines = str(error).strip().splitlines()
    sentence = re.sub(r"^(\w+ )+Error: ", "", lines[0])[:300].rstrip(" !.")
    for number, line in enumerate(lines[:-1]):
        place = re.match(r"LINE (\d+): ", line)
        if place and lines[number + 1].strip() == "^":
            character = lines[number + 1].index("^") - place.end() + 1
            return f"{sentence} (line {place.group(1)}, character {character})."
    return f"{sentence}."
