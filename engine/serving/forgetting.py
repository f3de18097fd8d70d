"""Captured rows that somebody deleted: out of sight at once, back on wish, gone for good later.

A file of rows that were all asked until the moment of the deletion gets another ending, which no reader looks for.
One that also holds later rows is divided first. All of it can be done again after being broken off.
"""

import fcntl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import polars as pl

from engine.serving.columns import names_of
from engine.serving.compaction import CaptureFile, capture_files, drop_replaced


def begins_before(file: CaptureFile, moment: datetime) -> bool:
    """Return whether a file has rows that were asked until a moment."""
    if file.until <= moment:
        return True
    at = names_of(list(pl.read_parquet_schema(file.path))).at
    first = None if at is None else pl.scan_parquet(file.path).select(pl.col(at).min()).collect().item()
    return first is None or first <= moment


def put_away(folder: Path, until: datetime, gesture: str) -> None:
    """Hide the rows of a service that were asked until a moment; files whose rows have no time are hidden whole.

    Args:
        folder: Its captures.
        until: The moment.
        gesture: Names the deletion; `take_back` and `remove` are told it.
    """
    if not folder.is_dir():
        return
    with _alone(folder):
        drop_replaced(folder)
        for file in capture_files(folder):
            if begins_before(file, until):
                _hide(file, until, gesture)


def take_back(folder: Path, gesture: str) -> None:
    """Let what one deletion has hidden be read again."""
    if not folder.is_dir():
        return
    with _alone(folder):
        for path in _hidden(folder, gesture):
            path.replace(path.with_suffix(".parquet"))


def remove(folder: Path, gesture: str) -> int:
    """Remove for good what one deletion has hidden, and return how many bytes that was."""
    freed = 0
    for path in _hidden(folder, gesture):
        freed += path.stat().st_size
        path.unlink()
    return freed


def drop(folder: Path, names: Collection[str]) -> int:
    """Remove files of captured rows for good, and return how many bytes they took."""
    freed = 0
    if not names:
        return freed
    with _alone(folder):
        drop_replaced(folder)
        for path in (folder / name for name in names):
            if path.is_file():
                freed += path.stat().st_size
                path.unlink()
    return freed


def _hide(file: CaptureFile, until: datetime, gesture: str) -> None:
    """Give a file the ending of a deletion; later rows of it stay in its place."""
    path = file.path
    rows = pl.read_parquet(path)
    at = names_of(rows.columns).at
    later = rows.clear() if at is None or file.until <= until else rows.filter(pl.col(at) > until)
    if later.is_empty():
        path.replace(path.with_suffix(_ending(gesture)))
        return
    early, rest = path.with_name(f"{path.stem}-before.partial"), path.with_suffix(".partial")
    rows.filter(pl.col(at or "") <= until).write_parquet(early)
    later.write_parquet(rest)
    early.replace(path.with_name(f"{path.stem}-before{_ending(gesture)}"))
    rest.replace(path)


def _hidden(folder: Path, gesture: str) -> list[Path]:
    return sorted(folder.glob(f"*{_ending(gesture)}"))


def _ending(gesture: str) -> str:
    return f".deleted-{gesture}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody joins files, and let nobody begin."""
    with (folder / ".joining").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
