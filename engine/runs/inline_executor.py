"""An executor in threads of this process: for tests, and where no Ray is wanted."""

import queue
import threading
from collections.abc import Collection

from engine.runs.executor import Answer, Lost, answer_of
from engine.runs.orders import WorkOrder
from engine.runs.task import run_stage


class InlineExecutor:
    """Does stages one after the other in the order they were started; keeps the promises of `Executor`.

    A thread cannot be killed: a stopped stage is answered at once, works on unheard, and its late
    answer is refused by its token.

    Args:
        threads: Stages done at the same time, at least 1.
    """

    def __init__(self, threads: int = 1) -> None:
        self._orders: queue.SimpleQueue[WorkOrder | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._stopped: set[str] = set()
        self._queued: dict[str, None] = {}
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def start(self, order: WorkOrder) -> None:
        """Put the order at the end of the line."""
        self._queued[order.token] = None
        self._orders.put(order)

    def waiting(self) -> Collection[str]:
        """Return what still stands in the line."""
        return list(self._queued)

    def stop(self, token: str) -> None:
        """Answer for the attempt, and do not begin it if it still waits."""
        self._stopped.add(token)
        self._answers.put(Lost(token, "It was stopped."))

    def answers(self, timeout: float) -> list[Answer]:
        """Return what has been answered since the last call."""
        try:
            found = [self._answers.get(timeout=timeout)]
        except queue.Empty:
            return []
        while not self._answers.empty():
            found.append(self._answers.get())
        return found

    def close(self) -> None:
        """Begin nothing more, and wait up to a second for what is being done."""
        while not self._orders.empty():
            self._orders.get()
        for _ in self._threads:
            self._orders.put(None)
        for thread in self._threads:
            thread.join(timeout=1.0)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            self._queued.pop(order.token, None)
            if order.token not in self._stopped:
                self._answers.put(answer_of(order.token, run_stage(order.model_dump(mode="json"))))
