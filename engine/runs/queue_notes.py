"""What the engine tells of its queue: why attempts wait, and what was decided on whom."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from engine.records import Records, usage, waits
from engine.records.usage import UsageRow
from engine.records.waits import DecisionRow, WaitRow
from engine.runs.orders import WorkOrder
from resources.scheduling.decisions import Decision
from resources.scheduling.reasons import Reason
from resources.shares import Amount

EVERY_S = 1.0
"""Seconds between two looks."""
SAMPLE_S = 5.0
"""Seconds between two entries of the history."""
KEPT_S = 7 * 86_400.0
"""Seconds for which the history is kept."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken of an environment: shares with those of services, and stages that run and wait."""

    share: Amount
    running: int
    waiting: int


@runtime_checkable
class Queue(Protocol):
    """An executor whose attempts wait for shares."""

    def why_waiting(self) -> dict[str, tuple[WorkOrder, Reason]]:
        """Return why each attempt waits that has no share yet, by token."""

    def taken(self) -> dict[str, Taken]:
        """Return what is taken of each environment now."""

    def new_decisions(self) -> list[tuple[WorkOrder, Decision, float]]:
        """Return what was decided since the last call, each with the seconds that have gone by since."""


class QueueNotes:
    """Writes into the records what has changed of a queue, once a second.

    Args:
        records: Of the workspace.
        queue: The executor.
        now: Seconds since 1970.
    """

    def __init__(self, records: Records, queue: Queue, now: Callable[[], float] = time.time) -> None:
        self._records, self._queue, self._now = records, queue, now
        self._looked = 0.0
        self._told: dict[str, str] | None = None
        self._taken: dict[str, Taken] = {}
        self._sampled = 0.0

    def note(self) -> None:
        """Look, if it is time, and write what is new."""
        if time.monotonic() - self._looked < EVERY_S:
            return
        self._looked = time.monotonic()
        waiting = self._queue.why_waiting()
        sentences = {token: reason.sentence for token, (_, reason) in waiting.items()}
        decided = self._queue.new_decisions()
        now = self._now()
        self._sample(now)
        if sentences == self._told and not decided:
            return
        rows = [WaitRow(token, order.environment, reason.document(), now) for token, (order, reason) in waiting.items()]
        with self._records.write() as connection:
            waits.tell(connection, rows)
            waits.decided(connection, [_row(order, one, now - ago) for order, one, ago in decided])
        self._told = sentences

    def _sample(self, now: float) -> None:
        """Write what is taken where that has changed, a while after the last time at the earliest."""
        taken = self._queue.taken()
        if taken == self._taken or now - self._sampled < SAMPLE_S:
            return
        rows = [
            UsageRow(now, name, one.share.cpu, one.share.gpu, one.share.memory, one.running, one.waiting)
            for name, one in taken.items()
            if one != self._taken.get(name)
        ]
        with self._records.write() as connection:
            usage.note(connection, rows)
            usage.forget(connection, now - KEPT_S)
        self._taken, self._sampled = taken, now


def _row(order: WorkOrder, one: Decision, at: float) -> DecisionRow:
    return DecisionRow(
        at, order.run, order.stage, one.environment, one.what, one.devices, one.policy, one.why, one.whom, one.waited,
        one.share, one.alternatives,
    )  # fmt: skip
