"""What a stored dataset version holds, as its `manifest.json` says."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from engine.data.formats import ColumnType, Finding, Frozen, ReadOptions, Sniffed
from operators.contract.tables import Column, Schema


class Manifest(Frozen):
    """The truth about one version's content; written once, beside its table."""

    name: str
    version: int = Field(ge=1)
    project: str
    actor: str
    created: float = Field(description="Seconds since 1970, UTC")
    source: str = Field(description="What the file was called, for people; never a path that is opened")
    content_hash: str = Field(description="SHA-256 of `table.parquet`")
    size: int = Field(ge=0, description="Bytes of `table.parquet`")
    rows: int = Field(ge=0)
    rejected: int = Field(0, ge=0, description="Lines in `rejects.parquet`")
    blank_lines: int = Field(0, ge=0)
    columns: tuple[ColumnType, ...]
    options: ReadOptions = Field(description="What the user set")
    sniffed: Sniffed | None = Field(None, description="How the file was read; None for a table put by code")
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class DatasetVersion:
    """A stored version: its manifest and where its files lie. It never changes."""

    manifest: Manifest
    folder: Path

    @property
    def name(self) -> str:
        """Name of the dataset."""
        return self.manifest.name

    @property
    def version(self) -> int:
        """Its number, from 1."""
        return self.manifest.version

    @property
    def rows(self) -> int:
        """Rows of its table."""
        return self.manifest.rows

    @property
    def rejected(self) -> int:
        """Lines of the file that are in no row."""
        return self.manifest.rejected

    @property
    def content_hash(self) -> str:
        """SHA-256 of the table's Parquet file."""
        return self.manifest.content_hash

    @property
    def schema(self) -> Schema:
        """Columns of its table."""
        return tuple(Column(column.name, column.type) for column in self.manifest.columns)

    @property
    def path(self) -> Path:
        """The Parquet file with its rows."""
        return self.folder / "table.parquet"

    @property
    def rejects_path(self) -> Path | None:
        """The Parquet file with its rejected lines (`line`, `column`, `reason`, `raw`), if there are any."""
        path = self.folder / "rejects.parquet"
        return path if path.is_file() else None

    def document(self) -> Mapping[str, Any]:
        """Return what `tandem data add` prints: the manifest as JSON, with `warnings` for its findings."""
        document = self.manifest.model_dump(mode="json")
        document["warnings"] = document.pop("findings")
        return document
