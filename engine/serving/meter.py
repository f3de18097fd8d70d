"""How a replica does: requests, answers by kind and how long they took, second by second and since it began.

A replica counts in memory, and writes what it counted beside the captures about once a second while requests come:
`captures/<service>/live-<process>-<birth>.json`, complete or not at all. So the figures outlive the replica, and
reading them costs it nothing. Times are counted in bins that grow by an eighth: a percentile is right to about 6 %.
What waits in Ray Serve's own queue before a replica, or is refused there (503), is not seen here.
"""

import json
import logging
import math
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger(__name__)
KEPT_SECONDS = 600
"""Seconds that the counts go back."""
WRITE_EVERY = 1.0
"""Seconds between two files, while requests come."""
SMALLEST = 1e-4
"""Seconds; what took less counts as this."""
GROWTH = 1.125
"""Each bin of times is this much wider than the one before."""
QUIET = frozenset({"/health", "/metrics", "/openapi.json"})
"""Routes that are no requests of users."""
PREFIX = "live-"


def bin_of(seconds: float) -> int:
    """Return the number of the bin of a duration, from 0."""
    return 0 if seconds <= SMALLEST else math.ceil(math.log(seconds / SMALLEST) / math.log(GROWTH))


def upper(number: int) -> float:
    """Return the upper edge of a bin, in seconds."""
    return float(SMALLEST * GROWTH**number)


@dataclass
class Second:
    """What came in one second: answered, refused (4xx), failed (5xx), and the times of all of them by bin."""

    at: int
    answered: int = 0
    refused: int = 0
    failed: int = 0
    times: Counter[int] = field(default_factory=Counter)

    def add(self, status: int, took: int) -> None:
        """Count one answer with its HTTP status and the bin of its time."""
        if status >= 500:  # noqa: PLR2004 # HTTP's own numbers
            self.failed += 1
        elif status >= 400:  # noqa: PLR2004
            self.refused += 1
        else:
            self.answered += 1
        self.times[took] += 1


class Meter:
    """Counts the requests of one replica, and writes the counts on a thread of its own.

    Args:
        folder: Where the file goes; made where it is missing. Nothing is written when None.
        version: Version of the model that answers.
        clock: Seconds since 1970.
    """

    def __init__(self, folder: Path | None, version: str, *, clock: Callable[[], float] = time.time) -> None:
        self.total = Second(0)
        self.seconds = 0.0
        self._folder = folder
        self._version = version
        self._clock = clock
        self._began = clock()
        self._recent: deque[Second] = deque(maxlen=KEPT_SECONDS)
        self._lock = threading.Lock()
        self._news, self._closed = threading.Event(), threading.Event()
        if folder is not None:
            threading.Thread(target=self._write_all, name="meter", daemon=True).start()

    def add(self, status: int, seconds: float) -> None:
        """Count one answer: its HTTP status, and how long it took in seconds."""
        now, took = int(self._clock()), bin_of(seconds)
        with self._lock:
            if not self._recent or self._recent[-1].at < now:
                self._recent.append(Second(now))
            self._recent[-1].add(status, took)
            self.total.add(status, took)
            self.seconds += seconds
        self._news.set()

    def document(self) -> dict[str, Any]:
        """Return the counts as JSON: one entry for each second in which something came."""
        since = int(self._clock()) - KEPT_SECONDS
        with self._lock:
            recent = [
                [one.at, one.answered, one.refused, one.failed, dict(one.times)]
                for one in self._recent
                if one.at >= since
            ]
        return {"version": self._version, "pid": os.getpid(), "began": self._began, "seconds": recent}

    def close(self) -> None:
        """Write what is not written yet, and end."""
        self._closed.set()
        self._news.set()
        if self._folder is not None:
            self._write(self._folder)

    def _write_all(self) -> None:
        assert self._folder is not None  # noqa: S101 # the thread is started for a folder
        while not self._closed.is_set():
            self._news.wait()
            if not self._closed.wait(WRITE_EVERY):
                self._news.clear()
                self._write(self._folder)

    def _write(self, folder: Path) -> None:
        target = folder / f"{PREFIX}{os.getpid()}-{int(self._began * 1000)}.json"
        partial = target.with_suffix(f".{threading.get_ident()}.partial")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(self.document(), separators=(",", ":")), "utf-8")
            partial.replace(target)
        except OSError as error:
            _LOG.warning("The figures of the service were not written: %s", error)
            with suppress(OSError):
                partial.unlink(missing_ok=True)


class Metered:
    """The application of a service, with each of its requests counted.

    Args:
        app: The application.
        meter: What counts.
    """

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; ASGI."""
        # Behind a prefix, `path` still has it: the route is what is left.
        if scope["type"] != "http" or str(scope["path"]).removeprefix(scope.get("root_path", "")) in QUIET:
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            self._meter.add(status, time.perf_counter() - began)
