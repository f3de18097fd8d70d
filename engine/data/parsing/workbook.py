"""Read one sheet of an XLSX workbook: values as last saved, no formula evaluated, nothing expanded unseen."""

import datetime
import itertools
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.formats import Finding, ReadOptions, Sniffed
from engine.data.names import column_names
from engine.data.parsing.deciding import decide
from engine.data.parsing.reading import Reading
from engine.data.parsing.rows import LINE, REJECTS_SCHEMA, SPAN
from engine.data.parsing.typed import typed
from engine.errors import UnreadableFileError

LARGEST: Final = 1 << 30
HIGHEST_RATIO: Final = 100
MOST_PARTS: Final = 10_000
SMALL_PART: Final = 1 << 20
MOST_CELLS: Final = 20_000_000


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
        formulas = _has_formulas(path)
        sheets = tuple(book.sheetnames)
    finally:
        book.close()
    if not rows:
        raise UnreadableFileError(
            f"Sheet {sheet!r} of {path.name} has no rows.", hint=f"It has sheets {list(sheets)[:9]}."
        )
    header = options.header is not False
    width = max(len(cells) for _, cells in rows)
    first = [_text(value) or "" for value in rows[0][1]] if header else []
    names, repairs = column_names([*first, *(f"column_{n}" for n in range(len(first) + 1, width + 1))])
    body = rows[1:] if header else rows
    findings = repairs + _about(sheet, sheets, options, names, formulas=formulas)
    sniffed = Sniffed(format="xlsx", header=header, columns=names, sheet=sheet, sheets=sheets, findings=tuple(findings))
    return _reading(body, names, sniffed, options)


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
    return options.sheet if options.sheet is not None else str(names[0])


def _rows(sheet: Any, path: Path) -> Iterator[tuple[int, list[Any]]]:
    """Yield number and values of each row that is not empty."""
    from defusedxml.common import DefusedXmlException

    cells = 0
    sheet.reset_dimensions()
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            row = list(values)
            while row and row[-1] in (None, ""):
                row.pop()
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


def _has_formulas(path: Path) -> bool:
    """Return whether any sheet holds a formula, by looking at its bytes."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
                with archive.open(part) as file:
                    held = b""
                    while block := file.read(1 << 20):
                        if re.search(rb"<f[ >]", held + block):
                            return True
                        held = block[-2:]
    return False


def _about(
    sheet: str, sheets: Sequence[str], options: ReadOptions, names: Sequence[str], *, formulas: bool
) -> list[Finding]:
    found = []
    if len(sheets) > 1 and options.sheet is None:
        sentence = f"The workbook has {len(sheets)} sheets ({', '.join(sheets[:8])}): the first, {sheet!r}, was read."
        values = {"count": len(sheets), "sheet": sheet}
        found.append(Finding(kind="first_sheet", sentence=sentence, values=values))
    if formulas:
        sentence = "The workbook holds formulas: their values are as they were last saved, and were not computed."
        found.append(Finding(kind="formulas", sentence=sentence, severity="info"))
    if len(names) == 1:
        found.append(Finding(kind="one_column_sheet", column=names[0], sentence="The sheet has only one column."))
    return found


def _reading(
    body: list[tuple[int, list[Any]]], names: Sequence[str], sniffed: Sniffed, options: ReadOptions
) -> Reading:
    """Return the rows with the types their cells have; text cells stay text."""
    columns = {
        f"c{position}": [_text(row[position]) if position < len(row) else None for _, row in body]
        for position in range(len(names))
    }
    numbers = [number for number, _ in body]
    schema: dict[str, Any] = {**dict.fromkeys(columns, pl.String), LINE: pl.Int64, SPAN: pl.Int32}
    table = pl.DataFrame({**columns, LINE: numbers, SPAN: [1] * len(body)}, schema=schema)
    as_text = {
        name: "string"
        for position, name in enumerate(names)
        if all(isinstance(row[position], str) for _, row in body if position < len(row) and row[position] is not None)
    }
    chosen = options.model_copy(update={"types": {**as_text, **options.types}, "decimal": "."})
    decisions = decide(table.lazy(), names, chosen)
    read = typed(table.lazy(), decisions, options.null_words)
    raw = {number: "\t".join(_text(value) or "" for value in row) for number, row in body} if len(read.unread) else {}
    rejects = read.unread.with_columns(
        pl.Series("raw", [raw[line] for line in read.unread["line"]], dtype=pl.String)
    ).select(REJECTS_SCHEMA.keys())
    findings = tuple(finding for decision in decisions for finding in decision.findings)
    return Reading(read.table, rejects, sniffed, 0, findings)


def _text(value: Any) -> str | None:
    """Return the value of a cell as the text that a CSV file would hold."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
