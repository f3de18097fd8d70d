"""When each order gets its share, and where: the scheduler of the environments, told of what happens to orders."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.runs.orders import WorkOrder
from resources.scheduling.events import Arrived, Ended, Paused, Tick, Withdrawn
from resources.scheduling.instructions import Instruction
from resources.scheduling.pool import Setup
from resources.scheduling.reasons import Reason
from resources.scheduling.scheduler import Scheduler
from resources.scheduling.tasks import Task
from resources.shares import ResourceRequest


@dataclass
class Dispatch:
    """Orders and the scheduler that decides on them; an order's task is named by its token.

    Args:
        setups: Of the environments, by name.
        clock: Seconds that only go forward.
    """

    setups: Mapping[str, Setup]
    clock: Callable[[], float] = time.monotonic
    orders: dict[str, WorkOrder] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(self.setups)

    def arrive(self, order: WorkOrder, request: ResourceRequest) -> list[Instruction]:
        """Take in an order that asks for its share."""
        self.orders[order.token] = order
        task = Task(
            order.token, request, order.environment, priority=order.priority, preemptible=True,
            labels={"run": order.run, "stage": order.stage},
        )  # fmt: skip
        return self.scheduler.handle(Arrived(self.clock(), task))

    def ended(self, token: str) -> list[Instruction]:
        """Take in that an order is done with, however it went."""
        self.orders.pop(token, None)
        return self.scheduler.handle(Ended(self.clock(), token))

    def paused(self, token: str) -> list[Instruction]:
        """Take in that an order that was told to pause has left its worker; it waits for its turn again."""
        return self.scheduler.handle(Paused(self.clock(), token))

    def withdraw(self, token: str) -> list[Instruction]:
        """Take in that an order that waits is not wanted any more."""
        self.orders.pop(token, None)
        return self.scheduler.handle(Withdrawn(self.clock(), token))

    def look(self) -> list[Instruction]:
        """Let time go by."""
        return self.scheduler.handle(Tick(self.clock()))

    def waiting(self) -> dict[str, Reason]:
        """Return why each order waits that has not got its share, by token."""
        now = self.clock()
        names = [name for pool in self.scheduler.pools.values() for name in pool.waiting]
        return {name: reason for name in names if (reason := self.scheduler.reason(name, now)) is not None}
