"""Run a user's script in a child process with limits.

`operators.script.isolation` says how far it is kept from the machine. At every level: a clean environment, no
standard input, limits on time, files and open files, on memory of it and of all that it starts together, a session of
its own that is killed with whatever left it, death with its parent, and files in its own folder alone (where the kernel
has Landlock). Tables go in and out as Arrow files; nothing is unpickled, or unpacked here before it was measured.
"""

import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from operators.children import folders
from operators.children.child import Child, Limits
from operators.children.output import Printed
from operators.children.program import program
from operators.children.settings import MIB, setting
from operators.script.isolation import USERS, Level, counts_alone, environment, level, python_at
from operators.script.outcome import failure, stopped, told_by
from operators.script.result import result_of

__all__ = ["Limits", "Outcome", "run_script"]

_PROCESSES = 64  # processes and threads of a script, where it is alone with its user
_FILE_BYTES = 8 * 2**30
_RESERVED_BYTES = 2 * 2**30  # address space that allocators reserve and do not use
_PRINTED_BYTES = 64 * 2**10


@dataclass(frozen=True)
class Outcome:
    """What a script gave: its table, and what it printed (at most 64 KiB)."""

    table: pl.DataFrame
    printed: str


def run_script(code: str, table: pl.DataFrame, limits: Limits, cancelled: Callable[[], bool]) -> Outcome:
    """Run `code`, call its `run(table)`, and return what that returns.

    Args:
        code: Python that defines `run`; Polars is there as `pl`.
        table: Handed to it as a Polars frame.
        limits: Beyond them it is killed; memory is that of all its processes.
        cancelled: Looked at while waiting.

    Raises:
        UserCodeError: It failed, or overran its limits; the sentence names the line.
        CancelledError: `cancelled` said so.
    """
    used, user = level(), secrets.choice(USERS)
    bounds = Limits(limits.seconds, limits.memory_bytes, setting("SCRIPT_DISK_MB") * MIB)
    with folders.folder() as folder:
        table.write_ipc(folder / "in.arrow")
        (folder / "code.py").write_text(code, encoding="utf-8")
        task = {"limits": _rlimits(limits, used), "shared": _shared_memory()}
        (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        for file in folder.iterdir():
            file.chmod(0o644)
        if used == "nobody":
            os.chown(folder, user, user)
        text = program("operators.script.child", "operators.children.inside")
        command = python_at(used, user, "-c", text, shared_bytes=limits.memory_bytes)
        printed = Printed(_PRINTED_BYTES)
        child = Child(command, folder, environment(str(folder)), printed)
        try:
            ending = child.work(bounds, cancelled)
        finally:
            child.close()
        if ending.how != "ended":
            raise stopped(ending, bounds)
        error, line = told_by(folder, ending.status or 0, limits)
        if error is not None:
            raise failure(error, line, printed.last_line)
        return Outcome(result_of(folder / "out.arrow", limits), printed.text)


def _shared_memory() -> int:
    """Return the number of the file system of shared memory, which a script must not see; 0 where there is none."""
    with suppress(OSError):
        return Path("/dev/shm").stat().st_dev  # noqa: S108 - looked at, not used
    return 0


def _rlimits(limits: Limits, used: Level) -> dict[str, int]:
    found = {
        "CPU": int(limits.seconds) + 1,
        "DATA": limits.memory_bytes,
        "AS": limits.memory_bytes + _RESERVED_BYTES,
        "FSIZE": _FILE_BYTES,
        "NOFILE": 256,
        "CORE": 0,
    }
    return {**found, "NPROC": _PROCESSES} if counts_alone(used) else found
