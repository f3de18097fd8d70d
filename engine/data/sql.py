"""Read-only SQL over datasets, in a DuckDB that is locked before the user's text reaches it.

The user's SQL sees views named after datasets and nothing else: no files, network, extensions, settings,
attached databases, nor variables of this process.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.data.values import rows_of_cells
from engine.errors import QueryError

MEMORY: Final = "512MB"
LONGEST: Final = 100_000


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
    import duckdb

    _require_one_select(sql)
    connection = duckdb.connect(":memory:")
    late = threading.Event()
    timer = threading.Timer(timeout, _interrupt, (connection, late))
    timer.daemon = True
    try:
        _lock(connection, tables)
        timer.start()
        answer = connection.execute(sql)
        columns = [column[0] for column in answer.description or []]
        found = answer.fetchmany(limit + 1)
    except duckdb.Error as error:
        raise _explained(error, known, timeout, late=late.is_set()) from error
    finally:
        timer.cancel()
        connection.close()
    return {"columns": columns, "rows": rows_of_cells(found[:limit]), "truncated": len(found) > limit}


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
            raise QueryError(f"Datasets {twins} differ only in case, which SQL cannot tell apart.", hint="Name one.")
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
        raise QueryError(f"The SQL cannot be read: {_first_line(error)}", hint="Check it near that place.") from error
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
        return QueryError(_first_line(error), hint=f"Datasets are {names}; quote names that are not plain words.")
    return QueryError(_first_line(error), hint="Only reading the datasets by name is possible here.")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300]
