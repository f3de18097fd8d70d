"""Where stages are done: the promise every executor keeps, and the answers it gives."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.runs.orders import WorkOrder


@dataclass(frozen=True)
class Succeeded:
    """The stage is done and its outputs are stored: `{node: {port: reference}}`.

    It took `seconds`, at least 0, and `memory` bytes at its most, None where nobody knows.
    """

    token: str
    outputs: Mapping[str, Mapping[str, Any]]
    seconds: float = 0.0
    memory: int | None = None


@dataclass(frozen=True)
class Failed:
    """The stage failed; `error` is `{"sentence", "hint", "field", "node", "details"}`."""

    token: str
    error: Mapping[str, Any] = field(default_factory=dict)
    retryable: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Lost:
    """Nobody works on this attempt any more: its worker died, or it was stopped."""

    token: str
    reason: str


Answer = Succeeded | Failed | Lost


class Executor(Protocol):
    """Does stages somewhere else, and never blocks its caller.

    Every order that was started is answered, once or more often: what comes after the first answer is for the
    driver to refuse. An order that cannot be started is answered with `Failed`, not raised. All methods are
    called from one thread.
    """

    def start(self, order: WorkOrder) -> None:
        """Begin an attempt; its answer comes later."""

    def stop(self, token: str) -> None:
        """End an attempt soon, whatever it does; it is answered as `Lost` unless it was just done."""

    def waiting(self) -> Collection[str]:
        """Return the attempts that have no place to work yet."""

    def answers(self, timeout: float) -> list[Answer]:
        """Return what has been answered since the last call, waiting up to `timeout` seconds for the first."""

    def close(self) -> None:
        """End whatever still runs; no more answers come."""


def answer_of(token: str, document: Mapping[str, Any]) -> Answer:
    """Return what `engine.runs.task.run_stage` answered as an answer to the attempt with this token."""
    if "done" in document:
        done = document["done"]
        return Succeeded(token, done["outputs"], done["seconds"], done.get("memory"))
    failure = dict(document["failure"])
    return Failed(token, failure, retryable=failure.pop("retryable"), seconds=failure.pop("seconds"))
