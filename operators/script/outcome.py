"""What is said of a script that failed, was stopped, or ended in another way than it should."""

import json
import os
import signal
import stat
from pathlib import Path
from typing import Any

from operators.children.child import Ending, Limits
from operators.contract.errors import CancelledError, OperatorError, UserCodeError

LONGEST_ANSWER = 2**16
CRASHES = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE})
SHELL = 128
"""What shells add to the number of the signal that ended a program."""


def stopped(ending: Ending, limits: Limits) -> OperatorError:
    """Return the error of a script that was killed."""
    if ending.how == "cancelled":
        return CancelledError("The run was cancelled while a script worked.")
    took = ending.took >> 20
    if ending.how == "memory":
        most = limits.memory_bytes >> 20
        sentence = f"The script took {took} MiB of memory, all its processes together, and may take {most}."
        return UserCodeError(sentence, hint="Use fewer rows or processes, or set memory_mb.", field="memory_mb")
    if ending.how == "files":
        sentence = f"The script's files took {took} MiB of disk, and may take {limits.folder_bytes >> 20}."
        return UserCodeError(sentence, hint="Write less, or set TANDEM_SCRIPT_DISK_MB.", field="code")
    return UserCodeError(
        f"The script took longer than {limits.seconds:g} s.",
        hint="Give it more time with timeout_s, or less to do.",
        field="code",
    )


def told_by(folder: Path, status: int, limits: Limits) -> tuple[str | None, Any]:
    """Return the fault that a script that has ended has left, and its line; None where it has left a result."""
    try:
        raw = read_plain(folder / "answer.json", LONGEST_ANSWER)
    except OSError:
        return _without_answer(status, limits), None
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("error", 0), str | None):
        return "The file answer.json cannot be read: scripts leave it to their outcome.", None
    return answer["error"], answer.get("line")


def _without_answer(status: int, limits: Limits) -> str:
    number = -status if status < 0 else status - SHELL
    if number not in set(signal.Signals):
        return f"The script ended without an answer (status {status})."
    name = signal.Signals(number).name
    if number == signal.SIGXCPU:
        return f"The script used more than {limits.seconds:g} s of CPU time."
    if number in CRASHES:
        return f"The script crashed ({name})."
    return f"The script was ended by {name}; the machine may have run out of memory."


def failure(sentence: str, line: Any, last_printed: str) -> UserCodeError:
    """Return the error of a script that failed by itself."""
    where = f"Line {line}: " if isinstance(line, int) else ""
    told = f" It last printed: {last_printed}" if last_printed else ""
    return UserCodeError(
        f"{where}{sentence.rstrip('.')[:600]}.", hint=f"Mend the code; it is called as run(table).{told}", field="code"
    )


def read_plain(path: Path, at_most: int) -> bytes:
    """Read a plain file that a script wrote, following no link.

    Raises:
        OSError: There is none.
        UserCodeError: It is no file, has another name too, or is too large.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > at_most or found.st_nlink != 1:
            raise UserCodeError("The script's result is not a file of a fitting size.", field="code")
        return file.read()
