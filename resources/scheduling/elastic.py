"""How one device is divided among tasks that can do with less than their peak."""

from collections.abc import Sequence
from typing import NamedTuple

_MOST = 16
"""Priorities beyond this weigh no more."""


class Claim(NamedTuple):
    """What one task may have of a device, in ten-thousandths: at least `least`, at most `peak`; `weight` above 0."""

    least: int
    peak: int
    weight: float


def weight_of(priority: int) -> float:
    """Return what a priority weighs: each step doubles it."""
    return float(2.0 ** max(-_MOST, min(_MOST, priority)))


def divide(capacity: int, claims: Sequence[Claim]) -> list[int] | None:
    """Return everybody's share of a device: all at their peak while the peaks fit, otherwise by weight.

    Water-filling: shares are proportional to the weights, but for those that are held at their least or their peak.
    Nothing is left over unless all are at their peak.

    Args:
        capacity: Ten-thousandths to divide, at least 0.
        claims: In a fixed order, which decides who gets what rounding leaves.

    Returns:
        A share per claim, or None where not even the least of all fit.
    """
    if sum(claim.least for claim in claims) > capacity:
        return None
    if sum(claim.peak for claim in claims) <= capacity:
        return [claim.peak for claim in claims]
    level = _level(capacity, claims)
    shares = [max(claim.least, min(claim.peak, int(level * claim.weight))) for claim in claims]
    left = capacity - sum(shares)
    for at in sorted(range(len(claims)), key=lambda one: level * claims[one].weight < claims[one].least):
        more = max(0, min(left, claims[at].peak - shares[at], 1))
        shares[at] += more
        left -= more
    return shares


def _level(capacity: int, claims: Sequence[Claim]) -> float:
    """Return the share per weight at which all is divided; who would be beyond a limit is held there."""
    free, left = list(claims), float(capacity)
    while True:
        level = left / sum(claim.weight for claim in free)
        short = sum(max(0.0, claim.least - level * claim.weight) for claim in free)
        over = sum(max(0.0, level * claim.weight - claim.peak) for claim in free)
        if short >= over:
            held = [claim for claim in free if level * claim.weight < claim.least]
            left -= sum(claim.least for claim in held)
        else:
            held = [claim for claim in free if level * claim.weight > claim.peak]
            left -= sum(claim.peak for claim in held)
        if not held or len(held) == len(free):
            return level
        free = [claim for claim in free if claim not in held]
