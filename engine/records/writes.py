"""Sleep until a file is written to: woken by the kernel on Linux (inotify), by the clock elsewhere."""

import ctypes
import os
import select
import sys
import time
from pathlib import Path

MODIFY, DELETED, MOVED = 0x2, 0x400, 0x800
"""IN_MODIFY, IN_DELETE_SELF and IN_MOVE_SELF of inotify(7)."""
LOOK_S = 0.02
"""Seconds between two looks of who cannot be woken."""


class Writes:
    """The writes to one file, as one thread waits for them.

    Whoever is woken looks for itself what has changed: a write may be part of something larger. Where the kernel cannot
    wake (another system, too many watches, no such file yet), `wait` returns after 20 ms at the latest.

    Args:
        path: Of the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _opened()
        self._watched = False
        self._poll = select.poll()
        if self._file >= 0:
            self._poll.register(self._file, select.POLLIN)

    def wait(self, timeout: float) -> bool:
        """Return whether there was a write since the last call, as soon as there is one.

        Args:
            timeout: Seconds to wait at most.
        """
        self._watched = self._watched or self._watch()
        if not self._watched:
            time.sleep(min(timeout, LOOK_S))
            return True
        if not self._poll.poll(1000 * timeout):
            return False
        if _is_gone(os.read(self._file, 1 << 16)):
            self._watched = False
        return True

    def close(self) -> None:
        """Watch no more."""
        if self._file >= 0:
            os.close(self._file)
        self._file, self._watched = -1, False

    def _watch(self) -> bool:
        if self._file < 0:
            return False
        path = os.fsencode(self._path)
        return int(ctypes.CDLL(None).inotify_add_watch(self._file, path, MODIFY | DELETED | MOVED)) >= 0


def _opened() -> int:
    if sys.platform != "linux":
        return -1
    return int(ctypes.CDLL(None).inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))


def _is_gone(read: bytes) -> bool:
    """Return whether events say that the file is no longer where it was; each is four numbers and a padded name."""
    at = 0
    while at < len(read):
        kind, length = (int.from_bytes(read[at + start : at + start + 4], sys.byteorder) for start in (4, 12))
        if kind & ~MODIFY:
            return True
        at += 16 + length
    return False
