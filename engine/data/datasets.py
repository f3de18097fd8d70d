"""The datasets of a workspace: named, in immutable versions.

A version is a folder under the workspace's `datasets/` with a name of ours: `table.parquet`, `manifest.json`,
`profile.json`, and `rejects.parquet` where lines were rejected. It is written aside, synced and renamed before
its row is committed to the records: the manifest is the truth about the content, the records are the list.
"""

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection

from engine.config import Workspace
from engine.data.disk import is_running, move_into_place, sha256_of, sync_tree
from engine.data.formats import Parsed, ReadOptions
from engine.data.frames import is_disk_full, not_kept, scan
from engine.data.integrity import require_whole
from engine.data.keeping import Put, listed, manifest_of, profile_of, require_not_void, safe_label
from engine.data.manifest import DatasetVersion, Manifest
from engine.data.names import dataset_name, split_ref
from engine.data.parsing.parse import Limits, bytes_needed, disk_full, parse
from engine.data.parsing.work import columns_of, write_table
from engine.data.several import Part, read_together
from engine.data.stopping import Stopping, unstopped
from engine.data.values import page
from engine.errors import ConfigError, DataError, NotFoundError, StoreError, UnreadableFileError
from engine.records import datasets as rows
from engine.records.database import Records
from engine.records.once import once
from operators.contract.tables import LazyTable

INCOMING: Final = ".incoming-"


class DatasetStore:
    """Adds, finds and describes datasets.

    Args:
        workspace: Where their files are kept.
        records: Where they are listed.
        project: Project of what is added.
        actor: Who adds it.
        limits: What the parser of a file may take.
    """

    def __init__(
        self,
        workspace: Workspace,
        records: Records,
        *,
        project: str = "default",
        actor: str = "local",
        limits: Limits | None = None,
    ) -> None:
        self._workspace = workspace
        self._root = workspace.datasets
        self._records = records
        self._project = project
        self._actor = actor
        self._limits = limits or Limits()

    def add(
        self,
        name: str,
        file: str | Path,
        options: ReadOptions | None = None,
        *,
        label: str | None = None,
        key: str | None = None,
        stopping: Stopping = unstopped,
    ) -> DatasetVersion:
        """Read a file and keep it as the next version of dataset `name`.

        Args:
            name: Of the dataset, new or not.
            file: CSV, TSV, Parquet, Arrow, JSON lines or XLSX; parsed in a child process.
            options: How to read it; what is unset is sniffed.
            label: What the file is called, for people; its own name when unset.
            key: Of who asks; the same key gives the version that it gave before.
            stopping: Lets another thread end the parser.

        Raises:
            ReadOnlyError: Nothing may be changed.
            InvalidNameError: No dataset may be called so.
            UnreadableFileError: The file is no table we read; nothing is kept.
            DataError: The disk is full; nothing is kept.
        """
        name, options = dataset_name(name), options or ReadOptions()
        if (before := self._made_for(name, key)) is not None:
            return before
        path = Path(file).expanduser()
        if not path.is_file():
            raise UnreadableFileError(f"There is no file {path.name!r}.", hint=f"Looked in {path.parent}.")
        if shutil.disk_usage(self._root).free < bytes_needed(path):
            raise disk_full(path, self._root)
        with self._incoming(path) as folder:
            parsed = parse(path, options, folder, limits=self._limits, stopping=stopping)
            return self._keep(name, folder, parsed, options, label or path.name, key)

    def add_several(
        self,
        name: str,
        parts: Sequence[Part],
        *,
        label: str,
        key: str | None = None,
        stopping: Stopping = unstopped,
    ) -> DatasetVersion:
        """Read several files of the same columns and keep them as one table, the next version of dataset `name`.

        Raises:
            UnreadableFileError: A file is no table we read, or has other columns; nothing is kept.
            DataError: The disk is full; nothing is kept.
        """
        from engine.data.profiling import profile_table

        name = dataset_name(name)
        if (before := self._made_for(name, key)) is not None:
            return before

        def parsing(path: Path, options: ReadOptions, folder: Path) -> Parsed:
            return parse(path, options, folder, limits=self._limits, profile=False, stopping=stopping)

        with self._incoming(parts[0].path) as folder:
            parsed = read_together(parts, folder, parsing)
            profile = profile_table(folder / "table.parquet")
            (folder / "profile.json").write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
            return self._keep(name, folder, parsed, parts[0].options, label, key)

    def put(
        self, name: str, table: pl.DataFrame | pl.LazyFrame, *, label: str = "code", key: str | None = None
    ) -> DatasetVersion:
        """Keep a Polars table as the next version of dataset `name`.

        Args:
            name: Of the dataset, new or not.
            table: Its rows.
            label: Where they come from, for people.
            key: Of who asks; the same key gives the version that it gave before.

        Raises:
            InvalidNameError: No dataset may be called so.
            DataError: The disk is full; nothing is kept.
        """
        from engine.data.parsing.plain import plain_types
        from engine.data.profiling import profile_table

        name = dataset_name(name)
        if (before := self._made_for(name, key)) is not None:
            return before
        with self._incoming(None) as folder:
            plain, findings = plain_types(table.lazy())
            write_table(plain, folder / "table.parquet")
            profile = profile_table(folder / "table.parquet")
            (folder / "profile.json").write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
            columns = columns_of(folder / "table.parquet")
            put = Put(columns, profile["rows"], tuple(findings))
            return self._keep(name, folder, put, ReadOptions(), label, key)

    def get(self, ref: str) -> DatasetVersion:
        """Return the version that `name` (the newest) or `name@version` names.

        Raises:
            InvalidNameError: `ref` is no such thing.
            NotFoundError: There is no such dataset or version.
            StoreError: Its files are gone or damaged.
        """
        name, version = split_ref(ref)
        with self._records.read() as connection:
            row = rows.find(connection, name, version)
            if row is None:
                known = rows.every(connection, name)
                names = rows.names(connection) if not known else []
        if row is None:
            if known:
                hint = f"It has version {', '.join(str(other.version) for other in known)}."
                raise NotFoundError(f"Dataset {name!r} has no version {version}.", hint=hint)
            raise NotFoundError.among("dataset", name, set(names))
        return self._read(row)

    def list(self) -> list[dict[str, Any]]:
        """Return the newest version of every dataset, by name: its name, version, rows, source, times."""
        with self._records.read() as connection:
            return [listed(row) for row in rows.newest(connection)]

    def names(self) -> Sequence[str]:
        """Return the names of all datasets, sorted."""
        with self._records.read() as connection:
            return rows.names(connection)

    def versions(self, name: str) -> Sequence[dict[str, Any]]:
        """Return all versions of a dataset, newest first; `NotFoundError` if there is none."""
        name, _ = split_ref(name)
        with self._records.read() as connection:
            found = rows.every(connection, name)
        if not found:
            raise NotFoundError.among("dataset", name, self.names())
        return [listed(row) for row in found]

    def table(self, ref: str, engine: str = "polars") -> LazyTable:
        """Return the rows of a dataset as a lazy table of an engine."""
        version = self.get(ref)
        require_whole(version.path, version.content_hash, f"{version.name}@{version.version}")
        return scan(version.path, engine)

    def examined(self) -> tuple[int, Sequence[str]]:
        """Read every version; return how many there are, and as `name@version` those that are gone or damaged."""
        with self._records.read() as connection:
            every = rows.every(connection)
        return len(every), sorted(f"{row.name}@{row.version}" for row in every if not self._is_whole(row))

    def _is_whole(self, row: rows.DatasetRow) -> bool:
        try:
            return sha256_of(self._read(row).path) == row.content_hash
        except (OSError, StoreError):
            return False

    def preview(self, ref: str, rows_shown: int = 50) -> dict[str, Any]:
        """Return the first rows: `{"columns", "rows", "total_rows"}`."""
        version = self.get(ref)
        return page(scan(version.path), rows=rows_shown, total=version.rows)

    def rejects(self, ref: str, rows_shown: int = 1000) -> dict[str, Any]:
        """Return rejected lines as a page with the columns `line`, `column`, `reason`, `raw`."""
        version = self.get(ref)
        if version.rejects_path is None:
            return {"columns": ["line", "column", "reason", "raw"], "rows": [], "total_rows": 0}
        return page(scan(version.rejects_path), rows=rows_shown, total=version.rejected)

    def profile(self, ref: str) -> dict[str, Any]:
        """Return the document of `tandem data profile`; what was noticed on reading stands among its warnings."""
        version = self.get(ref)
        try:
            described = profile_of(version, keep=not self._workspace.read_only)
        except (OSError, ValueError) as error:
            raise StoreError(f"The profile of {ref!r} is damaged.", hint="Add the file again.") from error
        noticed = [finding.model_dump() for finding in version.manifest.findings]
        described["warnings"] = [*noticed, *described["warnings"]]
        return {"name": version.name, "version": version.version, **described}

    def query_into(
        self, path: Path, sql: str, *, limit: int, timeout: float, stopping: Stopping = unstopped
    ) -> dict[str, Any]:
        """Write the answer of read-only SQL to a Parquet file: `{"columns", "rows": how many, "truncated"}`.

        Raises:
            QueryError: The SQL is wrong, forbidden, took longer than `timeout` seconds, or was stopped.
        """
        from engine.data.sql import query_into

        tables, known = self._named(sql)
        return query_into(path, sql, tables, known=known, limit=limit, timeout=timeout, stopping=stopping)

    def query(self, sql: str, *, limit: int = 1000, timeout: float = 30.0) -> dict[str, Any]:
        """Return the answer of read-only SQL over the datasets by name: `{"columns", "rows", "truncated"}`.

        `"name@version"` in double quotes names an older version.

        Raises:
            QueryError: The SQL is wrong, forbidden, or took longer than `timeout` seconds.
        """
        from engine.data.sql import query

        tables, known = self._named(sql)
        return query(sql, tables, known=known, limit=limit, timeout=timeout)

    def _named(self, sql: str) -> tuple[dict[str, Path], Sequence[str]]:
        """Return the files of the datasets that the SQL may mean, by the names it may use, and all names."""
        from engine.data.sql import is_meant, named_in

        with self._records.read() as connection:
            every = rows.every(connection)
        known = sorted({row.name for row in every})
        named = named_in(sql, known)
        tables: dict[str, Path] = {}
        for row in reversed(every):  # the newest last, so that the plain name is its
            if row.name in named:
                tables[row.name] = tables[f"{row.name}@{row.version}"] = self._read(row).path
        for row in every:
            ref = f"{row.name}@{row.version}"
            newest = row.name in named and tables[row.name] == tables[ref]
            if row.name in named and (is_meant(sql, ref) or (newest and is_meant(sql, row.name))):
                require_whole(tables[ref], row.content_hash, ref)
        return tables, known

    @contextmanager
    def _incoming(self, path: Path | None) -> Iterator[Path]:
        """Give an empty folder that is gone when the block ends, unless it was moved into place."""
        self._workspace.require_writable()
        self._sweep()
        folder = self._root / f"{INCOMING}{os.getpid()}-{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        try:
            yield folder
        except (OSError, pl.exceptions.PolarsError) as error:
            if not is_disk_full(error):
                if isinstance(error, OSError):
                    raise not_kept(error, self._root) from error
                raise  # what is wrong with the table itself
            if path is not None:
                raise disk_full(path, self._root) from error
            written = sum(part.stat().st_size for part in folder.iterdir() if part.is_file())
            raise DataError(
                f"The disk is full: the table needs more than the {written} bytes written so far.",
                hint="Free some space, or move the workspace to a larger disk.",
            ) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _keep(
        self,
        name: str,
        folder: Path,
        parsed: Parsed | Put,
        options: ReadOptions,
        label: str,
        key: str | None = None,
    ) -> DatasetVersion:
        """Make the folder durable and list it: all or nothing; of those asked for with one key, only the first."""
        table = folder / "table.parquet"
        content_hash, size = sha256_of(table), table.stat().st_size
        require_not_void(parsed, label)
        (folder / "parsed.json").unlink(missing_ok=True)
        sync_tree(folder)
        target = self._root / secrets.token_hex(16)
        told = {"folder": target.name, "rows": parsed.rows, "rejected": parsed.rejected}
        told |= {"source": safe_label(label), "size": size, "columns": len(parsed.columns)}
        asked = rows.DatasetRow(name, 0, content_hash, told, self._project, self._actor, time.time(), key)

        def add(connection: Connection) -> rows.DatasetRow:
            row = rows.add(connection, asked)
            manifest = manifest_of(row, parsed, options, size)
            (folder / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
            sync_tree(folder)
            move_into_place(folder, target)
            return row

        try:
            kept = once(self._records, lambda connection: _made_for(connection, name, key), add)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        return self._read(kept)

    def _made_for(self, name: str, key: str | None) -> DatasetVersion | None:
        """Return the version that was made for a key, if there is one."""
        if key is None:
            return None
        with self._records.read() as connection:
            made = _made_for(connection, name, key)
        return self._read(made) if made else None

    def _read(self, row: rows.DatasetRow) -> DatasetVersion:
        folder = self._root / Path(str(row.manifest["folder"])).name
        try:
            manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
        except (OSError, ValueError) as error:
            raise StoreError(
                f"The files of dataset '{row.name}@{row.version}' are gone or damaged.", hint="Add the file again."
            ) from error
        return DatasetVersion(manifest, folder)

    def _sweep(self) -> None:
        """Remove what processes that are gone left half-written."""
        for folder in self._root.glob(f"{INCOMING}*"):
            pid = re.match(rf"{re.escape(INCOMING)}(\d+)-", folder.name)
            if pid and not is_running(int(pid.group(1))):
                shutil.rmtree(folder, ignore_errors=True)


def _made_for(connection: Connection, name: str, key: str | None) -> rows.DatasetRow | None:
    return rows.made_for(connection, name, key) if key else None


def read_options(**given: Any) -> ReadOptions:
    """Return options for reading a file.

    Raises:
        ConfigError: One of them is unknown or has a value that cannot be.
    """
    from pydantic import ValidationError

    try:
        return ReadOptions.model_validate({key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        hint = f"Options are {', '.join(ReadOptions.model_fields)}."
        said = str(first["msg"]).removeprefix("Value error, ")
        raise ConfigError(f"Reading option {field!r}: {said}.", hint=hint) from error
