"""Run a user's script in a child process with limits.

`operators.script.isolation` says how far it is kept from the machine. At every level: a clean environment, no
standard input, limits on time, memory, file size and open files, a session of its own that is killed as a group, and
death with its parent. Tables go in and out as Arrow files; nothing is unpickled.
"""

import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl

from operators.errors import CancelledError, UserCodeError
from operators.script.isolation import USERS, Level, counts_alone, environment, level, python_at

_CHILD = Path(__file__).with_name("child.py")
_PROCESSES = 64  # processes and threads of a script, where it is alone with its user
_FILE_BYTES = 8 * 2**30
_RESERVED_BYTES = 2 * 2**30  # address space that allocators reserve and do not use
_PRINTED_BYTES = 64 * 2**10
_PREFIX = "tandem-script-"
_STALE_S = 2 * 86_400
_POLL_S = 0.02


@dataclass(frozen=True)
class Limits:
    """What a script may use.

    Args:
        seconds: Wall time, and CPU time of each of its processes.
        memory_bytes: Private memory of each of its processes.
    """

    seconds: float
    memory_bytes: int


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
        limits: Beyond them it is killed.
        cancelled: Looked at while waiting.

    Raises:
        UserCodeError: It failed, or overran its limits; the sentence names the line.
        CancelledError: `cancelled` said so.
    """
    used, user = level(), secrets.choice(USERS)
    with _folder() as folder:
        table.write_ipc(folder / "in.arrow")
        (folder / "code.py").write_text(code, encoding="utf-8")
        (folder / "task.json").write_text(json.dumps({"limits": _rlimits(limits, used)}), encoding="utf-8")
        for file in folder.iterdir():
            file.chmod(0o644)
        if used == "nobody":
            os.chown(folder, user, user)
        command = python_at(used, user, "-c", _CHILD.read_text(encoding="utf-8"))
        printed, status = _wait(command, folder, limits, cancelled)
        answer = _answer(folder, status, limits)
        if answer["error"] is not None:
            raise _failure(str(answer["error"]), answer.get("line"), printed)
        return Outcome(_result(folder), printed)


@contextmanager
def _folder() -> Iterator[Path]:
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders of scripts whose parent was killed; none runs for more than a day."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _STALE_S:
                shutil.rmtree(folder, ignore_errors=True)


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


def _wait(command: list[str], folder: Path, limits: Limits, cancelled: Callable[[], bool]) -> tuple[str, int]:
    """Run `command` to its end and return what it printed and its status."""
    with _Printed() as printed:
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(str(folder)),
            stdin=subprocess.PIPE,  # nothing is written there: the script ends when this process does
            stdout=printed.writable,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _until_done(child, printed, limits, cancelled)
        finally:
            _kill(child)
            printed.drain()
        return printed.text, child.returncode


def _until_done(
    child: "subprocess.Popen[bytes]", printed: "_Printed", limits: Limits, cancelled: Callable[[], bool]
) -> None:
    deadline = time.monotonic() + limits.seconds
    while True:
        printed.drain()
        with suppress(subprocess.TimeoutExpired):
            child.wait(_POLL_S)
            return
        if cancelled():
            raise CancelledError("The run was cancelled while a script worked.")
        if time.monotonic() > deadline:
            raise UserCodeError(
                f"The script took longer than {limits.seconds:g} s.",
                hint="Give it more time with timeout_s, or less to do.",
                field="code",
            )


def _kill(child: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdin is not None:
        child.stdin.close()


class _Printed:
    """A pipe whose beginning is kept; nobody waits for its end, which a process left behind may hold open."""

    def __init__(self) -> None:
        self._readable, self.writable = os.pipe()
        os.set_blocking(self._readable, False)
        self._kept = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._readable)
        os.close(self.writable)

    def drain(self) -> None:
        """Take what stands in the pipe, at most 16 MiB at once."""
        with suppress(BlockingIOError):
            for _ in range(256):
                chunk = os.read(self._readable, 2**16)
                self._kept += chunk[: _PRINTED_BYTES - len(self._kept)]

    @property
    def text(self) -> str:
        """What was kept, at most 64 KiB."""
        return bytes(self._kept).decode("utf-8", errors="replace")


def _answer(folder: Path, status: int, limits: Limits) -> dict[str, Any]:
    """Return what the child wrote, or why it could not."""
    with suppress(OSError, ValueError, UserCodeError):
        answer = json.loads(_read(folder / "answer.json", 2**16))
        if isinstance(answer, dict) and "error" in answer:
            return answer
    if status in {-signal.SIGXCPU, 128 + signal.SIGXCPU}:
        return {"error": f"The script used more than {limits.seconds:g} s of CPU time"}
    memory = limits.memory_bytes // 2**20
    return {"error": f"The script ended without an answer (status {status}); it may have used more than {memory} MB"}


def _result(folder: Path) -> pl.DataFrame:
    try:
        return pl.read_ipc(_read(folder / "out.arrow", _FILE_BYTES))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UserCodeError(
            "The script's result cannot be read.", hint="Return a plain DataFrame.", field="code"
        ) from error


def _read(path: Path, at_most: int) -> bytes:
    """Read a plain file that the script wrote, following no link."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > at_most:
            raise UserCodeError("The script's result is not a file of a fitting size.", field="code")
        return file.read()


def _failure(sentence: str, line: Any, printed: str) -> UserCodeError:
    where = f"Line {line}: " if isinstance(line, int) else ""
    last = printed.strip().splitlines()[-1][:200] if printed.strip() else ""
    told = f" It last printed: {last}" if last else ""
    return UserCodeError(
        f"{where}{sentence.rstrip('.')[:600]}.", hint=f"Mend the code; it is called as run(table).{told}", field="code"
    )
