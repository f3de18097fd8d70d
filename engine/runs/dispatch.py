"""When each order gets its share, and where: the scheduler of the environments, told of what happens to orders."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from engine.runs.expectations import Expectations, StageKind
from engine.runs.orders import WorkOrder
from resources.scheduling.decisions import Decision
from resources.scheduling.events import (
    Arrived,
    DeviceBack,
    DeviceLost,
    Ended,
    EnvironmentChanged,
    Paused,
    Tick,
    Withdrawn,
)
from resources.scheduling.instructions import Instruction
from resources.scheduling.pool import Setup
from resources.scheduling.reasons import Reason
from resources.scheduling.scheduler import Scheduler
from resources.scheduling.tasks import Task
from resources.shares import Amount, ResourceRequest


@dataclass
class Dispatch:
    """Orders and the scheduler that decides on them; an order's task is named by its token.

    Args:
        setups: Of the environments, by name.
        clock: Seconds that only go forward.
        expectations: Knows how long orders take; nobody does when None.
    """

    setups: Mapping[str, Setup]
    clock: Callable[[], float] = time.monotonic
    expectations: Expectations | None = None
    orders: dict[str, WorkOrder] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known: dict[str, WorkOrder] = {}
        self.scheduler = Scheduler(self.setups)

    def arrive(self, order: WorkOrder, request: ResourceRequest) -> list[Instruction]:
        """Take in an order that asks for its share."""
        self.orders[order.token] = self._known[order.token] = order
        task = Task(
            order.token, request, order.environment, priority=order.priority, preemptible=not order.alone,
            alone=order.alone, project=order.project, least=request.least,
            expected_s=self.expectations.expected(_kind(order)) if self.expectations else None,
            labels={"run": order.run, "stage": order.stage},
        )  # fmt: skip
        return self.scheduler.handle(Arrived(self.clock(), task))

    def least(self, token: str) -> int:
        """Return down to which share of its device an order may be squeezed, in ten-thousandths; 0: never."""
        pool = self.scheduler.pools.get(self.orders[token].environment)
        entry = pool and (pool.running.get(token) or pool.waiting.get(token))
        return entry.task.least if entry else 0

    def learn(self, token: str, seconds: float, memory: int | None) -> None:
        """Take in how long an order has worked that was done, and what memory it took at its most."""
        if self.expectations and token in self.orders:
            self.expectations.ended(_kind(self.orders[token]), seconds, memory)

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

    def change(self, name: str, setup: Setup | None) -> list[Instruction]:
        """Take in that an environment is another, or no more.

        Raises:
            QuotaError: What runs there would not find its place.
        """
        return self.scheduler.handle(EnvironmentChanged(self.clock(), name, setup))

    def down(self, devices: Collection[str]) -> list[Instruction]:
        """Take in which devices must not be used; what runs there starts again elsewhere, or waits."""
        out: list[Instruction] = []
        for device in sorted(set(devices) - self.scheduler.down):
            out += self.scheduler.handle(DeviceLost(self.clock(), device))
        for device in sorted(self.scheduler.down - set(devices)):
            out += self.scheduler.handle(DeviceBack(self.clock(), device))
        return out

    def look(self) -> list[Instruction]:
        """Let time go by."""
        return self.scheduler.handle(Tick(self.clock()))

    def waiting(self) -> dict[str, tuple[WorkOrder, Reason]]:
        """Return why each order waits that has not got its share, by token; with the names of stages for tokens."""
        now, found = self.clock(), {}
        for pool in self.scheduler.pools.values():
            for token in pool.waiting:
                reason = self.scheduler.reason(token, now)
                if reason is not None:
                    found[token] = (self.orders[token], self._in_names(reason))
        return found

    def held(self, environment: str) -> tuple[Amount, int, int]:
        """Return what the orders that run in an environment have, how many they are, and how many wait."""
        pool = self.scheduler.pools.get(environment)
        if pool is None:
            return Amount(), 0, 0
        runs = pool.running.values()
        shares = (Amount(one.cpu, sum(one.taken), one.task.request.memory) for one in runs)
        return sum(shares, Amount()), len(runs), len(pool.waiting)

    def decided(self) -> list[tuple[WorkOrder, Decision, float]]:
        """Return what was decided since the last call, with the seconds that have gone by since, and forget it."""
        now, found = self.clock(), []
        while self.scheduler.decisions:
            one = self.scheduler.decisions.popleft()
            order = self._known.get(one.task)
            if order is not None:
                found.append((order, replace(one, whom=self._named(one.whom)), now - one.at))
        self._known = dict(self.orders)
        return found

    def _in_names(self, reason: Reason) -> Reason:
        values = {key: self._named(value) if isinstance(value, str) else value for key, value in reason.values.items()}
        return Reason(reason.code, values, self._named(reason.sentence))

    def _named(self, text: str) -> str:
        """Return a text with the stages in place of the tokens of orders."""
        for token, order in self._known.items():
            text = text.replace(token, order.stage)
        return text


def _kind(order: WorkOrder) -> StageKind | None:
    sources = {ref: pin.model_dump(mode="json") for ref, pin in order.sources.items()}
    return StageKind.of(order.pipeline, order.stage, sources, order.engine)
