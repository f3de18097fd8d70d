"""What the XML of a sheet says beside its values: formulas, merged areas, hidden rows and columns."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 22
_FORMULA = re.compile(rb"<c\b([^>]*)>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(<v[^>]*>[^<]+</v>)?")
_MERGED = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_ROW = re.compile(rb"<row\b[^>]*>")
_COLUMN = re.compile(rb"<col\b[^>]*>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_ATTRIBUTE = re.compile(rb'\b(min|max|r)="([0-9]+)"')
_LAST: Final = 16_384


@dataclass
class SheetParts:
    """Of one sheet: how many formulas, and how many of them without a saved value; areas; hidden places from 1.

    `merged` holds areas as `(text, last row)`, such as `("A1:F1", 1)`.
    """

    formulas: int = 0
    unsaved: int = 0
    merged: list[tuple[str, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def parts_of(path: Path, part: str) -> SheetParts:
    """Return what the part `part` of the workbook at `path` says; nothing of it is expanded at once."""
    found = SheetParts()
    for text in _blocks(path, part.lstrip("/")):
        for attributes, value in _FORMULA.findall(text):
            found.formulas += 1
            found.unsaved += not value and b't="str"' not in attributes
        found.merged += [
            (b"".join((left, top, b":", right, bottom)).decode(), int(bottom))
            for left, top, right, bottom in _MERGED.findall(text)
        ]
        if b"hidden=" in text:
            found.hidden_rows += [row for tag in _hidden(_ROW, text) if (row := _numbers(tag).get(b"r"))]
            for tag in _hidden(_COLUMN, text):
                span = _numbers(tag)
                found.hidden_columns += range(span.get(b"min", 1), min(span.get(b"max", 0), _LAST) + 1)
    return found


def letters(column: int) -> str:
    """Return what a spreadsheet calls the column with this number, from 1: A, B, ..., Z, AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _hidden(pattern: re.Pattern[bytes], text: bytes) -> list[bytes]:
    return [tag for tag in pattern.findall(text) if _HIDDEN.search(tag)]


def _numbers(tag: bytes) -> dict[bytes, int]:
    return {name: int(value) for name, value in _ATTRIBUTE.findall(tag)}


def _blocks(path: Path, part: str) -> Iterator[bytes]:
    """Yield the part in blocks that end with a row, so that no cell is cut."""
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        held = b""
        while block := file.read(_BLOCK):
            held += block
            cut = held.rfind(b"</row>") + 1
            if cut:
                yield held[:cut]
                held = held[cut:]
        yield held
