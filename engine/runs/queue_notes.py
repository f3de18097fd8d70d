"""What the engine tells of its queue: why attempts wait, and what was decided on whom."""

import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from engine.records import Records, waits
from engine.records.waits import DecisionRow, WaitRow
from engine.runs.orders import WorkOrder
from resources.scheduling.decisions import Decision
from resources.scheduling.reasons import Reason

EVERY_S = 1.0
"""Seconds between two looks."""


@runtime_checkable
class Queue(Protocol):
    """An executor whose attempts wait for shares."""

    def why_waiting(self) -> dict[str, tuple[WorkOrder, Reason]]:
        """Return why each attempt waits that has no share yet, by token."""

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

    def note(self) -> None:
        """Look, if it is time, and write what is new."""
        if time.monotonic() - self._looked < EVERY_S:
            return
        self._looked = time.monotonic()
        waiting = self._queue.why_waiting()
        sentences = {token: reason.sentence for token, (_, reason) in waiting.items()}
        decided = self._queue.new_decisions()
        if sentences == self._told and not decided:
            return
        now = self._now()
        rows = [WaitRow(token, order.environment, reason.document(), now) for token, (order, reason) in waiting.items()]
        with self._records.write() as connection:
            waits.tell(connection, rows)
            waits.decided(connection, [_row(order, one, now - ago) for order, one, ago in decided])
        self._told = sentences


def _row(order: WorkOrder, one: Decision, at: float) -> DecisionRow:
    return DecisionRow(
        at, order.run, order.stage, one.environment, one.what, one.devices, one.policy, one.why, one.whom, one.waited
    )
