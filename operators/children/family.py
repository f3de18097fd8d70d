"""A process and all that it started: who they are, what memory they have together, and how they are ended."""

import os
import signal
from contextlib import suppress
from pathlib import Path

_KIB = 1024
_PROC = Path("/proc")


class Family:
    """The processes that a child and its descendants are.

    Those that were seen once are remembered by number and time of birth, so that they are ended even when they have
    left the child's session and their parent is gone.

    Args:
        pid: Of the child.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._seen: dict[int, str] = {}

    def members(self) -> list[int]:
        """Return the processes that there are now."""
        found = [self._pid]
        for one in found:
            found += [child for child in _children(one) if child not in found]
        for one in found:
            if one not in self._seen and (born := _born(one)):
                self._seen[one] = born
        return [one for one, born in self._seen.items() if _born(one) == born]

    def memory(self) -> int:
        """Return the bytes of memory that they have together, shared memory once; 0 where the system does not tell."""
        figures = {one: _figures(one) for one in self.members()}
        sharing = [one for one, figure in figures.items() if figure["RssShmem"]]
        shared = sum(figures[one]["RssShmem"] for one in sharing) if len(sharing) == 1 else sum(map(_part, sharing))
        held = sum(_unmapped(figures)) + (_private_shared(max(figures)) if figures else 0)
        return sum(figure["RssAnon"] + figure["VmSwap"] for figure in figures.values()) + max(shared, held)

    def kill(self) -> None:
        """End them all at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        for one in self.members():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def _born(pid: int) -> str:
    """Return the time of birth of a process, in ticks since the machine's; empty where there is none, or a zombie."""
    try:
        after_name = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if after_name[0] in "ZX" else after_name[19]


def _figures(pid: int) -> dict[str, int]:
    """Return bytes of private, shared and swapped memory."""
    found = {"RssAnon": 0, "RssShmem": 0, "VmSwap": 0}
    with suppress(OSError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) * _KIB
    return found


def _part(pid: int) -> int:
    """Return the bytes of shared memory that a process has, each page divided by the number of those who share it."""
    with suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss_Shmem:"):
                return int(line.split()[1]) * _KIB
    return 0


def _private_shared(pid: int) -> int:
    """Return the bytes of files in a `/dev/shm` that a process has to itself; 0 where it sees the machine's."""
    with suppress(OSError):
        theirs, ours = Path(f"/proc/{pid}/root/dev/shm"), Path("/dev/shm")  # noqa: S108 - looked at, not used
        if theirs.stat().st_dev != ours.stat().st_dev:
            found = os.statvfs(theirs)
            return (found.f_blocks - found.f_bfree) * found.f_frsize
    return 0


def _unmapped(pids: dict[int, dict[str, int]]) -> list[int]:
    """Return the sizes of the open files that lie in memory, such as those of `memfd_create`, each once."""
    sizes: dict[tuple[int, int], int] = {}
    for pid in pids:
        with suppress(OSError):
            for link in (_PROC / str(pid) / "fd").iterdir():
                with suppress(OSError):
                    if str(link.readlink()).startswith("/memfd:"):
                        found = link.stat()
                        sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
    return list(sizes.values())
