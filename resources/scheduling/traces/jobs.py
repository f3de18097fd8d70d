"""A trace as values: the machines there were, and the jobs that were asked of them."""

from dataclasses import dataclass

from resources.scheduling.machines import Machine
from resources.scheduling.tasks import Task


@dataclass(frozen=True, slots=True)
class Job:
    """One task of a trace.

    Attributes:
        arrived: Seconds from the beginning of the trace; 0 where the trace has no times.
        seconds: How long it ran; None where the trace does not say.
        latency_critical: Whether somebody waits for it, as for a service.
        machines: On how many machines it runs at once, each time with what `task` asks for; at least 1.
    """

    task: Task
    arrived: float = 0.0
    seconds: float | None = None
    latency_critical: bool = False
    machines: int = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """Machines and jobs, both in the order of their files."""

    machines: tuple[Machine, ...]
    jobs: tuple[Job, ...]

    @property
    def gpus(self) -> int:
        """GPU capacity in ten-thousandths."""
        return sum(gpu.share for machine in self.machines for gpu in machine.gpus)
