"""Outputs of nodes, kept under the hash of their content.

A table is a Parquet file, a model a signed container (`operators.contract.values.codec`), everything else JSON. What is
written is complete and on disk before its reference is returned; equal content is kept once. A table that stands
elsewhere already (a dataset version) is referred to and not copied.
"""

import errno
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from engine.data.frames import scan, sink
from engine.data.integrity import is_whole, note_whole
from engine.errors import StoreError, TamperedError
from engine.stores.trained import opened_model, sealed_model
from operators.contract.ports import PortType
from operators.contract.tables import Column, LazyTable, Schema, schema_of
from operators.contract.values.kinds import KINDS

_LARGE = 2**20  # bytes from which flushing and hashing at once is worth a thread


class OutputRef(BaseModel):
    """Where one output is kept; JSON, and the same for the same content."""

    model_config = ConfigDict(frozen=True)

    kind: PortType
    hash: str = Field(description="SHA-256 of the stored bytes, in hexadecimal")
    path: str = Field(description="File under the store's root, or an absolute path for a table kept elsewhere")
    size: int = Field(ge=0, description="Bytes")
    rows: int | None = Field(None, ge=0, description="Rows of a table")
    columns: tuple[tuple[str, str], ...] = Field((), description="Name and type of each column of a table")
    losses: tuple[Mapping[str, Any], ...] = Field(
        (), description="What was lost while it was computed, see `operators.contract.losses.told`"
    )

    @property
    def table_schema(self) -> Schema:
        """The columns of a table."""
        return tuple(Column(name, kind) for name, kind in self.columns)


class OutputStore:
    """Files named by their content under one folder.

    Args:
        root: The folder; made where it is missing and something is kept.
        key: The workspace's secret, which models are signed with.
        mark: Begins the names of files that are not whole yet, so that those of a killed worker are found.
    """

    def __init__(self, root: Path, key: bytes, mark: str = "") -> None:
        self.root = root
        self._key = key
        self._mark = mark
        self._partial = root / "partial"

    def put(self, kind: PortType, value: Any) -> OutputRef:
        """Keep a value and return where.

        Raises:
            StoreError: The disk is full, or the value cannot be kept.
        """
        if kind == "Table":
            return self.put_table(value)
        if kind == "Model":
            return self._put_bytes(kind, sealed_model(value, self._key), ".model")
        plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        try:
            text = json.dumps(plain, ensure_ascii=False, sort_keys=kind == "State", allow_nan=False)
        except (TypeError, ValueError) as error:
            raise StoreError(
                f"A {kind} cannot be kept as JSON: {error}.", hint="This is a fault of the operator."
            ) from error
        return self._put_bytes(kind, text.encode(), ".json")

    def put_table(self, table: LazyTable) -> OutputRef:
        """Compute a table into the store."""
        columns = tuple((column.name, column.type) for column in schema_of(table))
        with self._fresh(".parquet") as path:
            rows = sink(table, path)
            return self._keep("Table", path, rows=rows, columns=columns)

    def refer(self, path: Path, content_hash: str, rows: int, schema: Schema) -> OutputRef:
        """Return a reference to a table that is kept elsewhere and never changes."""
        columns = tuple((column.name, column.type) for column in schema)
        return OutputRef(
            kind="Table",
            hash=content_hash,
            path=str(path),
            size=path.stat().st_size,
            rows=rows,
            columns=columns,
        )

    def path(self, ref: OutputRef) -> Path:
        """Return the file of an output."""
        path = self.root / ref.path  # an absolute path stays itself
        if Path(ref.path).is_absolute():  # a dataset's; the workspace may have been moved or restored since
            here = self.root.parent / Path(*path.parts[-3:])
            return here if here.exists() else path
        return path

    def table(self, ref: OutputRef, engine: str = "polars") -> LazyTable:
        """Open a kept table; its bytes are hashed once per process, and nothing else is read yet.

        Raises:
            StoreError: It is gone.
            TamperedError: Its bytes are not those that were kept.
        """
        path = self._existing(ref)
        if not is_whole(path, ref.hash):
            raise TamperedError(f"The table {ref.hash[:12]} was changed since it was kept.", hint="Run the node again.")
        return scan(path, engine)

    def get(self, ref: OutputRef, engine: str = "polars") -> Any:
        """Return a kept value.

        Raises:
            StoreError: It is gone.
            TamperedError: Its bytes are not those that were kept.
        """
        if ref.kind == "Table":
            return self.table(ref, engine)
        payload = self._existing(ref).read_bytes()
        if ref.kind == "Model":
            return opened_model(payload, self._key, f"Model {ref.hash[:12]}")
        if hashlib.sha256(payload).hexdigest() != ref.hash:
            raise TamperedError(f"Output {ref.hash[:12]} was changed since it was kept.", hint="Run the node again.")
        plain = json.loads(payload)
        kind = KINDS.get(ref.kind)
        if kind is None or kind.read is None:
            raise StoreError(f"Nothing here reads a {ref.kind}.", hint="Open the workspace with a newer Tandem.")
        return kind.read(plain)

    def intact(self, ref: OutputRef) -> bool:
        """True if the output is there with the bytes that were kept; reads the whole file, once per process."""
        path = self.path(ref)
        return path.is_file() and path.stat().st_size == ref.size and is_whole(path, ref.hash)

    def damaged(self) -> list[Path]:
        """Return the kept files whose bytes are not what their names say; reads all of them."""
        kept = (path for path in sorted(self.root.glob("??/*")) if path.is_file())
        return [path for path in kept if _hash_of(path) != path.stem]

    def _put_bytes(self, kind: PortType, payload: bytes, suffix: str) -> OutputRef:
        with self._fresh(suffix) as path:
            path.write_bytes(payload)
            return self._keep(kind, path)

    def _keep(self, kind: PortType, fresh: Path, **facts: Any) -> OutputRef:
        """Give a complete file its name: flushed to disk, then renamed in one step."""
        content = _hash_of(fresh, flush=True)
        name = f"{content[:2]}/{content}{fresh.suffix}"
        target = self.root / name
        size = fresh.stat().st_size
        target.parent.mkdir(exist_ok=True)
        fresh.replace(target)
        note_whole(target, content)
        return OutputRef(kind=kind, hash=content, path=name, size=size, **facts)

    @contextmanager
    def _fresh(self, suffix: str) -> Iterator[Path]:
        path = self._partial / f"{self._mark}{secrets.token_hex(8)}{suffix}"
        try:
            self._partial.mkdir(parents=True, exist_ok=True)
            yield path
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise StoreError(
                    "The disk is full.", hint=f"Free space under {self.root}; nothing was kept."
                ) from error
            raise StoreError(f"An output cannot be kept: {error.strerror}.", hint=f"Check {self.root}.") from error
        finally:
            path.unlink(missing_ok=True)

    def _existing(self, ref: OutputRef) -> Path:
        path = self.path(ref)
        if not path.is_file() or path.stat().st_size != ref.size:
            raise StoreError(f"The {ref.kind.lower()} {ref.hash[:12]} is missing or cut.", hint="Run the node again.")
        return path


def _hash_of(path: Path, *, flush: bool = False) -> str:
    """Return the SHA-256 of a file; with `flush`, see to it at the same time that the file is on disk."""
    with path.open("rb") as file:
        if not flush or path.stat().st_size < _LARGE:
            if flush:
                os.fsync(file.fileno())
            return hashlib.file_digest(file, "sha256").hexdigest()
        with ThreadPoolExecutor(1) as beside:
            flushed = beside.submit(os.fsync, file.fileno())
            content = hashlib.file_digest(file, "sha256").hexdigest()
            flushed.result()
        return content
