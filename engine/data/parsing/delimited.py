"""Read CSV and its relatives: every line becomes part of a row or a reject, none is lost.

The text is cut into blocks; rows stay in memory as strings while the file is small and go to scratch files
when it is large, so that memory does not grow with the file.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from engine.data.dialects import is_open
from engine.data.formats import ReadOptions, Sniffed
from engine.data.parsing.deciding import TOGETHER, decide
from engine.data.parsing.lines import Block, blocks, numbered_lines
from engine.data.parsing.reading import Reading
from engine.data.parsing.rows import REJECTS_SCHEMA, Rows, Shape, rows_of
from engine.data.parsing.typed import typed
from engine.data.sniffing import sniff
from engine.errors import UnreadableFileError

IN_MEMORY: Final = 1 << 28
"""Bytes of source text up to which the rows are kept in memory."""


def read_delimited(path: Path, options: ReadOptions, scratch: Path) -> Reading:
    """Return the rows of a delimited text file.

    Raises:
        UnreadableFileError: It is not text, or none of its lines fits the table.
    """
    sniffed = sniff(path, options)
    shape = Shape(sniffed.delimiter or ",", sniffed.quote or "", sniffed.escape, len(sniffed.columns))
    parts: list[pl.LazyFrame] = []
    rejects: list[pl.DataFrame] = []
    blank = 0
    spill = path.stat().st_size > IN_MEMORY
    for rows in _rows(path, sniffed, shape):
        parts.append(_kept(rows.table, scratch / f"part-{len(parts)}.arrow" if spill else None))
        rejects.append(rows.rejects)
        blank += rows.blank
    text = pl.concat(parts)
    decisions = decide(text, sniffed.columns, options, together=1 if spill else TOGETHER)
    read = typed(text, decisions, options.null_words)
    rejected = pl.concat([*rejects, _with_raw(read.unread, path, sniffed)]).sort("line", maintain_order=True)
    findings = [finding for decision in decisions for finding in decision.findings]
    _require_some_rows(read.table, rejected, path, len(sniffed.columns))
    return Reading(read.table, rejected, sniffed, blank, tuple(findings))


def _rows(path: Path, sniffed: Sniffed, shape: Shape) -> Iterator[Rows]:
    """Yield the rows of each block; lines that open a record at its end go before those of the next."""
    skip = sniffed.skipped_lines
    held = pl.Series("line", [], dtype=pl.String)
    header = bool(sniffed.header)
    for block in blocks(path, sniffed.encoding or "utf-8", sniffed.newline or "\n"):
        lines = pl.concat([held, block.lines.rename("line")])
        first = block.first - len(held)
        if skip:
            lines, first, skip = lines[skip:], first + skip, max(0, skip - len(lines))
        if header and len(lines):
            used = _header_lines(lines, shape)
            lines, first, header = lines[used:], first + used, False
        rows = rows_of(Block(first, lines, block.undecodable, last=block.last), shape)
        held = rows.held
        yield rows


def _header_lines(lines: pl.Series, shape: Shape) -> int:
    """Return how many lines the header takes: names in quotes may span some."""
    used = 1
    text = str(lines[0])
    if shape.escape:
        text = text.replace(shape.escape + shape.quote, shape.quote * 2)
    while shape.quote and used < min(len(lines), 20) and is_open(text, shape.delimiter, shape.quote):
        text = f"{text}\n{lines[used]}"
        used += 1
    return used


def _kept(table: pl.DataFrame, path: Path | None) -> pl.LazyFrame:
    if path is None:
        return table.lazy()
    table.write_ipc(path, compression="lz4")
    return pl.scan_ipc(path)


def _with_raw(unread: pl.DataFrame, path: Path, sniffed: Sniffed) -> pl.DataFrame:
    """Return rows that cannot be read as rejects, with their lines as they stand in the file."""
    if unread.is_empty():
        return pl.DataFrame(schema=REJECTS_SCHEMA)
    places = unread.select("line", "span").rows()
    wanted = {line + offset for line, span in places for offset in range(span)}
    texts = numbered_lines(path, sniffed.encoding or "utf-8", sniffed.newline or "\n", wanted)
    raw = ["\n".join(texts[line + offset] for offset in range(span)) for line, span in places]
    return unread.with_columns(pl.Series("raw", raw, dtype=pl.String)).select(REJECTS_SCHEMA.keys())


def _require_some_rows(table: pl.LazyFrame, rejected: pl.DataFrame, path: Path, width: int) -> None:
    if rejected.is_empty() or table.head(1).collect().height:
        return
    line, column, reason, _ = rejected.row(0)
    where = f"column {column!r}: " if column else ""
    raise UnreadableFileError(
        f"None of the {rejected.height} lines of {path.name} fits a table of {width} columns; "
        f"line {line}: {where}{reason}.",
        hint="Choose the delimiter, quote, header or encoding, and look at the preview.",
    )
