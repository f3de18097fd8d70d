"""What passes between a job and those who watch it: how far it is, and that it shall stop."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.errors import EngineError

TELL_EVERY = 0.25
"""Seconds between two figures of the same step that are written down."""


class StoppedError(EngineError):
    """The job was asked to stop."""


class Progress:
    """One attempt at a job, as its task sees it.

    Args:
        job: Its id. Every attempt has the same, so a task that leaves something behind marks it with this and
            looks for the mark first: a job may be begun again after its engine died.
        folder: For files that the task leaves to those who look at the job; made by who writes there.
        told: What an earlier attempt told last.
        tell: Writes down what is told.
    """

    def __init__(
        self,
        job: str,
        folder: Path,
        *,
        told: Mapping[str, Any] | None = None,
        tell: Callable[[Mapping[str, Any]], None] = lambda _told: None,
    ) -> None:
        self.job = job
        self.folder = folder
        self.told: dict[str, Any] = dict(told or {})
        self._tell = tell
        self._last = float("-inf")
        self._stopped = threading.Event()
        self._stops: list[Callable[[], object]] = []
        self._lock = threading.Lock()

    def report(self, step: str, **figures: Any) -> None:
        """Tell where the work is.

        Args:
            step: A word of the family `step` in app/text/words.py: `reading`, `proving`, ...
            figures: JSON; `share` in [0, 1] is drawn as a bar.

        Raises:
            StoppedError: The job was asked to stop.
        """
        self.check()
        known = self.told.get("step") == step and set(figures) <= set(self.told)
        self.told |= {"step": step, **figures}
        if not known or time.monotonic() - self._last >= TELL_EVERY:
            self._last = time.monotonic()
            self._tell(self.told)

    def check(self) -> None:
        """Go on.

        Raises:
            StoppedError: The job was asked to stop.
        """
        if self.stopped:
            raise StoppedError("The job was stopped.")

    @property
    def stopped(self) -> bool:
        """True once the job was asked to stop."""
        return self._stopped.is_set()

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Have `stop` called, from another thread and perhaps more than once, when the job is asked to stop.

        Raises:
            StoppedError: It was asked before.
        """
        with self._lock:
            self.check()
            self._stops.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)

    def wait(self, seconds: float) -> None:
        """Wait, or less long where the job is asked to stop.

        Raises:
            StoppedError: It was.
        """
        self._stopped.wait(seconds)
        self.check()

    def stop(self) -> None:
        """Ask the job to stop; call it again as long as it goes on."""
        with self._lock:
            self._stopped.set()
            for stop in self._stops:
                stop()
