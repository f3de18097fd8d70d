"""Temporary folders of children, which carry the name of the process that made them and are removed when it is gone."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "tandem-child-"
_OLD_PREFIX = "tandem-script-"
_STALE_S = 2 * 86_400


def made() -> Path:
    """Return a new folder of this process."""
    sweep()
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{_owner(os.getpid())}-"))


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is gone when the block ends."""
    path = made()
    try:
        yield path
    finally:
        remove(path)


def remove(path: Path) -> None:
    """Remove a folder, however deep it is, and also where what lies in it was closed to its owner."""
    with suppress(RecursionError):
        shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            with suppress(OSError):
                subprocess.run([*command, "--", str(path)], check=False, capture_output=True)


def sweep() -> None:
    """Remove the folders whose process was killed; those of other machines and containers only when they are old."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, ValueError):
            space, pid, born, _ = path.name.removeprefix(_PREFIX).split("-", 3)
            here = f"{space}-{pid}-{born}"
            if _owner(int(pid)) != here and (space == _space() or _is_stale(path)):
                remove(path)
    for path in Path(tempfile.gettempdir()).glob(f"{_OLD_PREFIX}*"):  # of versions before
        with suppress(OSError):
            if _is_stale(path):
                remove(path)


def _is_stale(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _STALE_S


def _space() -> str:
    """Return the number of the space in which process numbers count here."""
    with suppress(OSError):
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    return "0"


def _owner(pid: int) -> str:
    """Return what tells a process from all others: space, number and birth; an empty birth where there is none."""
    born = ""
    with suppress(OSError):
        figures = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        born = "" if figures[0] in "ZX" else figures[19]
    return f"{_space()}-{pid}-{born}"
