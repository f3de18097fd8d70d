"""Parse a user's file in a child process, and read only JSON back."""

import json
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.data.formats import Parsed, ReadOptions
from engine.data.stopping import Stopping, unstopped
from engine.errors import DataError, UnreadableFileError
from operators.children.child import Child
from operators.children.child import Limits as Bounds
from operators.children.output import Output

ROOT: Final = Path(__file__).resolve().parents[3]
MEMORY: Final = 8 << 30
SECONDS: Final = 900
PEEK_SECONDS: Final = 60
REFUSED: Final = 3
MOST_THREADS: Final = 8


@dataclass(frozen=True)
class Limits:
    """What a parser may take.

    Args:
        memory: Address space in bytes; libraries reserve far more than they use.
        seconds: Wall clock and processor time.
    """

    memory: int = MEMORY
    seconds: int = SECONDS


def parse(
    path: Path,
    options: ReadOptions,
    folder: Path,
    *,
    limits: Limits | None = None,
    profile: bool = True,
    stopping: Stopping = unstopped,
) -> Parsed:
    """Turn the file at `path` into `table.parquet` (and `rejects.parquet`, `profile.json`) in `folder`.

    Args:
        path: The user's file; only the child process reads it.
        options: How to read it; what is unset is sniffed.
        folder: Exists and is empty.
        limits: What the child may take.
        profile: Whether to write `profile.json` too.
        stopping: Lets another thread end the child; what was asked is then an error like any crash.

    Raises:
        UnreadableFileError: It is no table we read, or its parser crashed or overran its limits.
        DataError: The disk is full.
    """
    limits = limits or Limits()
    status = _run({**_request(path, options, folder, limits), "profile": profile}, path, limits, stopping)
    if status == 0 and (folder / "parsed.json").is_file():
        return Parsed.model_validate_json((folder / "parsed.json").read_bytes())
    raise _error(status, path, folder, limits)


def peek(path: Path, options: ReadOptions, folder: Path, *, limits: Limits | None = None) -> dict[str, Any]:
    """Return how the beginning of a file would be read, see `engine.data.parsing.peeking.peeked`; nothing is kept.

    Args:
        path: The user's file; only the child process reads it.
        options: How to read it; what is unset is sniffed.
        folder: Exists and is empty.
        limits: What the child may take.

    Raises:
        UnreadableFileError: It is no table we read, whatever the options; or its parser crashed.
    """
    limits = limits or Limits(seconds=PEEK_SECONDS)
    status = _run({**_request(path, options, folder, limits), "peek": True}, path, limits, unstopped)
    if status == 0 and (folder / "peeked.json").is_file():
        found: dict[str, Any] = json.loads((folder / "peeked.json").read_bytes())
        return found
    raise _error(status, path, folder, limits)


def _request(path: Path, options: ReadOptions, folder: Path, limits: Limits) -> dict[str, Any]:
    return {
        "path": str(path.resolve()),
        "folder": str(folder.resolve()),
        "options": options.model_dump(mode="json"),
        "parent": os.getpid(),
        "memory": limits.memory,
        "seconds": limits.seconds,
    }


def _run(request: dict[str, Any], path: Path, limits: Limits, stopping: Stopping) -> int:
    """Run the child to its end and return its exit status; negative for a signal."""
    environment = {
        key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR", "TANDEM_MAX_COLUMNS") if key in os.environ
    }
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "RUST_BACKTRACE": "0", **_few_threads()}
    command = [sys.executable, "-P", "-m", "engine.data.parsing"]
    child = Child(command, Path(request["folder"]), environment, Output())
    try:
        with stopping(child.kill):
            child.send(request, last=True)
            ending = child.work(Bounds(limits.seconds))
    finally:
        child.close()
    if ending.how == "late":
        raise UnreadableFileError(
            f"Reading {path.name} took more than {limits.seconds} s and was stopped.", hint="Split the file."
        )
    return ending.status or 0


def _few_threads() -> dict[str, str]:
    """Return what keeps a machine with many cores from reserving the child's whole address space for threads."""
    threads = str(min(os.cpu_count() or 1, MOST_THREADS))
    return {"POLARS_MAX_THREADS": threads, "OMP_NUM_THREADS": threads, "MALLOC_ARENA_MAX": threads}


def _error(status: int, path: Path, folder: Path, limits: Limits) -> DataError:
    answer = folder / "error.json"
    if status == REFUSED and answer.is_file():
        said = json.loads(answer.read_bytes())
        if said["sentence"] == "disk full":
            return disk_full(path, folder)
        return UnreadableFileError(said["sentence"], hint=said["hint"])
    if status == -signal.SIGXCPU:
        return UnreadableFileError(
            f"Reading {path.name} took more than {limits.seconds} s and was stopped.", hint="Split the file."
        )
    how = f"was stopped by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
    return UnreadableFileError(
        f"The parser of {path.name} {how}, so nothing was stored.",
        hint=f"The file may be damaged, or need more than {limits.memory >> 20} MiB to read.",
    )


def disk_full(path: Path, folder: Path) -> DataError:
    """Return the error that says how much room a file needs."""
    needed, free = bytes_needed(path), shutil.disk_usage(folder).free
    return DataError(
        f"The disk is full: storing {path.name} needs about {needed} bytes, and {free} are free.",
        hint="Free some space, or move the workspace to a larger disk.",
    )


def bytes_needed(path: Path) -> int:
    """Return about how many bytes storing a file takes: its table, and its scratch files when it is large."""
    from engine.data.parsing.delimited import IN_MEMORY

    size = path.stat().st_size
    return (size * 2 if size > IN_MEMORY else size) + (1 << 16)
