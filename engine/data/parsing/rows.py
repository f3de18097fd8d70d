"""Turn lines of delimited text into rows of strings, and say which lines are in no row and why.

Most lines are judged and split column-wise. What remains, quoted fields that span lines or do not close, is
walked one by one: a line opens a record only if the record closes with the right number of fields.
Otherwise that line alone is rejected, so an open quote never swallows the lines after it.
"""

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

import numpy as np
import polars as pl

from engine.data.dialects import is_open, split_fields
from engine.data.parsing.lines import Block

LINE: Final = "\x00line"
"""Internal column with the number of a row's first line; no column of a file can be called so."""
SPAN: Final = "\x00span"
"""Internal column with the number of lines a row spans."""
MOST_LINES: Final = 10_000
MOST_CHARACTERS: Final = 1 << 26

REJECTS_SCHEMA: Final = {
    "line": pl.Int64,
    "column": pl.String,
    "reason": pl.String,
    "raw": pl.String,
}


@dataclass(frozen=True)
class Shape:
    """How a row is cut: delimiter, quote (empty for none), escape, and how many fields it must have."""

    delimiter: str
    quote: str
    escape: str | None
    width: int

    @property
    def names(self) -> list[str]:
        """Internal names of the columns, which no name in the file can disturb."""
        return [f"c{position}" for position in range(self.width)]


@dataclass
class Rows:
    """Rows of strings (columns `c0`, `c1`, ..., `LINE`, `SPAN`), lines in no row, and lines kept for later."""

    table: pl.DataFrame
    rejects: pl.DataFrame
    blank: int
    held: pl.Series


@dataclass
class _Walk:
    """What the walk over unusual lines found: records by first line, lines used up, rejects."""

    records: list[tuple[int, int, list[str]]] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    held_from: int | None = None


def rows_of(block: Block, shape: Shape) -> Rows:
    """Return the rows and rejects of `block`, and its last lines if they open a record that it does not close."""
    lines = block.lines.rename("line")
    text = _unescaped(lines, shape)
    judged = _judge(text, shape)
    walk = _walk(text, judged, shape, last=block.last)
    count = len(lines) if walk.held_from is None else walk.held_from
    offsets = np.arange(len(lines))
    free = (offsets < count) & ~np.isin(offsets, np.fromiter(walk.used, dtype=np.int64, count=len(walk.used)))
    strict = judged["strict"].to_numpy()
    fitting = judged["fields"].to_numpy() == shape.width
    blank = judged["blank"].to_numpy()
    undecodable = np.isin(offsets + block.first, list(block.undecodable))
    whole = free & strict & fitting & ~blank
    wrong = free & strict & ~fitting & ~blank
    table = _table(text, np.flatnonzero(whole), walk.records, shape, block.first)
    rejects = _rejects(block, lines, judged["fields"], np.flatnonzero(wrong), walk, shape)
    empty = int((free & blank & ~undecodable).sum())
    return Rows(table, rejects, empty, lines[count:])


def _unescaped(lines: pl.Series, shape: Shape) -> pl.Series:
    if not shape.escape:
        return lines
    return lines.str.replace_all(shape.escape + shape.quote, shape.quote * 2, literal=True)


def _judge(text: pl.Series, shape: Shape) -> pl.DataFrame:
    """Return for each line `strict` (a whole record by the book), `fields` (how many) and `blank`."""
    line = pl.col("line")
    delimiter, quote = shape.delimiter, shape.quote
    plain = line.str.count_matches(delimiter, literal=True) + 1
    frame = text.to_frame("line")
    if not quote:
        return frame.select(strict=pl.lit(True), fields=plain, blank=line.str.len_bytes() == 0)
    quoted = frame.select(line.str.contains(quote, literal=True)).to_series()
    judged = frame.select(strict=~quoted, fields=plain, blank=line.str.len_bytes() == 0)
    if not quoted.any():
        return judged
    d, q = re.escape(delimiter), re.escape(quote)
    one = f"(?:{q}(?:[^{q}]|{q}{q})*{q}|[^{q}{d}]*)"
    outside = line.str.replace_all(f"(^|{d}){q}(?:[^{q}]|{q}{q})*{q}", "$1")
    some = frame.filter(quoted).select(
        strict=line.str.contains(f"(?s)^{one}(?:{d}{one})*$"),
        fields=outside.str.count_matches(delimiter, literal=True) + 1,
    )
    where = np.flatnonzero(quoted.to_numpy())
    return judged.with_columns(
        strict=judged["strict"].scatter(where, some["strict"]),
        fields=judged["fields"].scatter(where, some["fields"]),
    )


def _walk(text: pl.Series, judged: pl.DataFrame, shape: Shape, *, last: bool) -> _Walk:
    """Go through the lines that are not records by the book, joining those that make one together."""
    walk = _Walk()
    unusual = np.flatnonzero(~judged["strict"].to_numpy())
    if not len(unusual):
        return walk
    quoted = np.flatnonzero(text.str.contains(shape.quote, literal=True).to_numpy())
    fitting = (judged["strict"] & (judged["fields"] == shape.width)).to_numpy()
    for start in unusual.tolist():
        if start in walk.used:
            continue
        found = _record_from(text, start, quoted, shape)
        if isinstance(found, tuple) and _swallows(fitting[start + 1 : found[0] - 1], shape):
            found = "a quote is opened and not closed"
        if isinstance(found, tuple):
            end, fields = found
            walk.records.append((start, end - start, fields))
            walk.used.update(range(start, end))
        elif found == "unfinished" and not last and len(text) - start <= MOST_LINES:
            walk.held_from = start
            break
        else:
            walk.rejects.append((start, found))
            walk.used.add(start)
    return walk


def _swallows(inside: np.ndarray, shape: Shape) -> bool:
    """Return whether the lines inside a record look like rows themselves: then its quotes are two open ones.

    Text of two columns often has one delimiter per line, so there it takes more lines to tell.
    """
    enough = 1 if shape.width > 2 else 3  # noqa: PLR2004 (columns)
    return len(inside) >= enough and float(inside.mean()) > 0.5  # noqa: PLR2004 (most)


def _record_from(lines: pl.Series, start: int, quoted: np.ndarray, shape: Shape) -> tuple[int, list[str]] | str:
    """Return where the record that begins at `start` ends and its fields, or why there is none.

    `unfinished` means that the lines end before its quote closes.
    """
    text, end = lines[start], start + 1
    while True:
        fields = split_fields(text, shape.delimiter, shape.quote)
        if fields is not None and len(fields) == shape.width:
            return end, fields
        if fields is not None:
            if end == start + 1:
                return f"{len(fields)} fields instead of {shape.width}"
            return "a quote is opened and not closed"
        if not is_open(text, shape.delimiter, shape.quote):
            return "a quote is opened and not closed" if end > start + 1 else "text follows a closing quote"
        following = quoted[np.searchsorted(quoted, end) :][:1]
        if not len(following):
            return "unfinished"
        if following[0] - start > MOST_LINES or len(text) > MOST_CHARACTERS:
            return "a quote is opened and not closed"
        text = "\n".join([text, *lines[end : int(following[0]) + 1]])
        end = int(following[0]) + 1


def _table(
    text: pl.Series,
    whole: np.ndarray,
    records: list[tuple[int, int, list[str]]],
    shape: Shape,
    first: int,
) -> pl.DataFrame:
    """Return the rows of the lines that are records by the book, and of those the walk found, in order."""
    table = _split(text.gather(whole), shape).with_columns(
        pl.Series(LINE, whole + first, dtype=pl.Int64), pl.lit(1, dtype=pl.Int32).alias(SPAN)
    )
    if not records:
        return table
    columns = list(zip(*(fields for _, _, fields in records), strict=True))
    others = pl.DataFrame(
        {
            **{name: [value or None for value in column] for name, column in zip(shape.names, columns, strict=True)},
            LINE: [start + first for start, _, _ in records],
            SPAN: [span for _, span, _ in records],
        },
        schema={**dict.fromkeys(shape.names, pl.String), LINE: pl.Int64, SPAN: pl.Int32},
    )
    return pl.concat([table, others]).sort(LINE)


def _split(lines: pl.Series, shape: Shape) -> pl.DataFrame:
    """Return the fields of lines that are each a record by the book; an empty field is missing."""
    schema = dict.fromkeys(shape.names, pl.String)
    if not len(lines):
        return pl.DataFrame(schema=schema)
    text = BytesIO()
    lines.to_frame().write_csv(text, include_header=False, quote_style="never")
    return pl.read_csv(
        text.getvalue(),
        has_header=False,
        separator=shape.delimiter,
        quote_char=shape.quote or None,
        schema=schema,
        empty_string_is_null=True,
    )


def _rejects(
    block: Block, lines: pl.Series, fields: pl.Series, wrong: np.ndarray, walk: _Walk, shape: Shape
) -> pl.DataFrame:
    """Return the lines of `block` that are in no row."""
    counts = pl.DataFrame({"count": fields.gather(wrong)}).select(
        reason=pl.format("{} fields instead of {}", pl.col("count"), pl.lit(shape.width))
    )
    numbers = [*(wrong + block.first).tolist(), *(start + block.first for start, _ in walk.rejects)]
    where = [*wrong.tolist(), *(start for start, _ in walk.rejects)]
    reasons = [*counts["reason"].to_list(), *(_reason(reason) for _, reason in walk.rejects)]
    raw = lines.gather(where).to_list()
    for number, text in block.undecodable.items():
        numbers.append(number)
        reasons.append("bytes that are not in the file's encoding")
        raw.append(text)
    table = pl.DataFrame(
        {"line": numbers, "column": [None] * len(numbers), "reason": reasons, "raw": raw}, schema=REJECTS_SCHEMA
    )
    return table.sort("line")


def _reason(found: str) -> str:
    return "a quote is opened and not closed" if found == "unfinished" else found
