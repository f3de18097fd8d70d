"""Read JSON lines: an object per line; lines that are none are rejected. A JSON array of objects is read alike."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.formats import Finding, ReadOptions, Sniffed
from engine.data.names import column_names
from engine.data.parsing.deciding import TOGETHER
from engine.data.parsing.delimited import IN_MEMORY
from engine.data.parsing.json_columns import JsonColumns, Part
from engine.data.parsing.json_deciding import decide_json
from engine.data.parsing.json_flat import Record, alike
from engine.data.parsing.json_values import DEEPEST, Scanner, encoded, fault
from engine.data.parsing.lines import blocks, numbered_lines
from engine.data.parsing.reading import Reading
from engine.data.parsing.rows import REJECTS_SCHEMA
from engine.data.parsing.typed import typed
from engine.data.sniffing import encoding_of
from engine.data.wide import require_columns
from engine.errors import UnreadableFileError

LARGEST_ARRAY: Final = 1 << 28
BLOCK: Final = 1 << 23
"""Bytes of text whose values are in memory as Python objects at a time."""
_ELEMENTS: Final = 10_000

Raw = Callable[[set[int]], Mapping[int, str]]
"""Gives the texts of lines by their numbers."""


class _Source:
    """The values of a file, each with the number of its line, or of its place in the array.

    Args:
        path: The file.
        encoding: Its encoding.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self.scanner = Scanner()
        self.rejects: list[tuple[int, None, str, str]] = []
        self.blank = 0
        self._known: list[Record] = []
        self._array = _array(path, encoding, self.scanner) if is_array(path, encoding) else None
        self._signs = "" if self._array is None else _signs(path, encoding)

    def parts(self) -> Iterator[Part]:
        """Yield rows and their numbers, some at a time."""
        if self._array is None:
            yield from self._lines()
            return
        self.scanner.keep()
        for start in range(0, len(self._array), _ELEMENTS):
            numbers: list[int] = []
            rows: list[dict[str, Any]] = []
            for number, value in enumerate(self._array[start : start + _ELEMENTS], start=start + 1):
                self._take(number, value, self._signs, numbers, rows)
            yield Part(numbers, rows)

    def _lines(self) -> Iterator[Part]:
        for block in blocks(self._path, self._encoding, "\n", size=BLOCK):
            records, others = alike(block.lines, self._known)
            numbers: list[int] = []
            rows: list[dict[str, Any]] = []
            for place, line in zip(others, block.lines.gather(others).to_list(), strict=True):
                number = block.first + place
                if number in block.undecodable:
                    reason = "bytes that are not in the file's encoding"
                    self.rejects.append((number, None, reason, block.undecodable[number]))
                elif not line.strip():
                    self.blank += 1
                else:
                    self._line(number, line, numbers, rows)
            yield Part(numbers, rows, records, block.first)

    def _line(self, number: int, line: str, numbers: list[int], rows: list[dict[str, Any]]) -> None:
        try:
            value = self.scanner.value(line)
        except ValueError:
            self.rejects.append((number, None, "not JSON", line))
            return
        self._take(number, value, line, numbers, rows)

    def _take(self, number: int, value: Any, text: str, numbers: list[int], rows: list[dict[str, Any]]) -> None:
        if reason := fault(value, text):
            raw = text if self._array is None else _raw(value)
            self.rejects.append((number, None, reason, raw))
            return
        self.scanner.keep()
        numbers.append(number)
        rows.append(value)

    def raw(self, wanted: set[int]) -> Mapping[int, str]:
        """Return the texts of lines, or of elements of the array, by number."""
        if self._array is None:
            return numbered_lines(self._path, self._encoding, "\n", wanted)
        return {number: _raw(self._array[number - 1]) for number in wanted}


def read_json_lines(path: Path, options: ReadOptions, scratch: Path) -> Reading:
    """Return the rows of a JSON lines file, or of a file with one JSON array of objects.

    Raises:
        UnreadableFileError: No line holds an object that can be read.
    """
    encoding, guessed = encoding_of(path, options)
    source = _Source(path, encoding)
    columns = JsonColumns(scratch, spill=path.stat().st_size > IN_MEMORY)
    for part in source.parts():
        columns.add(part)
        require_columns(len(columns.seen), path)
    if not columns.rows:
        raise UnreadableFileError(
            f"No line of {path.name} holds a JSON object.", hint='Write {"column": value} per line.'
        )
    names, repairs = column_names(list(columns.seen))
    text = columns.table()
    decisions = decide_json(text, columns.seen, names, options, together=1 if columns.spill else TOGETHER)
    read = typed(text, decisions, options.null_words)
    rejects = pl.DataFrame(source.rejects, schema=REJECTS_SCHEMA, orient="row")
    rejected = pl.concat([rejects, _with_raw(read.unread, source.raw)]).sort("line", maintain_order=True)
    _require_some_rows(read.table, rejected, path, len(names))
    findings = (*repairs, *_about_names(source.scanner), *(one for each in decisions for one in each.findings))
    sniffed = Sniffed(format="jsonl", encoding=encoding, newline="\n", columns=names, findings=tuple(guessed))
    return Reading(read.table, rejected, sniffed, source.blank, findings)


def is_array(path: Path, encoding: str) -> bool:
    """Return whether a file begins as a JSON array does."""
    with path.open("rb") as file:
        head = file.read(4096).decode(encoding, errors="ignore")
    return head.removeprefix("\ufeff").lstrip().startswith("[")


def _array(path: Path, encoding: str, scanner: Scanner) -> list[Any] | None:
    """Return the elements of a file that is one array; None where its first line is a whole one by itself."""
    if path.stat().st_size > LARGEST_ARRAY:
        raise UnreadableFileError(
            f"{path.name} is one JSON array of {path.stat().st_size} bytes.", hint="Write one object per line instead."
        )
    try:
        text = path.read_text(encoding=encoding).removeprefix("\ufeff")
        value: list[Any] = scanner.value(text)
    except ValueError as error:
        if _is_line(path, encoding, scanner):
            return None
        raise UnreadableFileError(f"{path.name} is not whole JSON: {error}.", hint="Write it again.") from error
    return value


def _signs(path: Path, encoding: str) -> str:
    """Return a short text with what `fault` looks for in the text of an array, so that it looks into its elements."""
    text = path.read_text(encoding=encoding)
    return "{" * (DEEPEST + 1) + ("\\ud" if "\\ud" in text or "\\uD" in text else "")


def _is_line(path: Path, encoding: str, scanner: Scanner) -> bool:
    first = next(blocks(path, encoding, "\n", size=BLOCK)).lines
    try:
        scanner.value(first[0])
    except (ValueError, IndexError):
        return False
    return True


def _raw(value: Any) -> str:
    return encoded(value).encode("utf-8", errors="backslashreplace").decode()


def _with_raw(unread: pl.DataFrame, raw: Raw) -> pl.DataFrame:
    """Return rows that cannot be read as rejects, with their texts as they stand in the file."""
    if unread.is_empty():
        return pl.DataFrame(schema=REJECTS_SCHEMA)
    texts = raw(set(unread["line"].to_list()))
    column = pl.Series("raw", [texts[line] for line in unread["line"].to_list()], dtype=pl.String)
    return unread.with_columns(column).select(REJECTS_SCHEMA.keys())


def _about_names(scanner: Scanner) -> list[Finding]:
    if not scanner.repeated:
        return []
    count, example = scanner.repeated, scanner.example[:40]
    sentence = f"Names stand twice in an object, such as {example!r} ({count} objects): the last value is taken."
    return [Finding(kind="repeated_names", sentence=sentence, values={"count": count, "example": example})]


def _require_some_rows(table: pl.LazyFrame, rejected: pl.DataFrame, path: Path, width: int) -> None:
    if rejected.is_empty() or table.head(1).collect().height:
        return
    line, column, reason, _ = rejected.row(0)
    where = f"column {column!r}: " if column else ""
    raise UnreadableFileError(
        f"None of the {rejected.height} lines of {path.name} fits a table of {width} columns; "
        f"line {line}: {where}{reason}.",
        hint="Choose other types for its columns.",
    )
