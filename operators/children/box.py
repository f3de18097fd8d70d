"""A DuckDB that holds the tables it was given and can reach nothing else. Runs in the child, see `answering`.

Imports nothing of this project: the child has this file as text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from duckdb import StatementType, connect, extract_statements, token_type, tokenize

PLAIN = {"HUGEINT": "BIGINT", "UHUGEINT": "BIGINT", "UUID": "VARCHAR"}


class Refused(Exception):  # noqa: N818 - no fault: an answer
    """A query that is not answered; `args` are the kind of reason and its value."""


def connected(
    tables: Mapping[str, Sequence[str]], memory: int, threads: int | None, spill: str, spill_bytes: int
) -> Any:
    """Return a connection that is locked before the text of a user reaches it.

    Files, the network, extensions, settings and the variables of this process are locked away; tables are shown as
    objects, so that DuckDB needs no file itself.

    Args:
        tables: By name the path and the format, `parquet` or `arrow`, of each table.
        memory: Bytes that DuckDB may use.
        threads: Of DuckDB; as many as it likes when None.
        spill: Folder for what does not fit in memory; empty: nothing is spilled.
        spill_bytes: Of that folder.
    """
    connection = connect(":memory:")
    for setting in (
        "python_enable_replacements = false",
        "TimeZone = 'UTC'",
        f"memory_limit = '{memory // 10**6}MB'",
        *([f"threads = {threads}"] if threads else []),
        f"temp_directory = {_quoted(spill)}",
        *([f"max_temp_directory_size = '{spill_bytes // 10**6}MB'"] if spill else []),
        "allow_community_extensions = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
    ):
        connection.execute(f"SET {setting}")
    for name, (path, form) in tables.items():
        connection.register(name, _table(path, form))
    connection.execute("SET lock_configuration = true")
    return connection


def require_one_select(query: str) -> None:
    """Do nothing for one statement that only reads.

    Raises:
        Refused: It is another, or several; or DuckDB's own error where it cannot be read.
    """
    statements = extract_statements(query)
    if len(statements) != 1 or statements[0].type != StatementType.SELECT:
        said = statements[0].type.name if len(statements) == 1 else f"{len(statements)} statements"
        raise Refused("statement", said)


def with_quoted_table(query: str) -> str:
    """Return a query with the name `table`, a keyword, in quotes."""
    raw = query.encode()  # the tokenizer counts bytes
    for start, kind in reversed(tokenize(query)):
        if kind == token_type.keyword and raw[start : start + 5].lower() == b"table":
            raw = raw[:start] + b'"table"' + raw[start + 5 :]
    return raw.decode()


def plain(relation: Any) -> Any:
    """Return a relation with types that every engine has.

    Raises:
        Refused: It is none, or two of its columns have the same name.
    """
    if relation is None:
        raise Refused("statement", "nothing")
    parts: list[str] = []
    seen: set[str] = set()
    for name, kind in zip(relation.columns, map(str, relation.types), strict=True):
        if name.casefold() in seen:  # case does not count in SQL
            raise Refused("twins", name)
        seen.add(name.casefold())
        quoted = '"' + name.replace('"', '""') + '"'
        cast = "DOUBLE" if kind.startswith("DECIMAL") else PLAIN.get(kind)
        cast = "TIMESTAMP" if kind.startswith("TIMESTAMP") and kind != "TIMESTAMP" else cast
        parts.append(f"CAST({quoted} AS {cast}) AS {quoted}" if cast else quoted)
    return relation.project(", ".join(parts))


def _table(path: str, form: str) -> Any:
    import pyarrow as pa
    from pyarrow import dataset, ipc

    if form == "parquet":
        return dataset.dataset(path, format="parquet")
    return ipc.open_file(pa.memory_map(path)).read_all()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
