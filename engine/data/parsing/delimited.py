"""Read CSV and its relatives: every line becomes part of a row or a reject, none is lost.

The text is cut into blocks; rows stay in memory as strings while the file is small and go to scratch files
when it is large, so that memory does not grow with the file.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from engine.data.dialects import is_open, split_fields
from engine.data.formats import Finding, ReadOptions, Sniffed
from engine.data.parsing.deciding import TOGETHER, decide
from engine.data.parsing.lines import Block, blocks, numbered_lines
from engine.data.parsing.reading import Reading
from engine.data.parsing.rows import LINE, REJECTS_SCHEMA, Rows, Shape, rows_of
from engine.data.parsing.totals import HEADER_AGAIN, about_header, about_totals
from engine.data.parsing.typed import require_some_rows, typed
from engine.data.sniffing import sniff

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
    if options.skip_last:
        text, rejects = _without_last(text, pl.concat(rejects), options.skip_last)
    decisions = decide(text, sniffed.columns, options, together=1 if spill else TOGETHER)
    read = typed(text, decisions, options.null_words)
    whole = pl.concat([*rejects, _with_raw(read.unread, path, sniffed)])
    rejected = whole.sort("line", maintain_order=True)
    require_some_rows(read.table, rejected, path, len(sniffed.columns))
    again = int((rejected["reason"] == HEADER_AGAIN).sum())
    findings = [finding for decision in decisions for finding in decision.findings]
    findings += [*about_header(again), *_about_end(text, rejected, read.table, shape)]
    return Reading(read.table, rejected, sniffed, blank, tuple(findings))


def _without_last(text: pl.LazyFrame, rejects: pl.DataFrame, count: int) -> tuple[pl.LazyFrame, list[pl.DataFrame]]:
    """Return rows and rejects without those of the last `count` lines that are one or the other."""
    rows = text.select(pl.col(LINE)).tail(count).collect()[LINE]
    lines = pl.concat([rows, rejects["line"]]).sort(descending=True)
    if lines.is_empty():
        return text, [rejects]
    first = lines[min(count, len(lines)) - 1]
    return text.filter(pl.col(LINE) < first), [rejects.filter(pl.col("line") < first)]


def _about_end(text: pl.LazyFrame, rejected: pl.DataFrame, table: pl.LazyFrame, shape: Shape) -> list[Finding]:
    """Return what is worth knowing about the last row, or that there is none."""
    last = text.tail(1).collect()
    line = last[LINE].item() if last.height else 0
    if rejected.height and rejected["line"][-1] > line:
        line, _, _, raw = rejected.row(-1)
        return about_totals(line, split_fields(raw, shape.delimiter, shape.quote) or [], table.head(0))
    if not last.height:
        return [Finding(kind="header_only", sentence="The file holds the names of columns and no rows.")]
    return about_totals(line, last.select(shape.names).row(0), table)


def _rows(path: Path, sniffed: Sniffed, shape: Shape) -> Iterator[Rows]:
    """Yield the rows of each block; lines that open a record at its end go before those of the next."""
    skip = sniffed.skipped_lines
    held = pl.Series("line", [], dtype=pl.String)
    header = bool(sniffed.header)
    names: list[str] = []
    for block in blocks(path, sniffed.encoding or "utf-8", sniffed.newline or "\n"):
        lines = pl.concat([held, block.lines.rename("line")])
        first = block.first - len(held)
        if skip:
            lines, first, skip = lines[skip:], first + skip, max(0, skip - len(lines))
        if header and len(lines):
            used, names = _header_lines(lines, shape)
            lines, first, header = lines[used:], first + used, False
        rows = rows_of(Block(first, lines, block.undecodable, last=block.last), shape)
        held = rows.held
        yield _without_headers(rows, names, shape)


def _without_headers(rows: Rows, names: list[str], shape: Shape) -> Rows:
    """Return rows without those that are the header once more, which become rejects."""
    if len(names) < 2 or not (rows.table["c0"] == names[0]).any():  # noqa: PLR2004
        return rows
    again = pl.all_horizontal(
        [pl.col(f"c{place}").eq_missing(pl.lit(name or None)) for place, name in enumerate(names)]
    )
    table, repeated = rows.table.filter(~again), rows.table.filter(again)
    raw = pl.lit(shape.delimiter.join(names))
    rejects = repeated.select(
        pl.col(LINE).alias("line"), column=pl.lit(None, pl.String), reason=pl.lit(HEADER_AGAIN), raw=raw
    )
    return replace(rows, table=table, rejects=pl.concat([rows.rejects, rejects]))


def _header_lines(lines: pl.Series, shape: Shape) -> tuple[int, list[str]]:
    """Return how many lines the header takes (names in quotes may span some), and its fields, none if it is broken."""
    used = 1
    text = str(lines[0])
    if shape.escape:
        text = text.replace(shape.escape + shape.quote, shape.quote * 2)
    while shape.quote and used < min(len(lines), 20) and is_open(text, shape.delimiter, shape.quote):
        text = f"{text}\n{lines[used]}"
        used += 1
    fields = split_fields(text, shape.delimiter, shape.quote)
    return used, fields if fields is not None and len(fields) == shape.width else []


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
