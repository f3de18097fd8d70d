"""What a run's state asks the driver to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Start:
    """Do a stage, as its attempt number `attempt` (from 1), or find that it need not be done."""

    stage: str
    attempt: int


@dataclass(frozen=True)
class Stop:
    """Stop the attempt with this token."""

    stage: str
    token: str


@dataclass(frozen=True)
class Refuse:
    """Write down that an answer was not believed: its attempt no longer counts."""

    stage: str
    token: str


@dataclass(frozen=True)
class Finish:
    """The run is over, with this status."""

    status: str


Instruction = Start | Stop | Refuse | Finish
