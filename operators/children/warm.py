"""Children that are kept warm: each does one piece of work at a time, and waits for the next."""

import atexit
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from operators.children import folders
from operators.children.child import Child, Ending, Limits
from operators.children.output import Answers
from operators.children.program import program

IDLE_S: Final = 120.0
"""Seconds after which a child that has nothing to do is ended."""
MOST_IDLE: Final = 2
HEAVY: Final = 384 << 20
"""Bytes of memory with which a child is not kept: what it has is given back by its end alone."""
TRIES: Final = 3
"""How often work may be killed by somebody else: one that takes long may meet it twice."""
START_S: Final = 60.0
"""Seconds that a child has to start, beside those for its work."""


class WarmChildren:
    """Starts children where none is idle, and keeps some that have done their work well.

    Args:
        most_idle: Children that are kept.
        idle_s: Seconds that each is kept.
    """

    def __init__(self, most_idle: int = MOST_IDLE, idle_s: float = IDLE_S) -> None:
        self._most_idle, self._idle_s = most_idle, idle_s
        self._lock = threading.Lock()
        self._idle: list[tuple[float, Child]] = []
        self._reaping = False
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._forget)

    def work(
        self,
        request: Mapping[str, Any],
        limits: Limits,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        tries: int = TRIES,
    ) -> dict[str, Any] | Ending:
        """Let a child do a piece of work; return its answer, or how it was ended without one.

        Where somebody else killed it, another child does it: all that it does is to read.

        Args:
            request: What is asked; `do` names the work, see `operators.children.serve`.
            limits: Beyond them the child is killed; its start does not count.
            cancelled: Looked at while waiting.
            tries: How often it may be killed before that is told.
        """
        child, reused = self._lent(cancelled)
        if isinstance(child, Ending):
            return child
        try:
            child.send(request)
            ending = child.work(limits, cancelled)
            if ending.how != "answered" or not isinstance(child.output, Answers):
                self._end(child)
                if ending.how == "ended" and (reused or (ending.status == -signal.SIGKILL and tries > 1)):
                    return self.work(request, limits, cancelled=cancelled, tries=tries if reused else tries - 1)
                return ending
            answer: dict[str, Any] = json.loads(child.output.line())
        except BaseException:
            self._end(child)
            raise
        self._keep(child)
        return answer

    def close(self) -> None:
        """End those that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, child in idle:
            self._end(child)

    @property
    def idle(self) -> list[Child]:
        """Those that wait for work."""
        with self._lock:
            return [child for _, child in self._idle]

    def _lent(self, cancelled: Callable[[], bool]) -> tuple[Child | Ending, bool]:
        """Return a child that is ready for work, or how one ended that should have been; and whether it has waited."""
        while True:
            with self._lock:
                child = self._idle.pop()[1] if self._idle else None
            if child is None:
                return _started(cancelled), False
            if child.alive:
                return child, True
            self._end(child)

    def _keep(self, child: Child) -> None:
        """Let a child wait for work, unless there are enough, or it has grown."""
        kept = child.alive and child.family.memory() < HEAVY
        with self._lock:
            if kept := kept and len(self._idle) < self._most_idle:
                self._idle.append((time.monotonic(), child))
                if not self._reaping:
                    self._reaping = True
                    threading.Thread(target=self._reap, name="warm children", daemon=True).start()
        if not kept:
            self._end(child)

    def _reap(self) -> None:
        """End those that have waited for too long, until none waits."""
        while self._reaping:
            time.sleep(self._idle_s / 4)
            with self._lock:
                before = time.monotonic() - self._idle_s
                stale = [child for since, child in self._idle if since < before]
                self._idle = [(since, child) for since, child in self._idle if since >= before]
                self._reaping = bool(self._idle)
            for child in stale:
                self._end(child)

    def _end(self, child: Child) -> None:
        child.close()
        folders.remove(child.folder)

    def _forget(self) -> None:
        """After a fork the children belong to the parent alone."""
        self._lock, self._idle, self._reaping = threading.Lock(), [], False


def _started(cancelled: Callable[[], bool]) -> Child | Ending:
    """Start a child and wait until it has loaded its libraries; return how it ended where it did not come so far."""
    text = program(
        "operators.children.serve",
        "operators.children.inside",
        "operators.children.measuring",
        "operators.children.box",
        "operators.children.answering",
    )
    folder = folders.made()
    output = Answers()
    try:
        child = Child([sys.executable, "-I", "-B", "-c", text], folder, _environment(str(folder)), output)
        ending = child.work(Limits(START_S), cancelled)
    except BaseException:
        folders.remove(folder)
        raise
    if ending.how != "answered":
        folders.remove(folder)
        return ending
    output.line()
    return child


def _environment(folder: str) -> dict[str, str]:
    """Return the whole environment of a child: nothing of this process's own but where its libraries are found."""
    found = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
    return {
        **found,
        "HOME": folder,
        "TMPDIR": folder,
        "MALLOC_ARENA_MAX": "4",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "2",
    }


CHILDREN: Final = WarmChildren()
"""Those of this process."""
