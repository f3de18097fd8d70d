"""Tables for one query by a user, which is asked in a child process that can reach nothing else."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, Self

import polars as pl

from operators.children import folders
from operators.children.settings import setting
from operators.contract.errors import CancelledError, EmptyTableError, ExpressionError
from operators.contract.tables import require_names_apart
from operators.sql.asking import Question, Refusal, ask

_HINT = "The query is one SELECT in DuckDB's SQL; its tables are called table and other."
_LESS = "Ask for less."
LONGEST: Final = 100_000


class QueryLateError(ExpressionError):
    """A query took longer than it may."""


class QueryDiedError(ExpressionError):
    """The process of a query ended over it."""


class LockedSql:
    """Some tables, for one query by a user, in a DuckDB of its own (`operators.sql`).

    Files, the network, extensions, settings and variables are locked away before the query is looked at.

    Args:
        tables: What the query sees, by name.
        timeout_s: Seconds after which a query is stopped, in (0, 86400].
        scratch: Folder for the tables, and for what does not fit in memory; a temporary one, and nothing is spilled,
            when None.
        memory: Bytes that the query may use; those of screens when None.
        memory_setting: Name of the setting that says so, for the error.
        cancelled: Looked at while the query works.

    Raises:
        EmptyTableError: A table has no columns.
        ParameterError: Two columns of a table differ in case only.
    """

    def __init__(
        self,
        tables: Mapping[str, pl.DataFrame],
        timeout_s: float,
        scratch: Path | None = None,
        *,
        memory: int | None = None,
        memory_setting: str = "TANDEM_SQL_MEMORY_MB",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        for name, table in tables.items():
            if not table.width:
                raise EmptyTableError(f"The table {name!r} has no columns.", hint="Connect a table with columns.")
            require_names_apart(table.columns)
        self._timeout_s, self._scratch, self._cancelled = timeout_s, scratch, cancelled
        self._memory = setting("SQL_MEMORY_MB") * 10**6 if memory is None else memory
        self._memory_setting = memory_setting
        self._given = ExitStack()
        self._folder = scratch or self._given.enter_context(folders.folder())
        self._tables = {name: self._written(table) for name, table in tables.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path in self._tables.values():
            path.unlink(missing_ok=True)
        self._given.close()

    def rows(self, query: str, *, at_most: int | None = None) -> pl.DataFrame:
        """Return the rows of one SELECT, all of them or `at_most` so many.

        Raises:
            ExpressionError: It is not one SELECT, is wrong or forbidden, took too long or too much, or gives two
                columns of one name.
            CancelledError: `cancelled` said so.
        """
        import pyarrow as pa
        from pyarrow import ipc

        if len(query) > LONGEST:
            raise ExpressionError(
                f"The query has {len(query)} characters, more than {LONGEST}.", hint="Make it shorter.", field="query"
            )
        path = self._new_file()
        question = Question(
            query,
            {name: (table, "arrow") for name, table in self._tables.items()},
            self._timeout_s,
            self._memory,
            rows=at_most,
            plain=True,
            spill=self._scratch / "sql" if self._scratch else None,
        )
        answer = ask(question, path, cancelled=self._cancelled)
        if isinstance(answer, Refusal):
            self._refuse(answer)
        with pa.memory_map(str(path)) as file:
            rows: pl.DataFrame = pl.from_arrow(ipc.open_file(file).read_all())  # type: ignore[assignment]
        path.unlink()  # what is mapped stays readable
        return rows

    def _written(self, table: pl.DataFrame) -> Path:
        import pyarrow as pa
        from pyarrow import ipc

        path, rows = self._new_file(), table.to_arrow()
        with pa.OSFile(str(path), "wb") as file, ipc.new_file(file, rows.schema) as out:
            out.write_table(rows)
        return path

    def _new_file(self) -> Path:
        return self._folder / f"{secrets.token_hex(8)}.arrow"

    def _refuse(self, refusal: Refusal) -> NoReturn:
        """Raise what a refusal means."""
        kind, said = refusal.kind, refusal.said
        if kind == "cancelled":
            raise CancelledError("The run was cancelled while a query worked.")
        if kind == "disk":
            raise OSError(refusal.errno, said)
        if kind == "late":
            raise QueryLateError(f"The query took longer than {self._timeout_s:g} s.", hint=_LESS, field="query")
        if kind == "crash":
            raise QueryDiedError(
                f"The query ended its process (status {said}).", hint="Ask it in another way.", field="query"
            )
        sentence, hint = self._words(kind, said)
        raise ExpressionError(sentence, hint=hint, field="query")

    def _words(self, kind: str, said: str) -> tuple[str, str]:
        """Return sentence and hint of a refusal that another query would not meet."""
        match kind:
            case "statement":
                sentence, hint = "The query is not one SELECT.", _HINT
            case "twins":
                sentence, hint = f"Two columns would be called {said!r}.", "Name one with AS."
            case "memory":
                sentence = f"The query needs more than {self._memory // 10**6}MB of memory."
                hint = f"Aggregate or select less, or set {self._memory_setting}."
            case "size":
                sentence = f"The query needs more than {setting('SQL_DISK_MB')} MiB on disk."
                hint = "Ask for less, or set TANDEM_SQL_DISK_MB."
            case _:
                sentence, hint = f"The query failed: {_sentence(said)}", _meant(said)
        return sentence, hint


def _sentence(said: str) -> str:
    first = said.strip().split("\n")[0][:300]
    return first if first.endswith((".", "!", "?")) else f"{first}."


def _meant(said: str) -> str:
    lines = [line.strip() for line in said.splitlines()]
    return next((line for line in lines if line.startswith(("Did you mean", "Candidate bindings"))), _HINT)
