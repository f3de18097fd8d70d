"""What happens to a scheduler, as values; each says when, in seconds of a clock that only goes forward."""

from dataclasses import dataclass

from resources.scheduling.pool import Setup
from resources.scheduling.tasks import Task


@dataclass(frozen=True, slots=True)
class Arrived:
    """A task asks for its share; also one that was paused and may go on."""

    at: float
    task: Task


@dataclass(frozen=True, slots=True)
class Ended:
    """A task is over, however it went: what it had is free."""

    at: float
    task: str


@dataclass(frozen=True, slots=True)
class Paused:
    """A task that was told to pause has done so: what it had is free, and it waits for its turn."""

    at: float
    task: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A task that waits wants its share no more."""

    at: float
    task: str


@dataclass(frozen=True, slots=True)
class Reprioritised:
    """A task has another priority from now on."""

    at: float
    task: str
    priority: int


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """A device has failed or is drained: nothing starts there, and what runs there goes on elsewhere."""

    at: float
    device: str


@dataclass(frozen=True, slots=True)
class DeviceBack:
    """A device is healthy again."""

    at: float
    device: str


@dataclass(frozen=True, slots=True)
class EnvironmentChanged:
    """An environment is new, or has another policy, quota or pool; no setup removes it."""

    at: float
    name: str
    setup: Setup | None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has gone by."""

    at: float


Event = Arrived | Ended | Paused | Withdrawn | Reprioritised | DeviceLost | DeviceBack | EnvironmentChanged | Tick
