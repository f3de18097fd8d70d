"""Tell what a file is and how to read it, from its bytes alone; the user may override every part."""

import codecs
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.data.dialects import Dialect, has_header, sample_records, sniff_dialect, split_fields
from engine.data.formats import Finding, Format, ReadOptions, Sniffed
from engine.data.heading import LOOKED_AT, rows_above
from engine.data.names import column_names
from engine.data.text_encoding import detect_encoding, require_encoding, with_byte_order
from engine.data.wide import require_columns
from engine.errors import UnreadableFileError

SAMPLE: Final = 1 << 18
LONGEST: Final = 1 << 26
LINES: Final = 2000
_OTHERS = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xd0\xcf\x11\xe0", "an old binary Excel (.xls)"),
    (b"%PDF", "PDF"),
    (b"SQLite format 3", "SQLite"),
    (b"7z\xbc\xaf", "7-Zip"),
)


def sniff(path: Path, options: ReadOptions | None = None) -> Sniffed:
    """Return how the file at `path` will be read; what `options` sets is kept.

    Only its bytes are looked at, in Python: no parser runs here, so it is safe on hostile files.

    Raises:
        UnreadableFileError: It is missing, empty, not a table, or its encoding cannot be told.
    """
    options = options or ReadOptions()
    kind = options.format or file_format(path)
    if kind == "csv":
        return _sniff_text(path, options)
    if kind == "jsonl":
        encoding, findings = encoding_of(path, options)
        return Sniffed(format=kind, encoding=encoding, newline="\n", findings=tuple(findings))
    return Sniffed(format=kind, sheet=options.sheet)


def file_format(path: Path) -> Format:
    """Return the format of a file by its first bytes; its name only tells JSON lines from CSV.

    Raises:
        UnreadableFileError: It is missing, empty or of a kind that is not read.
    """
    if not path.is_file():
        raise UnreadableFileError(f"There is no file {path.name!r}.", hint=f"Looked in {path.parent}.")
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise UnreadableFileError(f"{path.name} is empty.", hint="Choose a file with at least a header line.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"ARROW1"):
        return "arrow"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    for mark, name in _OTHERS:
        if head.startswith(mark):
            raise UnreadableFileError(
                f"{path.name} is {name} data, which is not read.",
                hint="Save it as CSV, TSV, Parquet, JSON lines or XLSX.",
            )
    opening = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    looks_json = path.suffix.lower() in {".jsonl", ".ndjson", ".json"}
    return "jsonl" if looks_json and opening in {b"{", b"["} else "csv"


def sample_lines(path: Path, encoding: str) -> tuple[list[str], str]:
    """Return the first lines of a text file, without their ends, and how they end.

    Only whole lines are returned, unless the file holds a single one, or one longer than 64 MiB.
    """
    size = SAMPLE
    with path.open("rb") as file:
        while len(head := file.read(size)) == size < LONGEST and len(head.splitlines()) <= 2:  # noqa: PLR2004 (whole lines)
            size *= 16
            file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = decoder.decode(head, final=len(head) < size).lstrip("\ufeff")
    newline = "\r\n" if "\r\n" in text else "\n" if "\n" in text else "\r" if "\r" in text else "\n"
    lines = text.split(newline)
    if len(lines) > 1 and (len(head) == size or not lines[-1]):
        lines.pop()
    return lines[:LINES], newline


def encoding_of(path: Path, options: ReadOptions) -> tuple[str, list[Finding]]:
    """Return the encoding of a text file: the one that was chosen, or the one that can be told.

    Raises:
        UnreadableFileError: It cannot be told, or the chosen one does not exist.
    """
    if options.encoding:
        return with_byte_order(path, require_encoding(options.encoding)), []
    found = detect_encoding(path)
    return found.name, [_guessed(found.name, found.guess)] if found.guess else []


def _sniff_text(path: Path, options: ReadOptions) -> Sniffed:
    encoding, findings = encoding_of(path, options)
    lines, newline = sample_lines(path, encoding)
    if options.top is not None and options.top >= len(lines):
        raise UnreadableFileError(
            f"{path.name} has no line {options.top + 1} among its first {len(lines)}.",
            hint="Leave out fewer lines at the top.",
        )
    dialect = sniff_dialect(lines, delimiter=options.delimiter, quote=options.quote, top=options.top)
    require_columns(dialect.width, path)
    if options.top is None:
        dialect = replace(dialect, skip=dialect.skip + _padded_above(lines[dialect.skip :], dialect))
    header, columns = _columns(lines, dialect, options, findings)
    return Sniffed(
        format="csv",
        encoding=encoding,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        newline=newline,
        header=header,
        skipped_lines=dialect.skip,
        columns=columns,
        findings=tuple(findings),
    )


def _padded_above(lines: list[str], dialect: Dialect) -> int:
    """Return how many more lines stand above the table, which have as many delimiters as it but little in them."""
    rows = []
    for line in lines[:LOOKED_AT]:
        fields = split_fields(line, dialect.delimiter, dialect.quote)
        rows.append(line.split(dialect.delimiter) if fields is None else fields)
    return rows_above(rows, alone=False)


def _columns(
    lines: list[str], dialect: Dialect, options: ReadOptions, findings: list[Finding]
) -> tuple[bool, tuple[str, ...]]:
    """Return whether there is a header, and the names of the columns."""
    body = lines[dialect.skip :]
    if dialect.escape:
        body = [line.replace(f"\\{dialect.quote}", dialect.quote * 2) for line in body]
    records = sample_records(body, dialect.delimiter, dialect.quote)
    told = options.header if options.header is not None else True if options.header_row else None
    header = has_header(records) if told is None else told
    names = [name.strip() for name in records[0]] if header and records else []
    if header and names and dialect.width > len(names) and len(records) > 1:
        findings.append(_narrow_header(len(names), dialect.width))
    width = max(len(names), dialect.width) if header else dialect.width
    names += [f"column_{number}" for number in range(len(names) + 1, width + 1)]
    columns, repairs = column_names(names)
    findings += repairs
    findings += _about_shape(columns, dialect, header)
    return header, columns


def _about_shape(columns: tuple[str, ...], dialect: Dialect, header: bool) -> list[Finding]:
    findings = []
    if len(columns) == 1:
        sentence = f"Only one column was found with delimiter {dialect.delimiter!r}: choose another if it has more."
        values = {"delimiter": dialect.delimiter}
        findings.append(Finding(kind="one_column", column=columns[0], sentence=sentence, values=values))
    if dialect.skip:
        sentence = f"The first {dialect.skip} lines stand above the table and were left out."
        findings.append(Finding(kind="lines_above", sentence=sentence, values={"count": dialect.skip}))
    if not header:
        sentence = "The first row reads as values, so the columns were given names: say header if it holds names."
        findings.append(Finding(kind="no_header", sentence=sentence, severity="info"))
    folded = [name.casefold() for name in columns]
    twins = (
        sorted({name for name in columns if folded.count(name.casefold()) > 1})[:4]
        if len(set(folded)) < len(folded)
        else []
    )
    if twins:
        sentence = f"Columns {twins} differ only in case, which SQL cannot tell apart."
        findings.append(
            Finding(kind="same_but_case", column=twins[0], sentence=sentence, values={"names": ", ".join(twins)})
        )
    return findings


def _guessed(encoding: str, example: str) -> Finding:
    sentence = f"Read as {encoding}, which is a guess: for example {example}. Choose another encoding if that is wrong."
    return Finding(kind="guessed_encoding", sentence=sentence, values={"encoding": encoding, "example": example})


def _narrow_header(names: int, width: int) -> Finding:
    sentence = f"The header names {names} columns but most rows have {width} fields: the others were given names."
    return Finding(kind="narrow_header", sentence=sentence, values={"names": names, "width": width})
