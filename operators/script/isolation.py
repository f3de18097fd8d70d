"""How far a script is kept from the machine: the strictest level that works here.

- `nobody` (as root, with unshare, setpriv and mount): no network, no privileges, no other processes in sight, a user
  of its own who can read only what everybody may, shared memory of its own, and nothing survives the script. Where this
  Python lies in a folder closed to others (such as /root), an empty folder with nothing but Python in it stands there
  for the script.
- `namespace` (as a user, where user namespaces are allowed): no network, shared memory of its own, and nothing
  survives; the files of this user can be read.
- `limits` (else): only the limits of `operators.script.sandbox` hold; a script may reach the network and read this
  user's files, and has no shared memory in `/dev/shm`.

At each level the kernel's Landlock, where there is one (Linux from 5.13 on), lets a script write in its own folder
alone.
"""

import functools
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Literal

Level = Literal["nobody", "namespace", "limits"]

USERS = range(61184, 65520)
"""Numbers that systems keep for passing users; a script gets one of them."""

_UNSHARED = ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
_STRIPPED = ["--clear-groups", "--no-new-privs", "--bounding-set=-all"]
_SHARED = '[ ! -d /dev/shm ] || mount -t tmpfs -o "mode=1777,size=$1" tmpfs /dev/shm 2>/dev/null || :; shift; '
_PROBE = "import os, sys, polars; sys.exit(os.__file__ != sys.argv[1])"


@functools.cache
def level() -> Level:
    """Return the strictest level that works on this machine; tried once per process (about 0.2 s)."""
    wanted: Level = "nobody" if os.geteuid() == 0 else "namespace"
    command = [*python_at(wanted, USERS[-1], "-c"), _PROBE, os.__file__]
    try:
        tried = subprocess.run(
            command,
            env=environment("/"),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "limits"
    return wanted if tried.returncode == 0 else "limits"


def python_at(at: Level, user: int, *arguments: str, shared_bytes: int = 2**20) -> list[str]:
    """Return the command that runs an isolated Python at a level.

    Args:
        at: The level.
        user: Number of the user it runs as, at `nobody`.
        arguments: Of Python.
        shared_bytes: Of the shared memory in `/dev/shm` that it has to itself, above `limits`.
    """
    python = [sys.executable, "-I", "-B", *arguments]
    if at == "nobody":
        switched = ["setpriv", f"--reuid={user}", f"--regid={user}", *_STRIPPED, *python]
        return [*_UNSHARED, "--mount", "sh", "-c", _SHARED + _opened(), "sh", str(shared_bytes), *switched]
    if at == "namespace":
        switched = ["setpriv", "--no-new-privs", *python]
        own = _SHARED + 'exec "$@"'
        return [*_UNSHARED, "--mount", "--map-root-user", "sh", "-c", own, "sh", str(shared_bytes), *switched]
    return python


def counts_alone(at: Level) -> bool:
    """Return whether the processes of a script are counted apart from those of other users and scripts."""
    major, minor = (int(part) for part in os.uname().release.split(".")[:2])
    return at == "nobody" or (at == "namespace" and (major, minor) >= (5, 14))  # namespaces count from 5.14 on


def environment(home: str) -> dict[str, str]:
    """Return the whole environment of a script: nothing of this process's own."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "POLARS_MAX_THREADS": str(min(os.cpu_count() or 1, 8)),
        "OPENBLAS_NUM_THREADS": "1",
    }


@functools.cache
def _opened() -> str:
    """Return shell commands that make this Python readable in a mount namespace of their own, then run "$@"."""
    steps = ["set -e"]
    needed = sorted({sys.base_prefix, sys.prefix})
    for closed in sorted({top for path in needed if (top := _closed_above(Path(path)))}):
        inside = [path for path in needed if Path(path).is_relative_to(closed)]
        room = shlex.quote(str(closed))
        for number, path in enumerate(inside):
            steps.append(f"exec {number + 3}< {shlex.quote(path)}")
        steps.append(f"mount -t tmpfs -o mode=0755,size=1m tmpfs {room}")
        for number, path in enumerate(inside):
            place = shlex.quote(path)
            steps.append(f"mkdir -p {place}; mount -c --bind /proc/self/fd/{number + 3} {place}; exec {number + 3}<&-")
    return "; ".join([*steps, 'exec "$@"'])


def _closed_above(path: Path) -> Path | None:
    """Return the topmost folder above `path` that others may not enter, or None."""
    return next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)
