"""The two clocks of the driver: one to show, one to measure."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """`now` is the time of day in seconds since 1970 and may jump; `elapsed` only ever grows."""

    now: Callable[[], float] = time.time
    elapsed: Callable[[], float] = time.monotonic
