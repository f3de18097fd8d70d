"""The watchdog: looks at what each task takes, warns, then stops who takes more than its share, and nobody else."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, Self

from resources.enforcement.limits import Limits
from resources.shares import readable_bytes

EVERY_S = 0.05
"""Seconds between two looks: with memory written at 2 GB/s, one task is 100 MB beyond its share at most."""
WARN_AT = 0.9

_log = logging.getLogger(__name__)


class Gauge(Protocol):
    """Reads what processes take."""

    def memory(self, pid: int) -> int:
        """Return the bytes that a process and all it started have in memory; 0 where it is no more."""

    def gpu_memory(self) -> Mapping[int, Mapping[int, int]]:
        """Return the bytes of each GPU's memory that each process has: `{index: {pid: bytes}}`."""

    def family(self, pid: int) -> set[int]:
        """Return a process and all that it started."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the watchdog found of one task.

    Attributes:
        what: `warn` at nine tenths of the share, `stop` beyond it.
        of: `memory`, or `gpu0` and so on.
        took: In bytes.
        share: In bytes.
    """

    token: str
    pid: int
    what: Literal["warn", "stop"]
    of: str
    took: int
    share: int

    @property
    def sentence(self) -> str:
        """What is told of a task that was stopped."""
        took, share = readable_bytes(self.took), readable_bytes(self.share)
        if self.of == "memory":
            return f"It took {took} of memory, and its share is {share}."
        return f"It took {took} of the memory of {self.of}, and its share is {share}."


@dataclass(frozen=True, slots=True)
class Begun:
    """What a worker notes when it begins a task.

    Attributes:
        memory: Bytes it has already: libraries, and what earlier tasks of a warm worker have left. They are not the
            task's.
    """

    pid: int
    memory: int = 0

    def write(self, note: Path) -> None:
        """Write it so that nobody reads half of it."""
        half = note.with_suffix(".half")
        half.write_text(f"{self.pid} {self.memory}")
        half.replace(note)

    @classmethod
    def read(cls, note: Path) -> Self | None:
        """Return what a worker has noted; None while it has not begun, and where that cannot be read."""
        try:
            return cls(*map(int, note.read_text().split()))
        except (OSError, ValueError, TypeError):
            return None


@dataclass
class Watch:
    """Judges what tasks take; knows no clock and no process.

    Args:
        gauge: Reads what they take.
        tasks: By token the note in which the worker writes that it has begun, and the limits.
        warned: Who was warned of what.
    """

    gauge: Gauge
    tasks: dict[str, tuple[Path, Limits]] = field(default_factory=dict)
    warned: set[tuple[str, str]] = field(default_factory=set)

    def look(self) -> list[Verdict]:
        """Return what is new since the last look: a warning once, a stop until the task is followed no more."""
        tasks = [(token, begun, limits) for token, (note, limits) in self.tasks.items() if (begun := Begun.read(note))]
        cards = self.gauge.gpu_memory() if any(limits.gpus for _, _, limits in tasks) else {}
        found = [
            self._judge(token, begun.pid, *taken)
            for token, begun, limits in tasks
            for taken in self._taken(begun, limits, cards)
        ]
        return [verdict for verdict in found if verdict is not None]

    def forget(self, token: str) -> None:
        """Look at a task no more."""
        self.tasks.pop(token, None)
        self.warned = {pair for pair in self.warned if pair[0] != token}

    def _taken(
        self, begun: Begun, limits: Limits, cards: Mapping[int, Mapping[int, int]]
    ) -> Iterable[tuple[str, int, int]]:
        if limits.memory:
            yield "memory", self.gauge.memory(begun.pid) - begun.memory, limits.memory
        family = self.gauge.family(begun.pid) if limits.gpus else set()
        for index, share in limits.gpus.items():
            yield f"gpu{index}", sum(cards.get(index, {}).get(one, 0) for one in family), share

    def _judge(self, token: str, pid: int, of: str, took: int, share: int) -> Verdict | None:
        if took > share:
            return Verdict(token, pid, "stop", of, took, share)
        if took > share * WARN_AT and (token, of) not in self.warned:
            self.warned.add((token, of))
            return Verdict(token, pid, "warn", of, took, share)
        return None


class Watchdog:
    """Watches on a thread of its own, which sleeps while there is nothing to watch.

    Args:
        stop: Ends a task that takes too much; called on the watchdog's thread, once for each task.
        gauge: Reads what tasks take.
        warn: Tells of one that is close to its share; a line of the log when None.
        every_s: Seconds between two looks.
    """

    def __init__(
        self,
        stop: Callable[[Verdict], None],
        gauge: Gauge,
        warn: Callable[[Verdict], None] | None = None,
        every_s: float = EVERY_S,
    ) -> None:
        self._stop, self._warn, self._every_s = stop, warn or _tell, every_s
        self._watch = Watch(gauge)
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._over = False
        self._thread = threading.Thread(target=self._go, name="watchdog", daemon=True)
        self._thread.start()

    def follow(self, token: str, note: Path, limits: Limits) -> None:
        """Look at a task from now on, as soon as its worker has written `note`."""
        with self._lock:
            self._watch.tasks[token] = (note, limits)
        self._something.set()

    def forget(self, token: str) -> None:
        """Look at a task no more."""
        with self._lock:
            self._watch.forget(token)

    def close(self) -> None:
        """End the thread."""
        self._over = True
        self._something.set()
        self._thread.join()

    def _go(self) -> None:
        while not self._over:
            self._something.wait()
            for verdict in self._look():
                self._tell(verdict)
            time.sleep(self._every_s)

    def _look(self) -> list[Verdict]:
        """Return what is new; where a look fails, the next is tried."""
        with self._lock:
            try:
                verdicts = self._watch.look()
            except Exception:  # noqa: BLE001 - what the system answers must not end the watch
                _log.exception("A look at what tasks take failed.")
                return []
            for verdict in verdicts:
                if verdict.what == "stop":
                    self._watch.forget(verdict.token)
            if not self._watch.tasks and not self._over:
                self._something.clear()
        return verdicts

    def _tell(self, verdict: Verdict) -> None:
        """Stop or warn a task; where that fails, the others are watched on."""
        try:
            (self._stop if verdict.what == "stop" else self._warn)(verdict)
        except Exception:  # noqa: BLE001 - what others do must not end the watch
            _log.exception("%s takes too much, and could not be stopped or warned.", verdict.token)


def _tell(verdict: Verdict) -> None:
    _log.warning("%s is close to its share of %s: %s", verdict.token, verdict.of, verdict.sentence)
