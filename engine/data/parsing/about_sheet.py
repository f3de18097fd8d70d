"""Say what a sheet holds beside its values, so that nothing in it is read or left out unseen."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.formats import Finding, ReadOptions
from engine.data.parsing.sheet_parts import SheetParts, letters

_NAMED = 5


@dataclass(frozen=True)
class Seen:
    """The sheet that is read, those there are, which of them are hidden, columns shown as percentages, and day 0."""

    sheet: str
    sheets: tuple[str, ...]
    hidden: tuple[str, ...]
    percents: frozenset[int]
    epoch: datetime.datetime


def about_sheet(seen: Seen, parts: SheetParts, names: Sequence[str], top: int, options: ReadOptions) -> list[Finding]:
    """Return what is worth knowing.

    Args:
        seen: Of the workbook.
        parts: Of the sheet.
        names: Of its columns.
        top: The row of the header, or the first row where there is none, from 1.
        options: How the user wants it to be read.
    """
    return [
        *_about_sheets(seen, options),
        *_about_top(top),
        *_about_formulas(parts),
        *_about_merged(parts, top),
        *_about_hidden(parts),
        *(_percent(names[place]) for place in sorted(seen.percents) if place < len(names)),
        *_about_width(names),
    ]


def _about_sheets(seen: Seen, options: ReadOptions) -> list[Finding]:
    found = []
    if len(seen.sheets) > 1 and options.sheet is None:
        sentence = (
            f"The workbook has {len(seen.sheets)} sheets ({', '.join(seen.sheets[:8])}): "
            f"the first, {seen.sheet!r}, was read."
        )
        values = {"count": len(seen.sheets), "sheet": seen.sheet}
        found.append(Finding(kind="first_sheet", sentence=sentence, values=values))
    if seen.hidden:
        shown = ", ".join(seen.hidden[:_NAMED])
        sentence = f"{len(seen.hidden)} sheets of the workbook are hidden: {shown}."
        found.append(
            Finding(kind="hidden_sheets", sentence=sentence, values={"count": len(seen.hidden), "names": shown})
        )
    return found


def _about_top(top: int) -> list[Finding]:
    if top == 1:
        return []
    sentence = f"The first {top - 1} lines stand above the table and were left out."
    return [Finding(kind="lines_above", sentence=sentence, values={"count": top - 1})]


def _about_formulas(parts: SheetParts) -> list[Finding]:
    found = []
    if parts.formulas:
        sentence = "The workbook holds formulas: their values are as they were last saved, and were not computed."
        found.append(Finding(kind="formulas", sentence=sentence, severity="info"))
    if parts.unsaved:
        sentence = f"{parts.unsaved} formulas have no saved value and are missing: open and save the file in Excel."
        found.append(Finding(kind="formulas_unsaved", sentence=sentence, values={"count": parts.unsaved}))
    return found


def _about_merged(parts: SheetParts, top: int) -> list[Finding]:
    """Say which merged areas reach into the table, where all cells but the first are missing, or stand above it."""
    inside = [area for area, bottom in parts.merged if bottom >= top]
    if inside:
        shown = ", ".join(inside[:_NAMED])
        sentence = f"{len(inside)} merged areas ({shown}): only the first cell of each has its value."
        return [Finding(kind="merged_cells", sentence=sentence, values={"count": len(inside), "areas": shown})]
    if not parts.merged:
        return []
    shown = ", ".join(area for area, _ in parts.merged[:_NAMED])
    sentence = f"{len(parts.merged)} merged areas ({shown}) stand above the table."
    values = {"count": len(parts.merged), "areas": shown}
    return [Finding(kind="merged_above", sentence=sentence, severity="info", values=values)]


def _about_hidden(parts: SheetParts) -> list[Finding]:
    found = []
    if parts.hidden_rows:
        count, shown = len(parts.hidden_rows), ", ".join(map(str, parts.hidden_rows[:_NAMED]))
        sentence = f"{count} rows of the sheet are hidden ({shown}) and were read like the others."
        found.append(Finding(kind="hidden_rows", sentence=sentence, values={"count": count, "places": shown}))
    if parts.hidden_columns:
        count, shown = len(parts.hidden_columns), ", ".join(map(letters, parts.hidden_columns[:_NAMED]))
        sentence = f"{count} columns of the sheet are hidden ({shown}) and were read like the others."
        found.append(Finding(kind="hidden_columns", sentence=sentence, values={"count": count, "places": shown}))
    return found


def _percent(name: str) -> Finding:
    sentence = f"Column {name!r} is shown as percentages and stored as shares: 12.5 % is 0.125."
    return Finding(kind="shown_as_percent", column=name, sentence=sentence, severity="info")


def _about_width(names: Sequence[str]) -> list[Finding]:
    if len(names) != 1:
        return []
    return [Finding(kind="one_column_sheet", column=names[0], sentence="The sheet has only one column.")]
