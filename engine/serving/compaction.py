"""Many small files of captures joined into fewer, while services write and others read.

A replica writes a file every two seconds at most, so files are joined 64 at a time, and what came of that 64 at a time
again: each row is rewritten a few times at most. A joined file replaces others: their names are written first,
as `<joined>.json`, then it appears, and only a minute later are they removed. So readers see each row
once at any time: `capture_files` leaves out what is named by a joined file that is there.
"""

import fcntl
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import polars as pl

Found = TypeVar("Found")

MANY = 64
"""Files of one size that are joined."""
FULL_ROWS = 50_000
"""A file of so many rows is not joined any more."""
FULL_BYTES = 16 * 2**20
"""Nor is one of so many bytes; so little memory is taken."""
KEPT_SECONDS = 60.0
"""Seconds that readers have for files that were replaced."""
_TRIES = 3
_JOINED = "joined"
_UNKNOWN = datetime.max.replace(tzinfo=UTC)
_STAMP = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class CaptureFile:
    """A file of captures, by what its name tells.

    Args:
        path: Where it is.
        until: No row was asked later than this.
        level: How often its rows were joined.
    """

    path: Path
    until: datetime
    level: int = 0

    @classmethod
    def of(cls, path: Path) -> "CaptureFile":
        """Return the file of a path; a name that tells nothing may hold rows of any time."""
        parts = path.stem.split("-")
        joined = len(parts) > 2 and parts[1].startswith(_JOINED)  # noqa: PLR2004 # time, level, time
        try:
            until = datetime.strptime(parts[2] if joined else parts[0], _STAMP).replace(tzinfo=UTC)
            return cls(path, until, int(parts[1].removeprefix(_JOINED)) if joined else 0)
        except ValueError:
            return cls(path, _UNKNOWN)


def stamp(moment: datetime) -> str:
    """Return a UTC datetime as names of files carry it."""
    return moment.strftime(_STAMP)


def capture_files(folder: Path) -> list[CaptureFile]:
    """Return the files that hold the rows of a service, each row in one, those that were written last at the end."""
    paths = sorted(folder.glob("*.parquet"))
    there = {path.name for path in paths}
    replaced: set[str] = set()
    for note in folder.glob("*.json"):  # after the files: a note is there before its file
        if f"{note.stem}.parquet" in there:
            replaced.update(_named(note))
    files = [CaptureFile.of(path) for path in paths if path.name not in replaced]
    return sorted(files, key=lambda file: (file.until, file.path.name))


def asked_until(folder: Path) -> float | None:
    """Return when the newest rows were written, in seconds since 1970; None if names do not tell or there are none."""
    known = [file.until for file in map(CaptureFile.of, folder.glob("*.parquet")) if file.until < _UNKNOWN]
    return max(known).timestamp() if known else None


def steadily(read: Callable[[], Found]) -> Found:
    """Return what `read` gives, tried again where a file was replaced and removed meanwhile.

    Raises:
        FileNotFoundError: Files go away again and again.
    """
    for _ in range(_TRIES - 1):
        with suppress(FileNotFoundError):
            return read()
    return read()


def compact(folder: Path) -> int:
    """Join small files where there are many, remove those replaced a while ago, and return how many were joined.

    One process at a time; where another does it, nothing is done.

    Raises:
        OSError: The folder cannot be written.
        PolarsError: A file cannot be read.
    """
    with _alone(folder) as alone:
        if not alone:
            return 0
        drop_replaced(folder, KEPT_SECONDS)
        joined, level = 0, 0
        while files := [file for file in capture_files(folder) if file.level == level]:
            for group, rows in _groups(files):
                if len(group) > 1:
                    _join(folder, group, rows)
                    joined += len(group)
            level += 1
        return joined


def _groups(files: Sequence[CaptureFile]) -> Iterator[tuple[list[CaptureFile], pl.DataFrame]]:
    """Yield files to be joined and their rows: 64 of one size and the same columns, or as many as fill a file."""
    alike: dict[object, list[tuple[CaptureFile, pl.DataFrame]]] = defaultdict(list)
    for file in files if len(files) >= MANY else ():
        if file.path.stat().st_size >= FULL_BYTES or (file.level and _rows(file) >= FULL_ROWS):
            continue
        table = pl.read_parquet(file.path)
        key = tuple(table.schema.items())
        alike[key].append((file, table))
        size = sum(file.path.stat().st_size for file, _ in alike[key])
        if len(alike[key]) == MANY or sum(len(one) for _, one in alike[key]) >= FULL_ROWS or size >= FULL_BYTES:
            group = alike.pop(key)
            yield [file for file, _ in group], pl.concat([table for _, table in group])


def _rows(file: CaptureFile) -> int:
    return int(pl.scan_parquet(file.path).select(pl.len()).collect().item())


def _join(folder: Path, files: Sequence[CaptureFile], rows: pl.DataFrame) -> None:
    begun, until = files[0].path.stem.split("-")[0], max(file.until for file in files)
    name = f"{begun}-{_JOINED}{files[0].level + 1}-{stamp(until)}-{secrets.token_hex(4)}"
    partial = folder / f"{name}.partial"
    try:
        partial.write_text(json.dumps([file.path.name for file in files]), "utf-8")
        partial.replace(folder / f"{name}.json")
        rows.write_parquet(partial)
        partial.replace(folder / f"{name}.parquet")
    finally:
        partial.unlink(missing_ok=True)


def drop_replaced(folder: Path, older: float = 0.0) -> None:
    """Remove what was replaced `older` seconds ago, and then the note of it; notes without a file, too.

    Call it where nobody joins files.
    """
    for note in folder.glob(f"*-{_JOINED}*.json"):
        if time.time() - note.stat().st_mtime < older:
            continue
        if note.with_suffix(".parquet").exists():
            for name in _named(note):
                (folder / name).unlink(missing_ok=True)
        note.unlink(missing_ok=True)


def _named(note: Path) -> list[str]:
    with suppress(OSError, ValueError):
        found = json.loads(note.read_text("utf-8"))
        if isinstance(found, list):
            return [str(name) for name in found]
    return []


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    with (folder / ".joining").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
