"""Files and folders that survive a crash: written aside, synced, then renamed."""

import hashlib
import os
from pathlib import Path


def sync_tree(folder: Path) -> None:
    """Make the files directly in `folder`, and the folder itself, durable."""
    for path in folder.iterdir():
        if path.is_file():
            _sync(path)
    _sync(folder)


def move_into_place(folder: Path, target: Path) -> None:
    """Rename a synced folder to its final name; after this it is whole or absent, even after a power cut.

    Raises:
        OSError: The disk refused.
    """
    folder.rename(target)
    _sync(target.parent)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_running(pid: int) -> bool:
    """Return whether there is a process with this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
