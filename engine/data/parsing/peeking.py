"""Read the beginning of a file as the whole would be read, so that its options can be chosen before it is."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.formats import Format, ReadOptions, Sniffed
from engine.data.parsing.families import READERS
from engine.data.parsing.json_lines import is_array
from engine.data.parsing.reading import Reading
from engine.data.parsing.workbook import read_workbook
from engine.data.sniffing import file_format, sample_lines, sniff
from engine.data.values import rows_of_cells
from engine.errors import EngineError, UnreadableFileError
from operators.contract.tables import lazy, schema_of

HEAD: Final = 1 << 20
"""Bytes of a text file that are read; more where they hold few whole lines."""
LARGEST_HEAD: Final = 1 << 26
FEWEST_LINES: Final = 20
SHEET_ROWS: Final = 2_000
ROWS: Final = 100
CELLS: Final = 200_000
_LINES: Final = 12
_WIDEST: Final = 500
_REJECTS: Final = 20


def peeked(path: Path, options: ReadOptions, scratch: Path) -> dict[str, Any]:
    """Return how the beginning of the file at `path` would be read.

    `sniffed` is how the file is read, as far as it can be told (the kind of file at least); `columns` the columns
    with the types their first values give them; `rows` at most 100 of `read` rows; `rejects` some of the `rejected`
    lines, each `[line, column, reason, raw]`; `findings`; `whole` whether the file ends there; `lines` how its first
    lines stand in it. Where it cannot be read with these options, `error` says why and the table has no columns.

    Raises:
        UnreadableFileError: No options would make it readable.
    """
    kind = options.format or file_format(path)
    found: dict[str, Any] = {
        "sniffed": {"format": kind}, "columns": [], "rows": [], "read": 0, "rejected": 0, "rejects": [],
        "findings": [], "whole": False, "lines": [], "error": None,
    }  # fmt: skip
    try:
        sniffed = sniff(path, options)
        found["sniffed"] = sniffed.model_dump(mode="json")
        if sniffed.encoding:
            found["lines"] = [line[:_WIDEST] for line in sample_lines(path, sniffed.encoding)[0][:_LINES]]
        reading, found["whole"] = _begun(path, kind, options, sniffed, scratch)
        _describe(found, reading)
    except EngineError as error:
        if kind in ("parquet", "arrow"):
            raise
        found["error"] = {"sentence": str(error), "hint": error.hint}
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, KeyError) as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise UnreadableFileError(f"{path.name} cannot be read: {said}.", hint="Is it whole?") from error
    return found


def _begun(path: Path, kind: Format, options: ReadOptions, sniffed: Sniffed, scratch: Path) -> tuple[Reading, bool]:
    """Return the reading of the beginning, and whether that is all of the file."""
    if kind == "xlsx":
        reading = read_workbook(path, options, scratch, most=SHEET_ROWS)
        return reading, len(reading.rejects) + _rows(reading) < SHEET_ROWS - 1
    if kind in ("parquet", "arrow"):
        return READERS[kind](path, options, scratch), True
    encoding = sniffed.encoding or "utf-8"
    is_one = kind == "jsonl" and is_array(path, encoding)  # an array cannot be cut
    head, whole = (path, True) if is_one else _head(path, encoding, scratch)
    reading = READERS[kind](head, options.model_copy(update={"encoding": encoding, "format": kind}), scratch)
    merged = reading.sniffed.model_copy(update={"findings": sniffed.findings or reading.sniffed.findings})
    return Reading(reading.table, reading.rejects, merged, reading.blank_lines, reading.findings), whole


def _head(path: Path, encoding: str, scratch: Path) -> tuple[Path, bool]:
    """Return a file with the whole lines at the beginning of `path`, and whether they are all."""
    size, most = path.stat().st_size, HEAD
    wide = encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
    while size > most:
        with path.open("rb") as file:
            head = file.read(most)
        end = max(head.rfind(b"\n"), head.rfind(b"\r"))
        enough = head.count(b"\n") + head.count(b"\r") >= FEWEST_LINES or (end > 0 and most >= LARGEST_HEAD)
        if enough and not wide:
            target = scratch / path.name
            target.write_bytes(head[: end + 1])
            return target, False
        most *= 8
    return path, True


def _describe(found: dict[str, Any], reading: Reading) -> None:
    columns = schema_of(lazy(reading.table))
    shown = max(5, min(ROWS, CELLS // max(len(columns), 1)))
    texts = [pl.col(column.name).str.slice(0, _WIDEST) for column in columns if column.type == "string"]
    found |= {
        "sniffed": reading.sniffed.model_dump(mode="json"),
        "columns": [{"name": column.name, "type": column.type} for column in columns],
        "rows": rows_of_cells(reading.table.head(shown).with_columns(texts).collect().iter_rows()),
        "read": _rows(reading),
        "rejected": reading.rejects.height,
        "rejects": [[*row[:3], row[3][:_WIDEST]] for row in reading.rejects.head(_REJECTS).rows()],
        "findings": [finding.model_dump() for finding in (*reading.sniffed.findings, *reading.findings)],
    }


def _rows(reading: Reading) -> int:
    return int(reading.table.select(pl.len()).collect().item())
