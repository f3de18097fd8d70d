"""Notice rows of a table that are no records: totals at its end, and its header once more."""

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from engine.data.formats import Finding

_WORDS: Final = re.compile(
    r"\W*((grand|sub|net|over)?[- ]?totals?|totaux|totale?|sum|sums|summe|summen|gesamt|gesamtsumme|zwischensumme|"
    r"insgesamt|somme|suma|soma|celkem|razem|totaal|итого|всего|сумма|average|mean|mittelwert|durchschnitt|moyenne|"
    r"合计|总计|小计|共计|总和|合計|總計|総計|小計|計|平均)(\W.*)?",
    re.IGNORECASE,
)
_FEWEST: Final = 3
_TOGETHER: Final = 500
"""Columns that are summed up at a time: the planner of queries takes the square of their number."""
HEADER_AGAIN: Final = "the header once more"


def about_totals(line: int, cells: Sequence[str | None], table: pl.LazyFrame) -> list[Finding]:
    """Say that the last row sums the others up: by a word such as `Total` in it, or by its numbers.

    Args:
        line: Where it stands in the file.
        cells: Its cells as text.
        table: All rows with their types; computed only where a cell of the last row is empty.
    """
    word = next((cell.strip() for cell in cells if cell and _WORDS.fullmatch(cell.strip())), None)
    if word is None and (all(cells) or not _sums_up(table)):
        return []
    shown = (word or next(cell for cell in cells if cell))[:40]
    sentence = f"The last row (line {line}, {shown!r}) seems to sum up the others: leave it out if it is no record."
    return [Finding(kind="totals_row", sentence=sentence, values={"line": line, "example": shown})]


def about_header(count: int) -> list[Finding]:
    """Say how often the header stands among the rows again."""
    if not count:
        return []
    sentence = f"{count} lines repeat the header and are rejected."
    return [Finding(kind="repeated_header", sentence=sentence, severity="info", values={"count": count})]


def _sums_up(table: pl.LazyFrame) -> bool:
    """Return whether a number of the last row is the sum of those above it."""
    schema = table.collect_schema()
    numbers = [name for name, dtype in schema.items() if dtype in (pl.Int64, pl.Float64)]
    if not numbers:
        return False
    if table.head(_FEWEST + 1).select(pl.len()).collect().item() <= _FEWEST:
        return False
    for start in range(0, len(numbers), _TOGETHER):
        columns = [pl.col(name).cast(pl.Float64) for name in numbers[start : start + _TOGETHER]]
        row = (
            table.select(
                *(column.sum().name.prefix("\x00sum ") for column in columns),
                *(column.last().name.prefix("\x00last ") for column in columns),
            )
            .collect()
            .row(0)
        )
        pairs = zip(row[: len(columns)], row[len(columns) :], strict=True)
        if any(last and abs(total - 2 * last) <= 1e-9 * abs(total) for total, last in pairs):
            return True
    return False
