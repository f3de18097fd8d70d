"""Whether files are still what was kept: their bytes are hashed once per process and state of the file."""

import hashlib
from pathlib import Path

from engine.errors import TamperedError

_State = tuple[int, int, int, str]
_whole: dict[Path, _State] = {}
_MOST = 10_000  # files that are remembered


def is_whole(path: Path, expected: str) -> bool:
    """Return whether a file is there and its SHA-256 is the expected one.

    A file that was hashed before is taken as it was then while its size, its inode and the moment of its last change
    are the same: a bit that flips on the disk afterwards is seen by the next process.

    Args:
        path: The file.
        expected: SHA-256 in hexadecimal.
    """
    try:
        found = path.stat()
        state = (found.st_size, found.st_ino, found.st_mtime_ns, expected)
        if _whole.get(path) == state:
            return True
        with path.open("rb") as file:
            whole = hashlib.file_digest(file, "sha256").hexdigest() == expected
    except OSError:
        return False
    if whole:
        _remember(path, state)
    return whole


def require_whole(path: Path, expected: str, ref: str) -> None:
    """Do nothing where the file of a dataset's version is what was kept.

    Args:
        path: The file.
        expected: SHA-256 in hexadecimal.
        ref: The version, as `name@version`.

    Raises:
        TamperedError: It is not.
    """
    if not is_whole(path, expected):
        raise TamperedError(
            f"The dataset {ref!r} is damaged: its bytes are not those that were kept.", hint="Import its file anew."
        )


def note_whole(path: Path, expected: str) -> None:
    """Note that a file that this process has just written has the expected SHA-256."""
    found = path.stat()
    _remember(path, (found.st_size, found.st_ino, found.st_mtime_ns, expected))


def _remember(path: Path, state: _State) -> None:
    if len(_whole) >= _MOST:
        _whole.pop(next(iter(_whole)))
    _whole[path] = state
