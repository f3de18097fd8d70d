"""Read one sheet of an XLSX workbook: values as last saved, no formula evaluated, nothing expanded unseen."""

import itertools
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.formats import Finding, ReadOptions, Sniffed
from engine.data.heading import LOOKED_AT, rows_above
from engine.data.names import column_names
from engine.data.parsing.about_sheet import Seen, about_sheet
from engine.data.parsing.deciding import Decision, decide
from engine.data.parsing.reading import Reading
from engine.data.parsing.rows import LINE, REJECTS_SCHEMA, SPAN
from engine.data.parsing.sheet_cells import ColumnCells, column_of, text_of_cell
from engine.data.parsing.sheet_parts import parts_of
from engine.data.parsing.totals import HEADER_AGAIN, about_header, about_totals
from engine.data.parsing.typed import require_some_rows, typed
from engine.data.wide import most_columns, require_columns
from engine.errors import UnreadableFileError

LARGEST: Final = 1 << 30
HIGHEST_RATIO: Final = 100
MOST_PARTS: Final = 10_000
SMALL_PART: Final = 1 << 20
MOST_CELLS: Final = 20_000_000
_STYLED: Final = 50
"""Rows whose formats are looked at."""

Row = tuple[int, list[Any]]
"""The number of a row, from 1, and the values of its cells."""


def read_workbook(path: Path, options: ReadOptions, scratch: Path, *, most: int | None = None) -> Reading:
    """Return the rows of a sheet: the named one, or the first; only the first `most` where that is given.

    Raises:
        UnreadableFileError: It is no workbook, expands to too much, or has no such sheet or no rows.
    """
    del scratch
    refuse_bombs(path)
    book = _open(path)
    try:
        sheet = _sheet(book, path, options)
        rows = list(itertools.islice(_rows(book[sheet], path), most))
        parts = parts_of(path, str(book[sheet]._worksheet_path))  # noqa: SLF001 (nothing public tells which part a sheet is)
        seen = Seen(sheet, tuple(book.sheetnames), _hidden_sheets(book), _percents(book[sheet], rows), book.epoch)
    finally:
        book.close()
    if options.skip_last and (most is None or len(rows) < most):
        rows = rows[: -options.skip_last]
    rows = _below(rows, options)
    if not rows:
        raise UnreadableFileError(
            f"Sheet {sheet!r} of {path.name} has no rows.",
            hint=f"It has sheets {', '.join(map(repr, list(seen.sheets)[:9]))}.",
        )
    header = options.header is not False
    width = max(len(cells) for _, cells in rows)
    first = [text_of_cell(value) for value in rows[0][1]] if header else []
    names, repairs = column_names([*first, *(f"column_{n}" for n in range(len(first) + 1, width + 1))])
    top = rows[0][0]
    body = rows[1:] if header else rows
    findings = repairs + about_sheet(seen, parts, names, top, options)
    sniffed = Sniffed(
        format="xlsx", header=header, skipped_lines=top - 1, columns=names, sheet=sheet, sheets=seen.sheets,
        findings=tuple(findings),
    )  # fmt: skip
    return _reading(body, rows[0][1] if header else [], sniffed, seen, options, path)


def _below(rows: list[Row], options: ReadOptions) -> list[Row]:
    """Return the rows from the header on: below what the user leaves out, or below what stands above the table."""
    if options.top is not None:
        return [row for row in rows if row[0] > (options.top or 0)]
    shown = [[text_of_cell(value) for value in cells] for _, cells in rows[:LOOKED_AT]]
    return rows[rows_above(shown, alone=True) :]


def refuse_bombs(path: Path) -> None:
    """Refuse a workbook by the sizes its directory declares, before any part of it is expanded.

    Raises:
        UnreadableFileError: It is no workbook, or would expand to more than 1 GiB or 100 times its size.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise UnreadableFileError(f"{path.name} is not a whole XLSX file.", hint="Save it again.") from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise UnreadableFileError(f"{path.name} is a ZIP archive and no workbook.", hint="Unpack it first.")
    total = sum(part.file_size for part in parts)
    worst = max(
        (part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > SMALL_PART), default=0
    )
    if total > LARGEST or worst > HIGHEST_RATIO or len(parts) > MOST_PARTS:
        raise UnreadableFileError(
            f"{path.name} would expand to {total} bytes in {len(parts)} parts, one of them {worst:.0f}-fold: refused.",
            hint=f"A workbook may expand to {LARGEST >> 20} MiB and {HIGHEST_RATIO}-fold; save large tables as CSV.",
        )


def _open(path: Path) -> Any:
    import openpyxl
    from openpyxl.xml import DEFUSEDXML

    if not DEFUSEDXML:
        raise UnreadableFileError("XLSX is not read without defusedxml.", hint="Install the package defusedxml.")
    from defusedxml.common import DefusedXmlException
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False, keep_vba=False)
    except DefusedXmlException as error:
        raise UnreadableFileError(
            f"{path.name} holds XML that defines entities, which is refused.", hint="Save it again with Excel."
        ) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise UnreadableFileError(f"{path.name} is not a whole XLSX file.", hint="Save it again.") from error


def _sheet(book: Any, path: Path, options: ReadOptions) -> str:
    names = [sheet.title for sheet in book.worksheets]
    if options.sheet is not None and options.sheet not in names:
        raise UnreadableFileError(f"{path.name} has no sheet {options.sheet!r}.", hint=f"It has {names[:20]}.")
    if not names:
        raise UnreadableFileError(f"{path.name} has no sheet of cells.", hint="Add one.")
    hidden = _hidden_sheets(book)
    first = next((name for name in names if name not in hidden), names[0])
    return options.sheet if options.sheet is not None else str(first)


def _hidden_sheets(book: Any) -> tuple[str, ...]:
    return tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible")


def _percents(sheet: Any, rows: list[Row]) -> frozenset[int]:
    """Return the places, from 0, of columns whose first numbers are shown as percentages."""
    if not rows:
        return frozenset()
    last = rows[min(len(rows), _STYLED) - 1][0]
    return frozenset(
        place
        for cells in sheet.iter_rows(min_row=rows[0][0], max_row=last)
        for place, cell in enumerate(cells)
        if cell.value is not None and cell.data_type == "n" and "%" in (cell.number_format or "")
    )


def _rows(sheet: Any, path: Path) -> Iterator[Row]:
    """Yield number and values of each row that is not empty."""
    from defusedxml.common import DefusedXmlException

    cells, widest = 0, most_columns()
    sheet.reset_dimensions()
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            row = list(values)
            while row and row[-1] in (None, ""):
                row.pop()
            require_columns(len(row), path, widest)
            cells += len(row)
            if cells > MOST_CELLS:
                raise UnreadableFileError(f"{path.name} has more than {MOST_CELLS} cells.", hint="Save it as CSV.")
            if row:
                yield number, row
    except DefusedXmlException as error:
        raise UnreadableFileError(
            f"{path.name} holds XML that defines entities, which is refused.", hint="Save it again with Excel."
        ) from error
    except (SyntaxError, zipfile.BadZipFile, EOFError) as error:
        raise UnreadableFileError(f"{path.name} is not a whole XLSX file.", hint="Save it again.") from error


def _reading(
    body: list[Row], header: list[Any], sniffed: Sniffed, seen: Seen, options: ReadOptions, path: Path
) -> Reading:
    """Return the rows with the types their cells have; text cells stay text."""
    names = sniffed.columns
    repeated = {number for number, row in body if header and row == header} if len(names) > 1 else set()
    rows = [row for row in body if row[0] not in repeated]
    cells = [
        column_of(
            name,
            [row[place] if place < len(row) else None for _, row in rows],
            seen.epoch,
            plain=name in options.types,
            decimal=options.numbers[name].decimal if name in options.numbers else ".",
        )
        for place, name in enumerate(names)
    ]
    columns = {f"c{place}": column.texts for place, column in enumerate(cells)}
    schema: dict[str, Any] = {**dict.fromkeys(columns, pl.String), LINE: pl.Int64, SPAN: pl.Int32}
    numbers = [number for number, _ in rows]
    table = pl.DataFrame({**columns, LINE: numbers, SPAN: [1] * len(rows)}, schema=schema)
    decisions = _decided(table, cells, names, options)
    read = typed(table.lazy(), decisions, options.null_words)
    told = repeated.union(read.unread["line"])
    raw = {number: "\t".join(map(text_of_cell, row)) for number, row in body if number in told}
    again = [(number, None, HEADER_AGAIN, raw[number]) for number in sorted(repeated)]
    unread = read.unread.with_columns(pl.Series("raw", [raw[line] for line in read.unread["line"]], dtype=pl.String))
    rejects = pl.concat(
        [unread.select(REJECTS_SCHEMA.keys()), pl.DataFrame(again, schema=REJECTS_SCHEMA, orient="row")]
    ).sort("line")
    require_some_rows(read.table, rejects, path, len(names))
    findings = [
        *(finding for column in cells for finding in column.findings),
        *(finding for decision in decisions for finding in decision.findings),
        *about_header(len(repeated)),
        *_about_end(body, read.table, len(names)),
    ]
    return Reading(read.table, rejects, sniffed, 0, tuple(findings))


def _about_end(body: list[Row], table: pl.LazyFrame, width: int) -> list[Finding]:
    if not body:
        return [Finding(kind="header_only", sentence="The file holds the names of columns and no rows.")]
    line, last = body[-1]
    texts = [text_of_cell(value) or None for value in last]
    return about_totals(line, [*texts, *[None] * (width - len(texts))], table)


def _decided(
    table: pl.DataFrame, cells: list[ColumnCells], names: Sequence[str], options: ReadOptions
) -> list[Decision]:
    """Return what each column becomes: what its cells are, and by the rules of delimited files where they are mixed."""
    as_text = {
        name: "string"
        for name, column in zip(names, cells, strict=True)
        if (column.is_text and name not in options.numbers) or column.reader
    }
    plain = {"types": {**as_text, **options.types}, "decimal": ".", "thousands": None}
    decisions = decide(table.lazy(), names, options.model_copy(update=plain))
    return [
        Decision(decision.column, decision.name, column.reader) if column.reader else decision
        for decision, column in zip(decisions, cells, strict=True)
    ]
