"""Rows of a trace's files: what is wrong with one is said with its line and the reason."""

import csv
import gzip
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

from resources.errors import ResourceError, TraceError

Row = Mapping[str, str]
Made = TypeVar("Made")
_TEXT: dict[str, Any] = {"encoding": "utf-8", "newline": ""}
_LONGEST = 40  # characters of a value that an error shows


def read_rows(path: Path, needed: Iterable[str], make: Callable[[Row], Made]) -> tuple[Made, ...]:
    """Return what `make` makes of each row of a CSV file, which may be packed with gzip.

    Args:
        path: With a line of names at its head.
        needed: Columns that must be there.
        make: Raises ValueError or ResourceError with the reason where a row is wrong.

    Raises:
        TraceError: The file cannot be read, lacks a column, or a row is wrong.
    """
    made = []
    for number, row in _numbered(path, tuple(needed)):
        try:
            made.append(make(row))
        except (ValueError, ResourceError) as error:
            raise TraceError(
                f"Line {number} of {path.name} is wrong: {error}",
                hint=getattr(error, "hint", "") or "Mend the line, or take it out.",
            ) from error
    if not made:
        raise TraceError(f"The trace {path.name} has no rows.", hint="It has a line of names and then a line per row.")
    return tuple(made)


def number(row: Row, column: str, *, least: int = 0) -> int:
    """Return the integer in a column.

    Raises:
        ValueError: There is none, or it is less than `least`.
    """
    text = row[column].strip()
    try:
        value = int(text)
    except ValueError:
        raise ValueError(f"the {column} {_clipped(text)!r} is not an integer.") from None
    if value < least:
        raise ValueError(f"the {column} is {value}, and at least {least} is needed.")
    return value


def decimal(row: Row, column: str, *, absent: float | None = None) -> float:
    """Return the number in a column, at least 0; `absent` where nothing stands there.

    Raises:
        ValueError: There is none, or it is negative.
    """
    text = row[column].strip()
    if not text and absent is not None:
        return absent
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"the {column} {_clipped(text)!r} is not a number.") from None
    if not 0 <= value < math.inf:
        raise ValueError(f"the {column} is {value:g}, and at least 0 is needed.")
    return value


def named(row: Row, column: str) -> str:
    """Return the name in a column.

    Raises:
        ValueError: There is none.
    """
    name = row[column].strip()
    if not name:
        raise ValueError(f"the {column} is empty.")
    return name


def columns(path: Path) -> tuple[str, ...]:
    """Return the names at the head of a file, which may be packed with gzip.

    Raises:
        TraceError: The file cannot be read.
    """
    with _opened(path) as file:
        return _names(next(file, ""))


def _names(head: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in head.split(","))


def _numbered(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    with _opened(path) as file:
        names = _names(next(file, ""))
        _check(path, names, needed)
        for line, values in enumerate(csv.reader(file), start=2):
            if len(values) != len(names):
                raise TraceError(
                    f"Line {line} of {path.name} has {len(values)} values, and the head has {len(names)} names.",
                    hint="Mend the line, or take it out.",
                )
            yield line, dict(zip(names, values, strict=True))


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Open a file, and say in a sentence what is wrong with it."""
    try:
        with gzip.open(path, "rt", **_TEXT) if path.suffix == ".gz" else path.open("rt", **_TEXT) as file:
            yield file
    except FileNotFoundError as error:
        raise TraceError(f"There is no trace {path}.", hint="Check the path.") from error
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise TraceError(
            f"The trace {path.name} cannot be read: {error}", hint="It is a CSV file in UTF-8, or one packed by gzip."
        ) from error


def _check(path: Path, names: Sequence[str], needed: tuple[str, ...]) -> None:
    missing = [name for name in needed if name not in names]
    if missing:
        raise TraceError(f"The trace {path.name} has no column {missing[0]!r}.", hint=f"It needs {', '.join(needed)}.")


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
