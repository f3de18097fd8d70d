"""The door to the records: one pool per process and database, transactions that read or write."""

import json
import math
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, Self

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from engine.config import Workspace
from engine.errors import RecordsError
from engine.records import schema, sqlite
from engine.records.faults import sentences
from engine.records.writes import LOOK_S, Writes

SETTLE_S = 0.06
"""Seconds within which what was written to the log of SQLite can surely be read."""


@dataclass(frozen=True)
class Records:
    """The records of one workspace; cheap to open again in the same process."""

    engine: Engine
    writing: threading.Lock = field(default_factory=threading.Lock)
    require_writable: Callable[[], None] = field(default=lambda: None)

    @classmethod
    def open(cls, workspace: Workspace) -> "Records":
        """Return the records of `workspace`, made or migrated where needed and allowed.

        Raises:
            RecordsError: They are damaged, locked, newer than this code, or cannot be reached.
            ReadOnlyError: They would have to be made or migrated, and nothing may be changed.
        """
        key = (os.getpid(), workspace.records_url, workspace.read_only)
        with _OPENING:
            if key not in _OPEN or not _still_there(workspace.records_url):
                _OPEN[key] = cls._connect(workspace)
            return _OPEN[key]

    @classmethod
    def _connect(cls, workspace: Workspace) -> Self:
        try:
            url = make_url(workspace.records_url)
            if workspace.read_only and url.get_backend_name() == "sqlite":
                engine = sqlite.read_only_engine(url, json_serializer=_to_json)
            else:
                engine = create_engine(url, json_serializer=_to_json, pool_size=8, max_overflow=32)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise RecordsError(
                "The records URL cannot be used.",
                hint="Write sqlite:///file or postgresql+psycopg://host/db, and install the driver.",
            ) from error
        if workspace.read_only:
            with sentences():
                schema.require_newest(engine, there=_still_there(workspace.records_url))
            return cls(engine, require_writable=workspace.require_writable)
        if engine.dialect.name == "sqlite":
            sqlite.prepare(engine)
        try:
            with sentences():
                schema.ensure(engine, workspace.root / "records.lock", workspace.require_void)
        except RecordsError:
            if engine.dialect.name != "sqlite" or not _is_full(workspace.root):
                raise
            return cls._to_look_at(url)
        workspace.close_off()
        return cls(engine)

    @classmethod
    def _to_look_at(cls, url: URL) -> Self:
        """Return records that can be looked at: SQLite cannot even read as usual where there is no room for its log."""
        engine = sqlite.read_only_engine(url, full=True, json_serializer=_to_json)
        with sentences():
            schema.require_newest(engine)
        return cls(engine, require_writable=_say_full)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the records.

        Raises:
            RecordsError: The database failed.
        """
        with sentences(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together when the block ends, or not at all.

        Writers wait for each other up to a minute. Keep the block short.

        Raises:
            RecordsError: The database failed; nothing of the block is kept.
            ReadOnlyError: Nothing may be changed.
        """
        self.require_writable()
        with sentences(), self.writing, self.engine.connect() as plain:
            connection = plain.execution_options(**{sqlite.WRITES: True})
            with connection.begin():
                yield connection

    def watch(self) -> "Watch":
        """Return something that tells whether the records have changed."""
        return Watch(self)


class Watch:
    """Notices that another connection has written; costs a few microseconds on SQLite.

    On a database that cannot tell, it always says yes. Use it from one thread and close it.
    """

    def __init__(self, records: Records) -> None:
        engine = records.engine
        self._records = records
        self._engine = engine
        self._writes = Writes(Path(f"{engine.url.database}-wal")) if engine.dialect.name == "sqlite" else None
        self._stirred = -math.inf
        self._connection: Connection | None = None
        self._seen = -1

    def changed(self) -> bool:
        """Return True the first time, and whenever something was written since the last call.

        Raises:
            RecordsError: The database failed.
        """
        if self._engine.dialect.name != "sqlite":
            return True
        with sentences():
            version = sqlite.data_version(self._opened().connection)
        changed, self._seen = version != self._seen, version
        return changed

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection as `Records.write` does; what is written so is no change to this watch.

        Raises:
            RecordsError: The database failed; nothing of the block is kept.
            ReadOnlyError: Nothing may be changed.
        """
        if self._engine.dialect.name != "sqlite":
            with self._records.write() as connection:
                yield connection
            return
        self._records.require_writable()
        with sentences(), self._records.writing:
            connection = self._opened()
            with connection.begin():
                yield connection

    def wait(self, timeout: float) -> bool:
        """Wait until something is written, at most so many seconds; return False where surely nothing was.

        It may end early, so ask `changed` then.

        The log of SQLite is written a moment before its change can be read, so for `SETTLE_S` after a write the clock
        wakes.
        """
        if self._writes is None or time.monotonic() - self._stirred < SETTLE_S:
            time.sleep(min(timeout, LOOK_S))
            return True
        if woken := self._writes.wait(timeout):
            self._stirred = time.monotonic()
        return woken

    def close(self) -> None:
        """Give the connection back."""
        if self._writes is not None:
            self._writes.close()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> Connection:
        """Return the one connection of this watch: SQLite counts as changes what others write."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(**{sqlite.WRITES: True})
        return self._connection


def _is_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < _LEAST


def _say_full() -> NoReturn:
    raise RecordsError(
        "The disk is full, so nothing was written to the records.", hint="Free some space, then start again."
    )


_LEAST = 2**20  # bytes of free space under which SQLite may fail
_OPEN: dict[tuple[int, str, bool], Records] = {}
_OPENING = threading.Lock()


def _still_there(url: str) -> bool:
    database = make_url(url).database
    return not url.startswith("sqlite") or database in (None, "", ":memory:") or Path(str(database)).exists()


def _after_fork() -> None:
    """A child must not touch its parent's connections, nor wait for a lock its parent held."""
    global _OPENING  # noqa: PLW0603 - the old lock may be held by a thread that does not exist here
    _OPENING = threading.Lock()
    for records in _OPEN.values():
        records.engine.dispose(close=False)
    _OPEN.clear()


os.register_at_fork(after_in_child=_after_fork)


def _to_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
