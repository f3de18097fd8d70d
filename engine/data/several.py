"""Several files of the same columns as one table."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from engine.data.formats import Parsed, ReadOptions
from engine.data.parsing.work import columns_of, write_table
from engine.errors import UnreadableFileError
from operators.contract.tables import NUMERIC

Parse = Callable[[Path, ReadOptions, Path], Parsed]
"""Parses a file with options into an empty folder."""


@dataclass(frozen=True)
class Part:
    """One of the files: where it lies, what it is called, for people, and how to read it."""

    path: Path
    label: str
    options: ReadOptions


def read_together(parts: Sequence[Part], folder: Path, parse: Parse) -> Parsed:
    """Write the rows of all files, in order, as `table.parquet` (and `rejects.parquet`) of a folder.

    A column that is text in one of the files is text in all; numbers of several kinds become the kind that holds all,
    days beside moments their midnights.

    Raises:
        UnreadableFileError: A file is no table, or has other columns than the first.
    """
    folders = [folder / f"part-{number}" for number in range(len(parts))]
    read = [_parsed(part, place, parse) for part, place in zip(parts, folders, strict=True)]
    for part, parsed in zip(parts[1:], read[1:], strict=True):
        _require_same_columns(parts[0], read[0], part, parsed)
    types = _types(read)
    for number, (part, place) in enumerate(zip(parts, folders, strict=True)):
        wrong = {c.name: types[c.name] for c in read[number].columns if types.get(c.name, c.type) != c.type}
        if wrong:
            shutil.rmtree(place)
            chosen = {"types": {**part.options.types, **wrong}}
            read[number] = _parsed(Part(part.path, part.label, part.options.model_copy(update=chosen)), place, parse)
    table = pl.concat(
        [pl.scan_parquet(place / "table.parquet", glob=False) for place in folders], how="vertical_relaxed"
    )
    write_table(table, folder / "table.parquet")
    _write_rejects(parts, folders, folder)
    for place in folders:
        shutil.rmtree(place)
    return _summed(read, folder)


def _parsed(part: Part, place: Path, parse: Parse) -> Parsed:
    place.mkdir()
    return parse(part.path, part.options, place)


def _require_same_columns(first: Part, one: Parsed, part: Part, other: Parsed) -> None:
    names, others = ([column.name for column in parsed.columns] for parsed in (one, other))
    if names != others:
        different = sorted(set(names) ^ set(others))[:5] or "their order"
        raise UnreadableFileError(
            f"{part.label} has other columns than {first.label}: {different}.", hint="Import them as two datasets."
        )


def _types(read: Sequence[Parsed]) -> dict[str, str]:
    """Return the types that columns must be read as in all files, where they were not read alike."""
    kinds: dict[str, set[str]] = {}
    for parsed in read:
        for column in parsed.columns:
            kinds.setdefault(column.name, set()).add(column.type)
    unlike = {name: found for name, found in kinds.items() if len(found) > 1 and not found <= NUMERIC}
    return {name: "datetime" if found == {"date", "datetime"} else "string" for name, found in unlike.items()}


def _write_rejects(parts: Sequence[Part], folders: Sequence[Path], folder: Path) -> None:
    """Write the rejected lines of all files; each reason says of which."""
    tables = [
        pl.read_parquet(place / "rejects.parquet").with_columns(reason=pl.lit(f"{part.label}: ") + pl.col("reason"))
        for part, place in zip(parts, folders, strict=True)
        if (place / "rejects.parquet").is_file()
    ]
    if tables:
        pl.concat(tables).write_parquet(folder / "rejects.parquet", compression="zstd")


def _summed(read: Sequence[Parsed], folder: Path) -> Parsed:
    findings: dict[Any, Any] = {}
    for finding in (finding for parsed in read for finding in parsed.findings):
        findings.setdefault((finding.kind, finding.column), finding)
    return Parsed(
        sniffed=read[0].sniffed,
        columns=columns_of(folder / "table.parquet"),
        rows=sum(parsed.rows for parsed in read),
        rejected=sum(parsed.rejected for parsed in read),
        blank_lines=sum(parsed.blank_lines for parsed in read),
        findings=tuple(findings.values()),
    )
