"""What asks for a share: one task, with what it needs, how urgent it is and what may be done to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from resources.errors import ShareError
from resources.shares import WHOLE, ResourceRequest


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work that runs on one machine.

    Attributes:
        name: Unique among the tasks that the scheduler knows.
        request: What it takes at its peak, all its devices together.
        environment: Where it runs.
        priority: Higher goes first.
        least: GPU share in ten-thousandths with which it still works, so that it may be squeezed; 0 means that it
            must have its peak. Only for shares of one device.
        preemptible: Whether it may be paused for one of higher priority.
        models: Names of GPUs that it runs on; any when empty.
        alone: Nobody else may share its devices while it runs, as stress tests need it.
        gang: Tasks of one gang start together or not at all; empty means none.
        gang_size: Number of tasks in its gang, at least 1.
        project: On whose account it runs.
        expected_s: Seconds it is expected to run at its peak, from past runs; None where nobody knows.
        labels: Anything else for people and for the records, such as the run.

    Raises:
        ShareError: `least` is above the request, or goes with several devices; or a gang of none.
    """

    name: str
    request: ResourceRequest
    environment: str = "train"
    priority: int = 0
    least: int = 0
    preemptible: bool = False
    models: frozenset[str] = frozenset()
    alone: bool = False
    gang: str = ""
    gang_size: int = 1
    project: str = "default"
    expected_s: float | None = None
    labels: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if self.least > self.request.gpu or self.least < 0:
            raise ShareError(
                f"The task {self.name!r} asks for {self.request} and could do with {self.least / WHOLE:g} GPU.",
                hint="The least share lies between 0 and what is asked for.",
                field="least",
            )
        if self.least and self.request.gpu > WHOLE:
            raise ShareError(f"The task {self.name!r} takes whole GPUs, which cannot be squeezed.", field="least")
        if self.gang_size < 1:
            raise ShareError(f"The gang of {self.name!r} has {self.gang_size} tasks.", field="gang_size")

    @property
    def per_device(self) -> int:
        """Ten-thousandths that it takes of each of its devices at its peak; 0 without a GPU."""
        return min(self.request.gpu, WHOLE)

    @property
    def count(self) -> int:
        """Number of GPUs it runs on."""
        return -(-self.request.gpu // WHOLE)

    @property
    def elastic(self) -> bool:
        """Whether it may get less than its peak."""
        return 0 < self.least < self.request.gpu
