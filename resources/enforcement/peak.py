"""How much memory a piece of work takes at its most, as the system counts it for this process."""

import resource
from pathlib import Path

CLEAR, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
KIB = 1024


class Peak:
    """Counts from when it is made.

    It sees what this process has resident beyond what it had, by the kernel's own high-water mark, and the largest of
    the processes that it started and that have ended, if that was larger than any before.
    """

    def __init__(self) -> None:
        try:
            CLEAR.write_text("5")  # the mark begins again at what is resident now (man 5 proc)
            self._before: int | None = _status("VmRSS")
        except (OSError, ValueError):
            self._before = None
        self._children = _largest_child()

    def reached(self) -> int | None:
        """Return the bytes; None where the system does not tell."""
        if self._before is None:
            return None
        try:
            own = max(0, _status("VmHWM") - self._before)
        except (OSError, ValueError):
            return None
        largest = _largest_child()
        return own + (largest if largest > self._children else 0)


def _status(name: str) -> int:
    """Return a figure of this process in bytes.

    Raises:
        OSError: There is no such file here.
        ValueError: It does not hold the figure.
    """
    for line in STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * KIB
    raise ValueError(name)


def _largest_child() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * KIB
