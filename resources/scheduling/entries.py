"""What a pool knows of each task: since when it waits, or where it runs and with what."""

from dataclasses import dataclass, field

from resources.scheduling.book import Spot
from resources.scheduling.elastic import Claim, weight_of
from resources.scheduling.tasks import Task


@dataclass
class Waiting:
    """A task that waits for its share.

    Attributes:
        since: When it began to wait, this time.
        arrived: When it first asked.
        attained: GPU-seconds that it has had, CPU-seconds where it takes no GPU.
        number: Of its arrival in the pool: earlier ones are smaller.
    """

    task: Task
    since: float
    arrived: float
    number: int
    attained: float = 0.0

    def waited(self, now: float) -> float:
        """Return the seconds it has waited this time."""
        return now - self.since


@dataclass
class Running:
    """A task that has its share.

    Attributes:
        spot: Where.
        cpu: Ten-thousandths of cores that it holds; more than its request where it runs alone.
        taken: Ten-thousandths of each of its devices.
        began: When it started, this time.
        measured: Until when `attained` is counted.
        attained: As for `Waiting`.
        number: Of its arrival.
        arrived: When it first asked.
        pausing: Whether it was told to pause and has not done so yet.
    """

    task: Task
    spot: Spot
    cpu: int
    taken: list[int]
    began: float
    number: int
    arrived: float
    measured: float = field(default=0.0)
    attained: float = 0.0
    pausing: bool = False

    @property
    def speed(self) -> float:
        """Its share of its peak, above 0, at most 1."""
        return self.taken[0] / self.task.per_device if self.task.elastic else 1.0

    @property
    def claim(self) -> Claim:
        """What it may have of its one device; what it has where it cannot be changed."""
        if self.task.elastic and not self.pausing:
            return Claim(self.task.least, self.task.request.gpu, weight_of(self.task.priority))
        return Claim(self.taken[0], self.taken[0], 1.0)

    def measure(self, now: float) -> None:
        """Count what it has had until now."""
        amount = sum(self.taken) if self.task.request.gpu else self.cpu
        self.attained += amount / 10_000 * max(0.0, now - self.measured)
        self.measured = max(self.measured, now)
