"""A disk that fails once: at the k-th write, flush, rename, copy or commit of a session."""

import builtins
import errno
import io
import os
import shutil
import sqlite3
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

FILES = ((os, "fsync"), (os, "replace"), (os, "rename"), (os, "link"))
TABLES = ((pl.LazyFrame, "sink_parquet"), (pl.DataFrame, "write_parquet"), (pl.DataFrame, "write_csv"))


class FailingDisk:
    """Counts the steps that change a disk, and lets one of them fail.

    Args:
        fails_at: Number of the step that fails, from 1 on; 0: none does.
    """

    def __init__(self, fails_at):
        self.fails_at, self.count, self.steps = fails_at, 0, []
        self._changes = {}

    @property
    def failed(self):
        """Whether the step has come."""
        return 0 < self.fails_at <= self.count

    def due(self, what):
        """Count a step; return whether it fails."""
        self.count += 1
        self.steps.append(what)
        return self.count == self.fails_at

    def step(self, what, real):
        def stepped(*arguments, **options):
            if self.due(what):
                raise OSError(errno.EIO, "Input/output error")
            return real(*arguments, **options)

        return stepped

    def torn(self, what, real, place):
        """Let a step that writes a whole file leave half of it."""

        def written(*arguments, **options):
            if not self.due(what):
                return real(*arguments, **options)
            real(*arguments, **options)
            path = Path(arguments[place])
            os.truncate(path, path.stat().st_size // 2)
            raise OSError(errno.EIO, "Input/output error")

        return written

    def opened(self, real):
        def opens(file, mode="r", *arguments, **options):
            found = real(file, mode, *arguments, **options)
            return _Writing(found, self) if set(mode) & set("wax+") else found

        return opens

    def committed(self, connection):
        """Count a commit of something; one that only ends a look changes no disk."""
        plain = connection.connection.driver_connection
        changed, self._changes[id(plain)] = self._changes.get(id(plain)), plain.total_changes
        if changed != plain.total_changes and self.due("commit"):
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    @contextmanager
    def under(self, patch):
        """Be the disk of this process."""
        for place, name in FILES:
            patch.setattr(place, name, self.step(name, getattr(place, name)))
        for place, name in TABLES:
            patch.setattr(place, name, self.torn(name, getattr(place, name), 1))
        patch.setattr(shutil, "copyfile", self.torn("copyfile", shutil.copyfile, 1))
        for place in (builtins, io):
            patch.setattr(place, "open", self.opened(open))
        event.listen(Engine, "commit", self.committed)
        try:
            yield self
        finally:
            event.remove(Engine, "commit", self.committed)
            patch.undo()


class _Writing:
    """A file whose writes count; the one that fails writes half of what it was given."""

    def __init__(self, file, disk):
        self._file, self._disk = file, disk

    def write(self, data):
        if not self._disk.due("write"):
            return self._file.write(data)
        self._file.write(data[: len(data) // 2])
        raise OSError(errno.EIO, "Input/output error")

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        self._file.__enter__()
        return self

    def __exit__(self, *what):
        return self._file.__exit__(*what)

    def __iter__(self):
        return iter(self._file)
