"""Asks SQL in a warm child: a question in, rows out, or why not."""

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from operators.children.child import Ending, Limits
from operators.children.settings import MIB, setting
from operators.children.warm import CHILDREN

SLACK = 256 * MIB
"""Bytes of memory of a child beside DuckDB's own: libraries, and rows on their way into the file."""

Format = Literal["parquet", "arrow"]


@dataclass(frozen=True)
class Question:
    """One query and what it may take.

    Args:
        sql: Text of a user.
        tables: By name in the query the path and the format of each table.
        seconds: After which the child is killed.
        memory: Bytes that DuckDB may use.
        rows: That are answered at most; all when None.
        threads: Of DuckDB; as many as it likes when None.
        plain: Whether `table` is a name, columns have names of their own, and types are those that every engine has.
        spill: Folder for what does not fit into memory; nothing is spilled when None.
    """

    sql: str
    tables: Mapping[str, tuple[Path, Format]]
    seconds: float
    memory: int
    rows: int | None = None
    threads: int | None = None
    plain: bool = False
    spill: Path | None = None

    def document(self, path: Path, form: Format) -> dict[str, Any]:
        """Return what the child is told."""
        return {
            "do": "sql",
            "sql": self.sql,
            "tables": {name: [str(path), form] for name, (path, form) in self.tables.items()},
            "memory": self.memory,
            "rows": self.rows,
            "threads": self.threads,
            "plain": self.plain,
            "spill": str(self.spill) if self.spill else "",
            "path": str(path),
            "form": form,
            "file_bytes": setting("SQL_DISK_MB") * MIB,
        }


@dataclass(frozen=True)
class Refusal:
    """Why there is no answer.

    Args:
        kind: `statement`, `twins`, `memory`, `disk`, `size`, `late`, `cancelled`, `crash`, or `error`.
        said: What DuckDB says; the other statement, the name of two columns, the number of a signal.
        type: Name of DuckDB's class of errors, for `error`.
        errno: The system's, for `disk`.
    """

    kind: str
    said: str = ""
    type: str = ""
    errno: int = 0


@dataclass(frozen=True)
class Rows:
    """What was answered.

    Args:
        columns: Their names.
        count: Rows in the file.
        truncated: Whether there would have been more.
    """

    columns: list[str]
    count: int
    truncated: bool


def ask(
    question: Question, path: Path, form: Format = "arrow", cancelled: Callable[[], bool] = lambda: False
) -> Rows | Refusal:
    """Write the rows of an answer to `path`, which is gone again where there is no answer.

    Args:
        question: What is asked.
        path: A file that is made, or made anew.
        form: Its format.
        cancelled: Looked at while waiting; the child is killed then.
    """
    limits = Limits(question.seconds, question.memory + SLACK)
    done = False
    try:
        found = CHILDREN.work(question.document(path.resolve(), form), limits, cancelled=cancelled)
        answer = _refusal(found)
        done = isinstance(answer, Rows)
    finally:
        if not done:
            path.unlink(missing_ok=True)
    return answer


def _refusal(found: Ending | dict[str, Any]) -> Rows | Refusal:
    if isinstance(found, Ending):
        return Refusal("crash" if found.how == "ended" else found.how, str(found.status or 0))
    if "refused" not in found:
        return Rows(found["columns"], found["rows"], found["truncated"])
    kind, number = found["refused"], int(found.get("errno") or 0)
    kind = "size" if number == errno.EFBIG else kind
    return Refusal(kind, found["said"], found.get("type", ""), number)
