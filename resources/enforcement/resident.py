"""What of a process is in memory: private, shared, and files that it has mapped, as Linux tells (man 5 proc)."""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KIB: Final = 1024
STEP: Final = 16 << 20
"""Bytes by which files or shared memory change before mappings are looked at one by one, which takes 30 ms."""
MOST_SEEN: Final = 1000
_SHARED: Final = ("/dev/shm/", "/memfd:", "/dev/zero", "/SYSV")  # noqa: S108 - read, not used
_OF_RAY: Final = "/dev/shm/plasma"  # noqa: S108 - its store of objects, which has a limit of its own
_HEAD: Final = re.compile(r"^[0-9a-f]+-[0-9a-f]+ (\S{4}) \S+ (\S+) (\d+) *(.*)$")


@dataclass(frozen=True, slots=True)
class Figures:
    """Bytes of one process that are in memory.

    Attributes:
        private: Its own, and what of it was swapped out.
        shared: Shared memory: anonymous, or in `/dev/shm`.
        file: Of files, libraries among them.
    """

    private: int = 0
    shared: int = 0
    file: int = 0


def resident(pid: int) -> Figures:
    """Return the figures of a process; zeros where it is no more."""
    found = dict.fromkeys(("RssAnon", "RssShmem", "RssFile", "VmSwap"), 0)
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) * KIB
    return Figures(found["RssAnon"] + found["VmSwap"], found["RssShmem"], found["RssFile"])


@dataclass(frozen=True, slots=True)
class Mapped:
    """Bytes of what a process has mapped and in memory, libraries and Ray's own objects left out.

    Attributes:
        files: Of data files.
        shared: Of shared memory.
        part: Of shared memory, each page divided by the number of the processes that share it.
    """

    files: int = 0
    shared: int = 0
    part: int = 0


class Resident:
    """Tells what processes have mapped from their libraries; remembers what it has looked at."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Figures, Mapped]] = {}

    def mapped(self, pid: int, figures: Figures) -> Mapped:
        """Return what a process has mapped.

        Args:
            pid: Of the process.
            figures: Its figures of now; a look is due when those of files or shared memory have changed by 16 MiB.
        """
        before, found = self._seen.get(pid, (Figures(), Mapped()))
        if max(abs(figures.file - before.file), abs(figures.shared - before.shared)) > STEP:
            found = mapped(pid)
            if len(self._seen) > MOST_SEEN:  # most of these processes are long gone
                self._seen.clear()
            self._seen[pid] = (figures, found)
        return found


def mapped(pid: int) -> Mapped:
    """Look at the mappings of a process one by one; a file of which any part may be executed is a library."""
    files: dict[tuple[str, str], int] = {}
    libraries: set[tuple[str, str]] = set()
    shared = part = 0
    file, memory = None, False
    for line in _lines(pid):
        if head := _HEAD.match(line):
            rights, device, inode, name = head.groups()
            memory = name.startswith(_SHARED) and not name.startswith(_OF_RAY)
            file = (device, inode) if inode != "0" and not name.startswith(_SHARED) else None
            libraries |= {file} if file and "x" in rights else set()
        elif file and line.startswith("Rss:"):
            files[file] = files.get(file, 0) + _bytes(line)
        elif memory and line.startswith("Rss:"):
            shared += _bytes(line)
        elif memory and line.startswith("Pss:"):
            part += _bytes(line)
    return Mapped(sum(size for one, size in files.items() if one not in libraries), shared, part)


def _lines(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/smaps").read_text(errors="replace").splitlines()
    return []


def _bytes(line: str) -> int:
    return int(line.split()[1]) * KIB
