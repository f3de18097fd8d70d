"""Read JSON lines: an object per line; lines that are none are rejected."""

import json
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.formats import Finding, ReadOptions, Sniffed
from engine.data.names import column_names
from engine.data.parsing.columnar import plain_types
from engine.data.parsing.lines import blocks
from engine.data.parsing.reading import Reading
from engine.data.parsing.rows import REJECTS_SCHEMA
from engine.data.sniffing import encoding_of
from engine.errors import UnreadableFileError

LARGEST_ARRAY: Final = 1 << 28


def read_json_lines(path: Path, options: ReadOptions, scratch: Path) -> Reading:
    """Return the rows of a JSON lines file, or of a file with one JSON array of objects.

    Raises:
        UnreadableFileError: No line holds an object.
    """
    encoding, guessed = encoding_of(path, options)
    if _is_array(path):
        path, encoding = _as_lines(path, scratch / "array.jsonl", encoding), "utf-8"
    good = scratch / "good.jsonl"
    rejects: list[tuple[int, None, str, str]] = []
    blank = rows = 0
    with good.open("w", encoding="utf-8") as file:
        for block in blocks(path, encoding, "\n"):
            for number, line in enumerate(block.lines.to_list(), start=block.first):
                if number in block.undecodable:
                    reason = "bytes that are not in the file's encoding"
                    rejects.append((number, None, reason, block.undecodable[number]))
                elif not line.strip():
                    blank += 1
                elif reason := _fault(line):
                    rejects.append((number, None, reason, line))
                else:
                    rows += 1
                    file.write(line + "\n")
    if not rows:
        raise UnreadableFileError(
            f"No line of {path.name} holds a JSON object.", hint='Write {"column": value} per line.'
        )
    table, findings = _table(good)
    rejected = pl.DataFrame(rejects, schema=REJECTS_SCHEMA, orient="row")
    names = tuple(table.collect_schema().names())
    sniffed = Sniffed(format="jsonl", encoding=encoding, newline="\n", columns=names, findings=tuple(guessed))
    return Reading(table, rejected, sniffed, blank, tuple(findings))


def _table(path: Path) -> tuple[pl.LazyFrame, list[Finding]]:
    table = pl.scan_ndjson(path, infer_schema_length=None)
    plain, findings = plain_types(table)
    old = plain.collect_schema().names()
    new, repairs = column_names(old)
    findings += repairs
    return plain.rename(dict(zip(old, new, strict=True))), findings


def _fault(line: str) -> str:
    """Return why a line holds no object; empty where it does."""
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        return "not JSON"
    return "" if isinstance(value, dict) else f"JSON, but a {type(value).__name__} and no object"


def _is_array(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _as_lines(path: Path, target: Path, encoding: str) -> Path:
    if path.stat().st_size > LARGEST_ARRAY:
        raise UnreadableFileError(
            f"{path.name} is one JSON array of {path.stat().st_size} bytes.", hint="Write one object per line instead."
        )
    try:
        values = json.loads(path.read_text(encoding=encoding).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"{path.name} is not whole JSON: {error}.", hint="Write it again.") from error
    target.write_text("\n".join(json.dumps(value) for value in values), encoding="utf-8")
    return target
