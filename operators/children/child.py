"""One child process: started, watched while it works, and ended with all that it started."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from operators.children.family import Family
from operators.children.inside import is_ready
from operators.children.output import Output

LOOK_S = 0.05
"""Seconds between two looks at the memory: with memory written at 2 GB/s, it is 100 MB beyond its limit at most."""
POLL_S = 0.02
FOLDER_S = 0.5
"""Seconds between two looks at the size of the folder."""


@dataclass(frozen=True)
class Limits:
    """What a child may take.

    Args:
        seconds: Wall time of one piece of work.
        memory_bytes: Memory of the child and of all that it starts, together; 0 means that nobody looks.
        folder_bytes: Files in its folder, together; 0 means that nobody looks.
    """

    seconds: float
    memory_bytes: int = 0
    folder_bytes: int = 0


@dataclass(frozen=True)
class Ending:
    """How a piece of work ended.

    Args:
        how: `answered` with a line; `ended` by itself; else it was killed: `late`, beyond its `memory`, with too many
            bytes in `files`, or `cancelled`.
        status: Exit status, negative for a signal; None while the child lives.
        took: Bytes, for `memory` and `files`.
    """

    how: Literal["answered", "ended", "late", "memory", "files", "cancelled"]
    status: int | None = None
    took: int = 0


class Child:
    """A process in a session of its own, with a pipe at its standard input by which it notices the end of this one.

    Args:
        command: What it runs.
        folder: Where it works.
        environment: All of its environment.
        output: Takes what it writes to standard output and standard error.
    """

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], output: Output) -> None:
        self.folder, self.output = folder, output
        self._process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if output.errors else subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        os.set_blocking(self._process.stdout.fileno(), False)
        self._open = True
        self.family = Family(self._process.pid)

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def send(self, request: Mapping[str, Any], *, last: bool = False) -> None:
        """Write a line of JSON to its standard input; one that is dead already will be found so by `work`.

        Args:
            request: What is asked.
            last: Close standard input behind it; such a child is to bind its life to this process by other means.
        """
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            if last:
                self._process.stdin.close()

    def work(self, limits: Limits, cancelled: Callable[[], bool] = lambda: False) -> Ending:
        """Wait until it has answered or ended; kill it when it takes more than it may, or `cancelled` says so."""
        deadline = time.monotonic() + limits.seconds
        looks = _Looks(self.family, self.folder, limits)
        while True:
            self._take(POLL_S)
            if self.output.answered:
                return Ending("answered")
            if not self.alive:
                return self._over("ended")
            if time.monotonic() > deadline:
                return self._over("late")
            if cancelled():
                return self._over("cancelled")
            if beyond := looks.beyond():
                return self._over(*beyond)

    def kill(self) -> None:
        """End it and all that it started; may be called from any thread, and more than once."""
        self.family.kill()

    def close(self) -> None:
        """Kill it, wait for its end, and take what it has still written."""
        self.kill()
        self._process.wait()
        self.kill()  # those that were being born meanwhile
        if self._open and self._process.stdout is not None:
            self._take(0.0)
            self._process.stdout.close()
            self._open = False
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()

    def _over(self, how: Literal["ended", "late", "memory", "files", "cancelled"], took: int = 0) -> Ending:
        self.close()
        return Ending(how, self._process.returncode, took)

    def _take(self, seconds: float) -> None:
        """Take what it has written, waiting for it at most so long."""
        if not self._open or self._process.stdout is None:
            time.sleep(seconds)
            return
        descriptor = self._process.stdout.fileno()
        if is_ready(descriptor, seconds) and not self.output.take(descriptor):
            self._process.stdout.close()
            self._open = False
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)


class _Looks:
    """Looks now and then at what a child takes."""

    def __init__(self, family: Family, folder: Path, limits: Limits) -> None:
        self._family, self._folder, self._limits = family, folder, limits
        self._memory_at = self._files_at = time.monotonic()

    def beyond(self) -> tuple[Literal["memory", "files"], int] | None:
        """Return what is more than it may be, and its bytes."""
        now = time.monotonic()
        if self._limits.memory_bytes and now - self._memory_at > LOOK_S:
            self._memory_at = now
            if (took := self._family.memory()) > self._limits.memory_bytes:
                return "memory", took
        if self._limits.folder_bytes and now - self._files_at > FOLDER_S:
            took = size_of(self._folder)
            self._files_at = now + 10 * (time.monotonic() - now)  # many files take long to look at: seldom, then
            if took > self._limits.folder_bytes:
                return "files", took
        return None


def size_of(folder: Path) -> int:
    """Return the bytes on disk of the files in a folder; an empty one counts 4 KiB, for its name and its inode."""
    found, seen, places = 0, set(), [str(folder)]
    while places:
        with suppress(OSError), os.scandir(places.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    file = entry.stat(follow_symlinks=False)
                    found += max(file.st_blocks * 512, 4096) if file.st_ino not in seen else 0
                    seen.add(file.st_ino)
                    if entry.is_dir(follow_symlinks=False):
                        places.append(entry.path)
    return found
