"""What a child writes to its standard output: an answer in one line, or what a script printed."""

import os
from contextlib import suppress

CHUNK = 2**16
AT_ONCE = 256
"""Chunks that are taken before the child is looked at again: 16 MiB."""
LONGEST_ANSWER = 2**24
"""Bytes of an answer; answers hold names and figures, tables come in files."""


class Output:
    """Takes what stands in a pipe.

    Attributes:
        errors: Whether standard error is taken too.
    """

    errors = False

    @property
    def answered(self) -> bool:
        """Whether the piece of work is done by what was written."""
        return False

    def take(self, descriptor: int) -> bool:
        """Take what is there, at most 16 MiB; return False once the pipe has ended."""
        with suppress(BlockingIOError):
            for _ in range(AT_ONCE):
                chunk = os.read(descriptor, CHUNK)
                if not chunk:
                    return False
                self.keep(chunk)
        return True

    def keep(self, chunk: bytes) -> None:
        """Keep what is wanted of a chunk."""


class Answers(Output):
    """One line for each request."""

    def __init__(self) -> None:
        self._kept = bytearray()

    @property
    def answered(self) -> bool:
        """Whether a whole line is there."""
        return b"\n" in self._kept

    def keep(self, chunk: bytes) -> None:
        """Keep all of it, up to the longest answer."""
        self._kept += chunk[: LONGEST_ANSWER - len(self._kept)]

    def line(self) -> bytes:
        """Return the answer and forget it."""
        line, _, rest = bytes(self._kept).partition(b"\n")
        self._kept = bytearray(rest)
        return line


class Printed(Output):
    """The beginning and the end of what was printed, and how much it was.

    Args:
        at_most: Bytes that are kept: half of them of the beginning, half of the end.
    """

    errors = True

    def __init__(self, at_most: int) -> None:
        self._half = at_most // 2
        self._first, self._last = bytearray(), bytearray()
        self.size = 0

    def keep(self, chunk: bytes) -> None:
        """Keep the beginning, and the newest."""
        self.size += len(chunk)
        room = self._half - len(self._first)
        self._first += chunk[:room] if room > 0 else b""
        self._last += chunk[max(room, 0) :]
        if len(self._last) > 2 * self._half + CHUNK:
            del self._last[: -self._half]

    @property
    def left_out(self) -> int:
        """Bytes between the beginning and the end that were not kept."""
        return self.size - len(self._first) - min(len(self._last), self._half)

    @property
    def text(self) -> str:
        """What was kept; where something is left out, a line says how much."""
        first, last = self._first, self._last[-self._half :]
        gap = f"\n... ({self.left_out} bytes of what was printed are left out)\n".encode() if self.left_out else b""
        return bytes(first + gap + last).decode("utf-8", errors="replace")

    @property
    def last_line(self) -> str:
        """The last line that was printed, at most 200 characters of it."""
        end = bytes(self._last[-self._half :] or self._first).decode("utf-8", errors="replace").strip()
        return end.splitlines()[-1][:200] if end else ""
