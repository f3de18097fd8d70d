"""A DuckDB that holds the tables it was given and can reach nothing else."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl

from operators.errors import EmptyTableError, ExpressionError
from operators.tables import require_names_apart

_HINT = "The query is one SELECT in DuckDB's SQL; its tables are called table and other."
_PLAIN = {"HUGEINT": "BIGINT", "UHUGEINT": "BIGINT", "UUID": "VARCHAR"}
_MEMORY_SHARE = 0.4  # of the machine's memory, for one query


class LockedSql:
    """An in-memory database with some tables, for one query by a user.

    Files, the network, extensions, settings and the variables of this process are locked away before the query
    is looked at.

    Args:
        tables: What the query sees, by name.
        timeout_s: Seconds after which a query is stopped, in (0, 86400].
        scratch: Folder for what does not fit in memory; nothing is spilled when None.

    Raises:
        EmptyTableError: A table has no columns.
        ParameterError: Two columns of a table differ in case only.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame], timeout_s: float, scratch: Path | None = None) -> None:
        import duckdb

        self._timeout_s = timeout_s
        self._connection: Any = duckdb.connect(":memory:")
        for name, table in tables.items():
            if not table.width:
                raise EmptyTableError(f"The table {name!r} has no columns.", hint="Connect a table with columns.")
            require_names_apart(table.columns)
            self._connection.register(name, table.to_arrow())
        memory = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _MEMORY_SHARE / 2**20)
        spill = str(scratch / "sql").replace("'", "''") if scratch else ""
        for setting in (
            f"temp_directory = '{spill}'",
            f"memory_limit = '{memory}MB'",
            "TimeZone = 'UTC'",
            "enable_external_access = false",
            "python_enable_replacements = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def rows(self, query: str, *, at_most: int | None = None) -> pl.DataFrame:
        """Return the rows of one SELECT, all of them or `at_most` so many.

        Raises:
            ExpressionError: It is not one SELECT, is wrong or forbidden, took too long, or gives two columns of one
                name.
        """
        import duckdb

        watch = threading.Timer(self._timeout_s, self._connection.interrupt)
        watch.start()
        try:
            found = self._plain(self._connection.sql(self._select(query)))
            found = found if at_most is None else found.limit(at_most)
            rows: pl.DataFrame = pl.from_arrow(found.to_arrow_table())  # type: ignore[assignment]
        except duckdb.InterruptException as error:
            raise ExpressionError(
                f"The query took longer than {self._timeout_s:g} s.", hint="Ask for less.", field="query"
            ) from error
        except (duckdb.Error, RuntimeError, UnicodeError) as error:
            raise ExpressionError(f"The query failed: {_sentence(error)}", hint=_meant(error), field="query") from error
        finally:
            watch.cancel()
        return rows

    def _select(self, query: str) -> str:
        """Return the text of the only statement in `query`, with the name `table`, a keyword, in quotes."""
        import duckdb

        text = _with_quoted_table(query)
        statements = self._connection.extract_statements(text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ExpressionError("The query is not one SELECT.", hint=_HINT, field="query")
        return text

    def _plain(self, relation: Any) -> Any:
        """Return `relation` with types that every engine has.

        Raises:
            ExpressionError: Two columns have the same name.
        """
        if relation is None:
            raise ExpressionError("The query is not one SELECT.", hint=_HINT, field="query")
        parts: list[str] = []
        seen: set[str] = set()
        for name, kind in zip(relation.columns, map(str, relation.types), strict=True):
            if name.casefold() in seen:  # case does not count in SQL
                raise ExpressionError(f"Two columns would be called {name!r}.", hint="Name one with AS.", field="query")
            seen.add(name.casefold())
            quoted = '"' + name.replace('"', '""') + '"'
            plain = "DOUBLE" if kind.startswith("DECIMAL") else _PLAIN.get(kind)
            plain = "TIMESTAMP" if kind.startswith("TIMESTAMP") and kind != "TIMESTAMP" else plain
            parts.append(f"CAST({quoted} AS {plain}) AS {quoted}" if plain else quoted)
        return relation.project(", ".join(parts))


def _with_quoted_table(query: str) -> str:
    import duckdb

    raw = query.encode()  # the tokenizer counts bytes
    for start, kind in reversed(duckdb.tokenize(query)):
        if kind == duckdb.token_type.keyword and raw[start : start + 5].lower() == b"table":
            raw = raw[:start] + b'"table"' + raw[start + 5 :]
    return raw.decode()


def _sentence(error: Exception) -> str:
    first = str(error).strip().split("\n")[0][:300]
    return first if first.endswith((".", "!", "?")) else f"{first}."


def _meant(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line.startswith(("Did you mean", "Candidate bindings"))), _HINT)
