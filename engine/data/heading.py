"""Tell how many rows stand above the header of a table: titles, dates, notes and empty rows of a report."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from engine.data.dialects import PREAMBLE, has_header, is_value

LOOKED_AT: Final = 200
"""Rows whose cells are enough to tell."""
Cells = Sequence[str]


def rows_above(rows: Sequence[Cells], *, alone: bool) -> int:
    """Return how many of the first rows stand above the header.

    A row stands above where it is narrower than the table and a row of names, with values below it, follows.

    Args:
        rows: The cells of the first rows as text, empty where nothing is in them.
        alone: Whether one cell of text in a row of a wider table is a title, whatever follows.
    """
    rows = rows[:LOOKED_AT]
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    usual = _usual(filled)
    header = _header(rows, filled, usual)
    above = 0
    while above < min(len(rows), PREAMBLE) and usual > 1:
        is_title = alone and filled[above] == 1 and not any(is_value(cell) for cell in rows[above] if cell.strip())
        if above < header or is_title or not filled[above]:
            above += 1
        else:
            return above
    return 0 if above >= min(len(rows), PREAMBLE) else above


def _usual(filled: Sequence[int]) -> int:
    """Return how many cells most rows have."""
    counts = Counter(count for count in filled if count)
    return max(counts.items(), key=lambda item: (item[1], item[0]))[0] if counts else 0


def _header(rows: Sequence[Cells], filled: Sequence[int], usual: int) -> int:
    """Return the first row that is as wide as the table, if it holds names and those before it are narrower; else 0."""
    wide = next((row for row, count in enumerate(filled[:PREAMBLE]) if count >= usual), 0)
    names = [cell.strip() for cell in rows[wide] if cell.strip()] if rows else []
    are_names = len(set(names)) == len(names) and not is_value(names[0]) and has_header(rows[wide:]) if names else False
    much_narrower = all(count <= max(1, usual / 2) for count in filled[:wide])
    return wide if wide and are_names and (much_narrower or _values_below(rows, wide)) else 0


def _values_below(rows: Sequence[Cells], header: int) -> bool:
    """Return whether a column that the header names holds mostly numbers or dates."""
    for place, name in enumerate(rows[header]):
        below = [row[place] for row in rows[header + 1 :] if place < len(row) and row[place].strip()]
        if name.strip() and below and sum(map(is_value, below)) > len(below) / 2:
            return True
    return False
