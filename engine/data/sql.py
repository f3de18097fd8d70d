"""Read-only SQL over datasets, in a DuckDB that is locked before the user's text reaches it.

It works in a child process (`operators.sql`) that is killed when it takes too long or too much, or is stopped. The
user's SQL sees views named after datasets and nothing else: no files, network, extensions, settings, attached
databases, nor variables of a process.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from engine.data.stopping import Stopping, unstopped
from engine.data.values import rows_of_cells
from engine.errors import QueryError
from operators.children import folders
from operators.children.settings import setting
from operators.sql.asking import Format, Question, Refusal, Rows, ask

LONGEST: Final = 100_000
THREADS: Final = 2


def query(
    sql: str, tables: Mapping[str, Path], *, known: Sequence[str] = (), limit: int = 1000, timeout: float = 30.0
) -> dict[str, Any]:
    """Return `{"columns": [name], "rows": [[cell]], "truncated"}` of one SELECT.

    Args:
        sql: One statement that only reads.
        tables: Parquet files by the name the SQL uses.
        known: Names of all datasets, for hints.
        limit: Rows returned at most.
        timeout: Seconds until the query is ended.

    Raises:
        QueryError: The SQL is wrong, forbidden, too large for its memory, or too slow.
    """
    import pyarrow as pa
    from pyarrow import ipc

    with folders.folder() as folder:
        path = folder / "rows.arrow"
        answer = _answered(path, "arrow", _question(sql, tables, limit, timeout), known, unstopped)
        with pa.memory_map(str(path)) as file:
            found = ipc.open_file(file).read_all()
        columns = [column.to_pylist() for column in found.columns]
    rows = rows_of_cells(zip(*columns, strict=True))
    return {"columns": answer.columns, "rows": rows, "truncated": answer.truncated}


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
        path: The file; written anew, and gone where there is no answer. Two columns of one name get names of their own.
        sql: One statement that only reads.
        tables: Parquet files by the name the SQL uses.
        known: Names of all datasets, for hints.
        limit: Rows written at most.
        timeout: Seconds until the query is ended.
        stopping: Lets another thread end it.

    Raises:
        QueryError: The SQL is wrong, forbidden, too large for its memory, too slow, or was stopped.
    """
    answer = _answered(path, "parquet", _question(sql, tables, limit, timeout), known, stopping)
    return {"columns": answer.columns, "rows": answer.count, "truncated": answer.truncated}


def _question(sql: str, tables: Mapping[str, Path], limit: int, timeout: float) -> Question:
    if len(sql) > LONGEST:
        raise QueryError(f"The SQL has {len(sql)} characters, more than {LONGEST}.", hint="Make it shorter.")
    files: dict[str, tuple[Path, Format]] = {name: (path.resolve(), "parquet") for name, path in tables.items()}
    return Question(sql, files, timeout, setting("SQL_MEMORY_MB") * 10**6, rows=limit, threads=THREADS)


def _answered(path: Path, form: Format, question: Question, known: Sequence[str], stopping: Stopping) -> Rows:
    stopped = threading.Event()
    with stopping(stopped.set):
        answer = ask(question, path, form, stopped.is_set)
    if isinstance(answer, Refusal):
        _refuse(answer, question, known)
    return answer


def _refuse(refusal: Refusal, question: Question, known: Sequence[str]) -> NoReturn:
    if refusal.kind == "disk":
        raise OSError(refusal.errno, refusal.said)
    sentence, hint = _words(refusal, question) or _explained(refusal, known)
    raise QueryError(sentence, hint=hint)


def _words(refusal: Refusal, question: Question) -> tuple[str, str] | None:
    """Return sentence and hint of a query that was not to blame for its text alone; None for the rest."""
    match refusal.kind:
        case "late":
            sentence, hint = f"The query took longer than {question.seconds:g} s and was stopped.", "Ask for less."
        case "cancelled":
            sentence, hint = "The query was stopped.", "Ask it again."
        case "crash":
            sentence, hint = f"The query ended its process (status {refusal.said}).", "Ask it in another way."
        case "memory":
            sentence = f"The query needs more than {question.memory // 10**6}MB of memory."
            hint = "Aggregate or select less, or set TANDEM_SQL_MEMORY_MB."
        case "size":
            sentence = f"The query needs more than {setting('SQL_DISK_MB')} MiB on disk."
            hint = "Ask for less, or set TANDEM_SQL_DISK_MB."
        case "statement":
            sentence = f"Only one SELECT is answered here, not {refusal.said}."
            hint = "Write SELECT ... FROM a dataset."
        case _:
            return None
    return sentence, hint


def _explained(refusal: Refusal, known: Sequence[str]) -> tuple[str, str]:
    """Return what DuckDB found wrong, and what may have been meant."""
    said = refusal.said
    if refusal.type == "ParserException":
        return f"The SQL cannot be read: {_told(said)}", "Check it near that place."
    if refusal.type == "CatalogException" and "Table with name" in said:
        names = ", ".join(f'"{name}"' for name in known[:20]) or "none yet"
        return _told(said), f"Datasets are {names}; quote names that are not plain words."
    meant = re.search(r"^Candidate bindings: (.+)$", said, re.MULTILINE)
    hint = (
        f"Did you mean one of {meant.group(1)[:200]}?"
        if meant
        else "Only reading the datasets by name is possible here."
    )
    return _told(said), hint


def _told(said: str) -> str:
    """Return what DuckDB says in one sentence, and where in the SQL it is, if it says that."""
    lines = said.strip().splitlines() or [""]
    sentence = re.sub(r"^(\w+ )+Error: ", "", lines[0])[:300].rstrip(" !.")
    for number, line in enumerate(lines[:-1]):
        place = re.match(r"LINE (\d+): ", line)
        if place and lines[number + 1].strip() == "^":
            character = lines[number + 1].index("^") - place.end() + 1
            return f"{sentence} (line {place.group(1)}, character {character})."
    return f"{sentence}."


def is_meant(sql: str, name: str) -> bool:
    """Return whether SQL may mean a dataset by this name, and not only one of its versions."""
    return re.search(rf"{re.escape(name)}(?!@|\d)", sql, re.IGNORECASE) is not None


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
