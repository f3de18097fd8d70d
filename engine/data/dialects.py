"""Tell delimiter, quote, escape and header of delimited text from its first lines."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DELIMITERS: Final = (",", "\t", ";", "|")
PREAMBLE: Final = 20
_NUMBER = re.compile(r"\s*[+-]?(\d[\d,. ]*|\.\d+)([eE][+-]?\d+)?\s*%?\s*")
_DATE = re.compile(r"\s*\d{1,4}[-/.年]\d{1,2}([-/.月]\d{1,4}日?)?([ T]\d{1,2}:.*)?\s*")


@dataclass(frozen=True)
class Dialect:
    """How fields are told apart; `skip` lines stand above the table, `width` is its fields per row."""

    delimiter: str
    quote: str
    escape: str | None
    skip: int
    width: int


def split_fields(text: str, delimiter: str, quote: str) -> list[str] | None:
    """Return the fields of one record, which may span lines; None where its quotes do not close properly.

    A quote inside a field that does not begin with one is an ordinary character.
    """
    fields: list[str] = []
    position = 0
    while True:
        if quote and text.startswith(quote, position):
            end = _closing(text, position + 1, quote)
            if end < 0 or (end + 1 < len(text) and text[end + 1] != delimiter):
                return None
            fields.append(text[position + 1 : end].replace(quote * 2, quote))
            if end + 1 >= len(text):
                return fields
            position = end + 2
        else:
            end = text.find(delimiter, position)
            if end < 0:
                fields.append(text[position:])
                return fields
            fields.append(text[position:end])
            position = end + 1


def is_open(text: str, delimiter: str, quote: str) -> bool:
    """Return whether the record ends inside a quoted field, so that it may go on in the next line."""
    position = 0
    while True:
        if text.startswith(quote, position):
            end = _closing(text, position + 1, quote)
            if end < 0:
                return True
            if end + 1 >= len(text) or text[end + 1] != delimiter:
                return False
            position = end + 2
        else:
            end = text.find(delimiter, position)
            if end < 0:
                return False
            position = end + 1


def _closing(text: str, position: int, quote: str) -> int:
    """Return where the quoted field that begins before `position` closes, or -1."""
    while True:
        end = text.find(quote, position)
        if end < 0 or not text.startswith(quote, end + 1):
            return end
        position = end + 2


def sample_records(lines: Sequence[str], delimiter: str, quote: str) -> list[list[str]]:
    """Return the records of the sample; lines whose quotes never close count as split at each delimiter."""
    records: list[list[str]] = []
    position = 0
    while position < len(lines):
        text, used = lines[position], 1
        while quote and used < PREAMBLE and is_open(text, delimiter, quote) and position + used < len(lines):
            text = f"{text}\n{lines[position + used]}"
            used += 1
        fields = split_fields(text, delimiter, quote)
        if fields is None:
            fields, used = lines[position].split(delimiter), 1
        if text:
            records.append(fields)
        position += used
    return records


def sniff_dialect(
    lines: Sequence[str], *, delimiter: str | None = None, quote: str | None = None, top: int | None = None
) -> Dialect:
    """Return the dialect under which the sample's records agree best on one width above 1.

    Args:
        lines: The first lines of the file, without line ends; the last one is whole.
        delimiter: Taken as given when set.
        quote: Taken as given when set; empty for none.
        top: How many lines stand above the table; told from them when unset.
    """
    told = re.fullmatch(r"sep=([,;|\t])", lines[0]) if lines else None
    skip = top if top is not None else 1 if told else 0
    delimiter = delimiter or (told.group(1) if told else None)
    if quote is None:
        quote = _sniff_quote(lines, delimiter)
    candidates = [delimiter] if delimiter else list(DELIMITERS)
    escape = None
    if quote and _escapes(lines, quote):
        doubled = [line.replace(f"\\{quote}", quote * 2) for line in lines]
        if _closed(doubled, candidates, quote) >= _closed(lines, candidates, quote):
            escape, lines = "\\", doubled
    best = _best(lines[skip:], candidates, quote)
    start, width = _table_start(lines, skip, best, quote)
    return Dialect(best, quote, escape, start if top is None else top, width)


def has_header(records: Sequence[Sequence[str]]) -> bool:
    """Return whether the first of `records` reads as names rather than as values.

    Values of all-text tables look like names too; then the first row is taken for a header.
    """
    if not records:
        return True
    first, body = records[0], [row for row in records[1:200] if list(row) != list(records[0])]
    values = [is_value(field) for field in first]
    if not any(values):
        repeated = [field for field in first if field]
        return not (body and repeated and all(field in {row[0] for row in body if row} for field in first[:1]))
    if not all(values) and _are_successive([field for field, value in zip(first, values, strict=True) if value]):
        return True
    named = [
        position
        for position, field in enumerate(first)
        if field.strip() and not values[position] and _mostly_values(body, position)
    ]
    return bool(named) and not all(values)


def _are_successive(fields: Sequence[str]) -> bool:
    """Return whether fields count up by one, as years over columns do."""
    if len(fields) < 2 or not all(field.strip().isdecimal() for field in fields):  # noqa: PLR2004
        return False
    numbers = [int(field) for field in fields]
    return all(after == before + 1 for before, after in itertools.pairwise(numbers))


def is_value(field: str) -> bool:
    """Return whether a field is a number or a date rather than a name."""
    return bool(_NUMBER.fullmatch(field) or _DATE.fullmatch(field))


def _mostly_values(body: Sequence[Sequence[str]], position: int) -> bool:
    fields = [row[position] for row in body if position < len(row) and row[position].strip()]
    return bool(fields) and sum(map(is_value, fields)) > len(fields) / 2


def _sniff_quote(lines: Sequence[str], delimiter: str | None) -> str:
    """Return `'` where fields are wrapped in it and none in `"`; otherwise `"`."""
    edge = re.escape(delimiter) if delimiter else ",;|\t"
    counts = {
        quote: sum(len(re.findall(rf"(?:^|[{edge}]){quote}[^{quote}]*{quote}(?=[{edge}]|$)", line)) for line in lines)
        for quote in ('"', "'")
    }
    return "'" if counts["'"] > 0 and counts['"'] == 0 else '"'


def _escapes(lines: Sequence[str], quote: str) -> bool:
    """Return whether a backslash escapes quotes: it stands before some that neither open nor close a field."""
    return any(re.search(rf"\w\\{quote}|\\{quote}\w", line) for line in lines)


def _closed(lines: Sequence[str], delimiters: Sequence[str], quote: str) -> int:
    """Return how many lines are whole records, with the delimiter that suits most."""
    return max(sum(split_fields(line, delimiter, quote) is not None for line in lines) for delimiter in delimiters)


def _best(lines: Sequence[str], candidates: Sequence[str], quote: str) -> str:
    """Return the delimiter under which most lines agree on a width above 1; a decimal comma is none.

    Where all commas stand between digits and another delimiter cuts the lines about as well, they are decimal commas:
    the header need not tell, as it may be missing or have commas of its own.
    """
    agreements = {candidate: _agreement(lines, candidate, quote) for candidate in candidates}
    best = max(candidates, key=agreements.__getitem__)
    if best == "," and _are_decimal(lines, quote):
        others = [other for other in candidates if other != "," and agreements[other][0] >= agreements[","][0]]
        best = max(others, key=agreements.__getitem__, default=best)
    return best if agreements[best][0] > 0 or len(candidates) == 1 else ","


def _are_decimal(lines: Sequence[str], quote: str) -> bool:
    """Return whether nearly all commas outside quotes stand between digits."""
    bare = [re.sub(f"{quote}[^{quote}]*{quote}", "", line) if quote and quote in line else line for line in lines]
    marked = [line for line in bare if "," in line]
    decimal = sum(not re.search(r"(?<!\d),|,(?!\d)", line) for line in marked)
    return decimal >= 0.9 * max(len(marked), 1)


def _agreement(lines: Sequence[str], delimiter: str, quote: str) -> tuple[float, int]:
    """Return how well the records agree on a width above 1: the share that has it, and the width."""
    widths = Counter(len(record) for record in sample_records(lines, delimiter, quote))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return (0.0, 1)
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    return (count / sum(widths.values()), width)


def _table_start(lines: Sequence[str], skip: int, delimiter: str, quote: str) -> tuple[int, int]:
    """Return how many lines stand above the table, and its width: that of the header or of most rows.

    Only lines at the top without any delimiter, or empty, stand above it.
    """
    records = sample_records(lines[skip:], delimiter, quote)
    widths = Counter(len(record) for record in records)
    common = max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 1
    above = skip
    while common > 1 and above < min(len(lines), skip + PREAMBLE) and delimiter not in lines[above]:
        above += 1
    while above < len(lines) and not lines[above]:
        above += 1
    return above, common
