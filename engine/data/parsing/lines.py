"""Cut a text file into blocks of lines of UTF-8, whatever its encoding and line ends.

Lines that cannot be decoded become empty in their block and are reported beside it, so that line numbers hold.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from engine.errors import UnreadableFileError

BLOCK: Final = 1 << 25
LONGEST_LINE: Final = 1 << 28


@dataclass(frozen=True)
class Block:
    r"""Some whole lines of a file.

    Args:
        first: Number of the first line, from 1.
        lines: The lines as strings, without line ends.
        undecodable: Raw text (bytes as `\xNN`) by number of the lines that are not in the encoding.
        last: True for the last block of the file.
    """

    first: int
    lines: pl.Series
    undecodable: dict[int, str] = field(default_factory=dict)
    last: bool = False


def blocks(path: Path, encoding: str, newline: str, *, size: int = BLOCK) -> Iterator[Block]:
    """Yield the lines of the file in blocks of about `size` bytes; at least one block.

    Raises:
        UnreadableFileError: A line is longer than 256 MiB.
    """
    pieces = _whole_lines(_utf8(path, encoding), newline, size)
    first = 1
    piece = next(pieces, b"")
    while True:
        following = next(pieces, None)
        lines, undecodable = _lines(piece, first)
        yield Block(first, lines, undecodable, last=following is None)
        if following is None:
            return
        first += len(lines)
        piece = following


def numbered_lines(path: Path, encoding: str, newline: str, numbers: set[int]) -> dict[int, str]:
    """Return the lines with these numbers (from 1), reading the file once."""
    found: dict[int, str] = {}
    for block in blocks(path, encoding, newline):
        here = sorted(number - block.first for number in numbers if 0 <= number - block.first < len(block.lines))
        found |= {
            block.first + offset: text for offset, text in zip(here, block.lines.gather(here).to_list(), strict=True)
        }
    return found


def _utf8(path: Path, encoding: str) -> Iterator[bytes]:
    """Yield the bytes of the file as UTF-8; what is said to be UTF-8 is passed as it is, without a mark."""
    with path.open("rb") as file:
        if codecs.lookup(encoding).name in {"utf-8", "utf-8-sig"}:
            head = file.read(len(codecs.BOM_UTF8))
            yield head.removeprefix(codecs.BOM_UTF8)
            yield from iter(lambda: file.read(BLOCK), b"")
        else:
            yield from _transcoded(file, encoding)


def _transcoded(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Yield the file as UTF-8 with each byte that does not decode as a byte that UTF-8 does not have."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="tandem_mark")
    first = True
    for piece in iter(lambda: file.read(BLOCK // 2), b""):
        text = decoder.decode(piece)
        yield (text.removeprefix("\ufeff") if first else text).encode("utf-8", errors="surrogateescape")
        first = False
    yield decoder.decode(b"", final=True).encode("utf-8", errors="surrogateescape")


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Put one lone surrogate for what does not decode; encoded again it is no UTF-8, so its line is found."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error("tandem_mark", _mark)


def _whole_lines(pieces: Iterator[bytes], newline: str, size: int) -> Iterator[bytes]:
    """Yield the bytes in parts that end with a line end, each at least `size` long but the last."""
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length < size:
            continue
        joined = _line_feeds(b"".join(held), newline)
        cut = joined.rfind(b"\n") + 1
        if not cut and length > LONGEST_LINE:
            raise UnreadableFileError(
                f"A line is longer than {LONGEST_LINE >> 20} MiB.",
                hint="Is this a text table? Its line ends were taken to be " + repr(newline) + ".",
            )
        if cut:
            yield joined[:cut]
        held, length = [joined[cut:]], len(joined) - cut
    joined = _line_feeds(b"".join(held), newline)
    if joined:
        yield joined


def _line_feeds(text: bytes, newline: str) -> bytes:
    r"""Return `text` with its line ends as line feeds; a `\r\n` cut in two heals when it is joined."""
    if newline == "\r":
        return text.replace(b"\r", b"\n")
    return text.replace(b"\r\n", b"\n") if b"\r" in text else text


def _lines(piece: bytes, first: int) -> tuple[pl.Series, dict[int, str]]:
    """Return the lines of `piece`, and those that are not UTF-8 by number (they are empty in the series)."""
    undecodable: dict[int, str] = {}
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        rows = piece.removesuffix(b"\n").split(b"\n")
        for offset, row in enumerate(rows):
            try:
                row.decode("utf-8")
            except UnicodeDecodeError:
                undecodable[first + offset] = row.decode("utf-8", errors="backslashreplace")
                rows[offset] = b""
        piece = b"\n".join(rows) + b"\n"
    if not piece:
        return pl.Series("line", [], dtype=pl.String), undecodable
    return pl.read_lines(piece).to_series(), undecodable
