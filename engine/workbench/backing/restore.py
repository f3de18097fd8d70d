"""Put a backup back, in a workspace of its own."""

import errno
import hashlib
import os
import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from sqlalchemy import create_engine

from engine.config import Workspace
from engine.errors import ConfigError, RecordsError, StoreError, TamperedError
from engine.records import schema, sqlite
from engine.records.faults import sentences
from engine.workbench.backing.archive import Contents, opened
from engine.workbench.backing.backup import told
from engine.workbench.backing.snapshot import revision_of

_CHUNK = 2**20


def restore(file: Path, root: Path) -> dict[str, Any]:
    """Make a workspace of a backup: all of it, every file verified, or nothing.

    Records of an older Tandem are brought up to date. Models in a backup run code when they are used, so restore only
    backups that you trust.

    Returns `{"file", "bytes", "datasets", "models", "runs", "verified", "damaged", "workspace"}`.

    Raises:
        ConfigError: The folder is not empty.
        StoreError: The backup cannot be read, or the disk is full.
        TamperedError: It is damaged, or has what no backup has.
        RecordsError: Its records are of a newer Tandem, or damaged.
    """
    source, target = file.expanduser().absolute(), root.expanduser().resolve()
    if os.environ.get("TANDEM_RECORDS_URL"):
        hint = "Unset TANDEM_RECORDS_URL: a backup brings its records."
        raise ConfigError("The restored workspace would not use its own records.", hint=hint)
    _require_empty(target)
    with opened(source) as (contents, members):
        _require_known(contents)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.restore-{secrets.token_hex(4)}")
        fresh.mkdir(mode=0o700)
        try:
            _require_room(contents, fresh)
            for name, stream in members:
                _write(fresh / name, stream, contents.files[name][1], source)
            _bring_up_to_date(fresh)
            _require_empty(target)
            fresh.replace(target)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise _no_room() from error
            raise StoreError(f"The backup cannot be restored: {error.strerror}.", hint="Check the folder.") from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return {**told(contents), "file": str(source), "bytes": source.stat().st_size, "workspace": str(target)}


def _require_empty(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigError(
            f"{target} is not empty, and nothing in it is overwritten.", hint="Name another folder with --into."
        )


def _require_known(contents: Contents) -> None:
    if contents.revision not in schema.revisions():
        raise RecordsError(
            f"The backup was made by a newer Tandem (revision {contents.revision}, known {schema.revisions()[-1]}).",
            hint="Update Tandem, then restore it.",
        )


def _require_room(contents: Contents, folder: Path) -> None:
    if shutil.disk_usage(folder).free < sum(size for size, _ in contents.files.values()):
        raise _no_room()


def _no_room() -> StoreError:
    return StoreError("There is no room on the disk for what the backup holds.", hint="Free some space there.")


def _write(path: Path, stream: IO[bytes], expected: str, source: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashed = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while read := stream.read(_CHUNK):
            hashed.update(read)
            out.write(read)
        out.flush()
        os.fsync(out.fileno())
    if hashed.hexdigest() != expected:
        raise TamperedError(f"The backup {source} is damaged.", hint="Nothing was restored: take another backup.")


def _bring_up_to_date(folder: Path) -> None:
    """Check the records and bring them to the newest revision."""
    database = folder / "records.db"
    try:
        with closing(sqlite3.connect(database)) as connection:
            whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        known = revision_of(database) in schema.revisions()
    except (sqlite3.Error, TypeError) as error:
        raise RecordsError(
            f"The records in the backup cannot be used: {error}.", hint="Take another backup."
        ) from error
    if whole != "ok" or not known:
        raise RecordsError("The records in the backup are damaged or newer.", hint="Update Tandem, or take another.")
    engine = create_engine(f"sqlite:///{database}")
    sqlite.prepare(engine)
    try:
        with sentences():
            schema.ensure(engine, folder / "records.lock", Workspace(folder).require_void)
    finally:
        engine.dispose()
