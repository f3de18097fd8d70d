"""Policies: in which order tasks get their share, where, and what may be done to those that run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resources.errors import PlacementError
from resources.scheduling.entries import Running, Waiting

AGE_S = 600.0
"""Seconds of waiting that count as one step of priority, so that nobody waits for ever."""
SERVICE = (900.0, 14_400.0)
"""GPU-seconds at which a task falls to the next queue of least attained service (Gu et al., "Tiresias", NSDI 2019)."""
SHORTEST_S = 30.0
"""Expected seconds below which tasks count as equally short."""
UNKNOWN_S = 1800.0
"""Taken for tasks of which nobody knows how long they run."""

Key = tuple[float, ...]
Use = Mapping[str, float]
"""GPU-seconds of late by project."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a pool decides.

    Attributes:
        key: Orders those that wait, smallest first: of an entry, the time, and what projects have used.
        rank: How urgent a task is when somebody must make room: those that run give way to a higher rank.
        placer: A name of `PLACERS`.
        overtaking: Whether a later task may start where an earlier one does not fit.
        making_room: Whether tasks that allow it are paused for a higher rank.
        searching: Whether the order of those that wait is searched.
    """

    name: str
    key: Callable[[Waiting, float, Use], Key]
    rank: Callable[[Waiting | Running], float]
    placer: str = "fgd"
    overtaking: bool = True
    making_room: bool = True
    searching: bool = False


def _arrival(entry: Waiting, _now: float, _use: Use) -> Key:
    return (entry.number,)


def _priority(entry: Waiting, now: float, _use: Use) -> Key:
    return (-entry.task.priority - entry.waited(now) / AGE_S, entry.number)


def _fair(entry: Waiting, now: float, use: Use) -> Key:
    used = use.get(entry.task.project, 0.0) / (1 + entry.waited(now) / AGE_S)
    return (-entry.task.priority, used, entry.number)


def _service(entry: Waiting, now: float, _use: Use) -> Key:
    aged = int(entry.waited(now) / (4 * AGE_S))
    return (-entry.task.priority, _queue(entry.attained) - aged, entry.number)


def _expected(entry: Waiting, now: float, use: Use) -> Key:
    """Order by least attained service, and among equals the shortest expected first."""
    expected = max(SHORTEST_S, entry.task.expected_s or UNKNOWN_S)
    return (*_service(entry, now, use)[:2], expected, entry.number)


def _by_priority(entry: Waiting | Running) -> float:
    return entry.task.priority


def _by_service(entry: Waiting | Running) -> float:
    return entry.task.priority * 10 - _queue(entry.attained)


def _queue(attained: float) -> int:
    return sum(attained > limit for limit in SERVICE)


POLICIES: dict[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy("fifo", _arrival, _by_priority, "best_fit", overtaking=False, making_room=False),
        Policy("best_fit", _priority, _by_priority, "best_fit"),
        Policy("fgd", _priority, _by_priority),
        Policy("fair_share", _fair, _by_priority),
        Policy("las", _service, _by_service),
        Policy("forecast", _expected, _by_service),
        Policy("swarm", _priority, _by_priority, searching=True),
    )
}
"""Policies by name."""


def policy_of(name: str) -> Policy:
    """Return the policy of this name.

    Raises:
        PlacementError: There is none.
    """
    if name not in POLICIES:
        raise PlacementError(f"There is no scheduling policy {name!r}.", hint=f"There are {', '.join(POLICIES)}.")
    return POLICIES[name]
