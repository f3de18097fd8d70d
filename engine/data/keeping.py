"""What the store writes down of a version: its manifest, its line in the list, a label that is safe to show."""

import json
import os
import re
from contextlib import suppress
from typing import Any, Final

from engine.data.formats import Parsed, ReadOptions
from engine.data.manifest import DatasetVersion, Manifest
from engine.errors import UnreadableFileError
from engine.records import datasets as rows

_LABEL: Final = 200


class Put:
    """What is known of a table that code put."""

    sniffed = None
    rejected = 0
    blank_lines = 0

    def __init__(self, columns: tuple[Any, ...], count: int, findings: tuple[Any, ...]) -> None:
        self.columns = columns
        self.rows = count
        self.findings = findings


def require_not_void(parsed: Parsed | Put, label: str) -> None:
    """Do nothing where a table has columns.

    Raises:
        UnreadableFileError: It has none.
    """
    if not parsed.columns:
        raise UnreadableFileError(f"{safe_label(label)} has no columns.", hint="Choose a file with a table.")


def manifest_of(row: rows.DatasetRow, parsed: Parsed | Put, options: ReadOptions, size: int) -> Manifest:
    """Return the manifest of a version that was read or put."""
    return Manifest(
        name=row.name,
        version=row.version,
        project=row.project,
        actor=row.actor,
        created=row.created,
        source=row.manifest["source"],
        content_hash=row.content_hash,
        size=size,
        rows=parsed.rows,
        rejected=parsed.rejected,
        blank_lines=parsed.blank_lines,
        columns=parsed.columns,
        options=options,
        sniffed=parsed.sniffed,
        findings=parsed.findings,
    )


def listed(row: rows.DatasetRow) -> dict[str, Any]:
    """Return a version as lists have it."""
    told = {key: row.manifest.get(key) for key in ("rows", "rejected", "source", "size")}
    return {
        "name": row.name,
        "version": row.version,
        "created": row.created,
        "actor": row.actor,
        **told,
        "column_count": row.manifest.get("columns"),
        "content_hash": row.content_hash,
    }


def safe_label(label: str) -> str:
    """Return a label that is safe to show: one line, no control or direction marks, at most 200 characters."""
    plain = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "�", label)
    return plain if len(plain) <= _LABEL else f"{plain[: _LABEL - 1]}…"


def profile_of(version: DatasetVersion, *, keep: bool) -> dict[str, Any]:
    """Return the description of a version; of a wide one it is made when it is first asked for.

    Args:
        version: The version.
        keep: Whether what is made may be written down, so that it is made once.

    Raises:
        OSError: There is none, and there should be.
        ValueError: It is damaged.
    """
    from engine.data.profiling import PROFILED_AT_ONCE, profile_table

    path = version.folder / "profile.json"
    if path.is_file() or len(version.schema) <= PROFILED_AT_ONCE:
        known: dict[str, Any] = json.loads(path.read_bytes())
        return known
    described = profile_table(version.path)
    if keep:
        with suppress(OSError):  # a full disk: it is made again when it is asked for again
            aside = path.with_name(f"profile-{os.getpid()}.partial")
            aside.write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
            aside.replace(path)
    return described
