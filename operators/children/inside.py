"""What a child process does to itself before it works: ends with its parent, keeps to limits, writes in few folders.

Imports the standard library alone: its text is handed to isolated interpreters that import nothing of this project.
"""

import ctypes
import os
import queue
import resource
import select
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Mapping

DEATH_SIGNAL, NO_NEW_PRIVILEGES, SUBREAPER = 1, 38, 36
"""PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS and PR_SET_CHILD_SUBREAPER of prctl(2)."""
CREATE_RULES, ADD_RULE, RESTRICT = 444, 445, 446
"""System calls of Landlock: landlock_create_ruleset, landlock_add_rule, landlock_restrict_self."""
WRITES = (1 << 1) | sum(1 << bit for bit in range(4, 13))
"""Rights of Landlock's first version that change files: write, remove (two), make (seven)."""
REFER, TRUNCATE = 1 << 13, 1 << 14
"""Rights that its second and third version added: to link and rename between folders, to truncate."""
LOOK_S = 2.0
"""Seconds between two looks whether the parent is still the same."""
LATER = 5
"""Seconds between the signal that says that the processor time is over, and the end."""
OF_A_FILE = (1 << 1) | TRUNCATE


def die_with(parent: int) -> None:
    """Let the kernel kill this process when the thread of `parent` that started it ends, or `parent` does."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Let processes whose parent has ended become children of this one, so that they stay in its family."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, 1)


def limit(limits: Mapping[str, int]) -> None:
    """Set limits by the names of `setrlimit`, such as `{"CPU": seconds}`; never above those that hold already."""
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        most = bound + LATER if name == "CPU" and hard == resource.RLIM_INFINITY else bound
        resource.setrlimit(kind, (bound, most))


def lines(at_end: Callable[[], object]) -> "queue.SimpleQueue[bytes]":
    """Take standard input away and return the lines that arrive there.

    Args:
        at_end: Called before this process ends because standard input has: the parent, who alone holds the other end,
            has closed it or is dead.
    """
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lifeline, os.getppid(), arrived, at_end), daemon=True).start()
    return arrived


def is_ready(descriptor: int, seconds: float) -> bool:
    """Return whether something can be read, waiting for it at most so long; `select` fails beyond 1,024 open files."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(1000 * seconds))


def _read(lifeline: int, parent: int, arrived: "queue.SimpleQueue[bytes]", at_end: Callable[[], object]) -> None:
    begun = b""
    try:
        while os.getppid() == parent:
            if not is_ready(lifeline, LOOK_S):
                continue  # a copy of the parent may hold the other end open when the parent is gone
            if not (chunk := os.read(lifeline, 2**16)):
                break
            *whole, begun = (begun + chunk).split(b"\n")
            for line in whole:
                arrived.put(line)
        at_end()
    finally:
        os._exit(1)


def write_only_in(folders: Iterable[str], files: Iterable[str] = ()) -> bool:
    """Forbid this process and all it starts to change files elsewhere; return whether the kernel can do that.

    To be called before other threads start: Landlock binds the thread that asks and those that it starts.

    Args:
        folders: Where files may be made, changed and removed.
        files: Single files, such as devices, that may be written to.
    """
    if sys.platform != "linux":
        return False
    system = ctypes.CDLL(None, use_errno=True)
    version = system.syscall(CREATE_RULES, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    rights = WRITES | (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)  # noqa: PLR2004 - its versions
    attributes = struct.pack("=Q", rights)
    rules = system.syscall(CREATE_RULES, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    allowed = [*((path, rights) for path in folders), *((path, rights & OF_A_FILE) for path in files)]
    for path, granted in allowed:
        _allow(system, rules, path, granted)
    system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = bool(system.syscall(RESTRICT, rules, 0) == 0)
    os.close(rules)
    return done


def _allow(system: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    """Add a rule for what lies beneath `path`, where that is there."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rule = struct.pack("=Qi", rights, place)
    system.syscall(ADD_RULE, rules, 1, rule, 0)
    os.close(place)
