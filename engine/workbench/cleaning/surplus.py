"""Which of the things that are kept have to go: those that are too old, then the oldest while there is too much."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """One file or folder that is kept.

    Args:
        name: Where it is, in its store.
        bytes: What it takes.
        used: When it was used last, seconds since 1970.
        needed: Whether something needs it, so that it stays whatever its age.
    """

    name: str
    bytes: int
    used: float
    needed: bool = False


def surplus(kept: Sequence[Kept], now: float, age_s: float | None, limit: int | None) -> list[Kept]:
    """Return what has to go, those that were used longest ago first.

    Args:
        kept: All that a store holds.
        now: Seconds since 1970.
        age_s: Seconds after which what nobody needs goes; None for never.
        limit: Bytes that all may take together; None for any number. What is needed counts, and stays.
    """
    gone: list[Kept] = []
    total = sum(one.bytes for one in kept)
    for one in sorted((one for one in kept if not one.needed), key=lambda one: (one.used, one.name)):
        too_old = age_s is not None and one.used <= now - age_s
        if too_old or (limit is not None and total > limit):
            gone.append(one)
            total -= one.bytes
    return gone
