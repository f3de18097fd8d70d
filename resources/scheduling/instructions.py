"""What a scheduler says is to be done, as values; whoever carries them out tells it by an event what came of it."""

from dataclasses import dataclass

from resources.shares import Amount


@dataclass(frozen=True, slots=True)
class Start:
    """Start a task, or let a paused one go on.

    Attributes:
        machine: By name.
        devices: By name; empty without a GPU.
        share: What it has: `share.gpu` of all its devices together, below its peak where it is squeezed.
    """

    task: str
    machine: str
    devices: tuple[str, ...]
    share: Amount


@dataclass(frozen=True, slots=True)
class Resize:
    """Give a running task this share from now on; it stays on its devices."""

    task: str
    share: Amount


@dataclass(frozen=True, slots=True)
class Pause:
    """Let a task stop at its next node border or checkpoint; its share is free when `Paused` says so."""

    task: str
    reason: str
    """Of whom it makes room for, or which device it leaves: in one sentence."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End what runs at once: its device is lost. It waits for its turn again, from its last node or checkpoint."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell who asked that this can never run here."""

    task: str
    sentence: str
    hint: str = ""


Instruction = Start | Resize | Pause | Stop | Refuse
