"""The state of a run: events in, instructions out; no clock, no I/O.

A stage goes from `waiting` to `ready` (its start was asked for), to `running` (a worker has it), and ends
as `done`, `reused`, `failed` or `skipped`. Every attempt has a token of its own, and an answer counts only
with the token of the attempt that runs now. What a lost driver had running is started again and does not use
up a stage's attempts; what a worker lost or failed does.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from engine.runs import events
from engine.runs.events import Event
from engine.runs.instructions import Finish, Instruction, Refuse, Start, Stop

FINISHED = ("done", "reused")
OPEN = ("waiting", "ready", "running")
CANCELLED = "The run was cancelled."
"""Why a stage was skipped that nothing but a cancellation kept from being done."""


@dataclass
class StageState:
    """Where one stage is.

    Args:
        attempt: Attempts begun so far; the number of the one that runs, if one does.
        failures: Attempts that used up the stage's patience.
        token: Of the attempt that runs; empty where none does.
        reason: Why it failed or was skipped, for people.
    """

    name: str
    after: tuple[str, ...]
    status: str = "waiting"
    attempt: int = 0
    failures: int = 0
    token: str = ""
    reason: str = ""


class RunState:
    """One run's stages; `handle` is the only way to change it."""

    def __init__(self) -> None:
        self.stages: dict[str, StageState] = {}
        self.status = "queued"
        self.max_attempts = 1
        self.cancelling = False

    @classmethod
    def replay(cls, happened: Iterable[Event]) -> Self:
        """Return the state that these events lead to."""
        state = cls()
        for event in happened:
            state.handle(event)
        return state

    def handle(self, event: Event) -> list[Instruction]:
        """Take in one event and return what has to be done now, in order.

        Raises:
            ValueError: The event cannot happen in this state: a fault of the driver.
        """
        handlers: dict[type[Any], Callable[[Any], Iterator[Instruction]]] = {
            events.Requested: self._requested,
            events.Reused: self._reused,
            events.AttemptStarted: self._started,
            events.Succeeded: self._answered,
            events.Failed: self._answered,
            events.Lost: self._answered,
            events.TimedOut: self._answered,
            events.CancelRequested: self._cancel,
            events.Recovered: self._recovered,
            events.Resumed: self._resumed,
        }
        handler = handlers.get(type(event))
        return list(handler(event)) if handler is not None else []

    def running(self) -> dict[str, str]:
        """Return the stage of each token that counts now."""
        return {stage.token: stage.name for stage in self.stages.values() if stage.token}

    def validate(self) -> None:
        """Check what must always hold.

        Raises:
            AssertionError: It does not.
        """
        for stage in self.stages.values():
            ahead = [self.stages[name].status for name in stage.after]
            assert bool(stage.token) == (stage.status == "running"), stage  # noqa: S101
            assert stage.status not in ("ready", "running") or set(ahead) <= set(FINISHED), stage  # noqa: S101
            assert stage.failures <= min(stage.attempt, self.max_attempts), stage  # noqa: S101
        still_open = any(stage.status in OPEN for stage in self.stages.values())
        assert still_open == (self.status == "running"), self.status  # noqa: S101

    # -- events ---------------------------------------------------------------------------------------

    def _requested(self, event: events.Requested) -> Iterator[Instruction]:
        if self.stages:
            raise ValueError("A run is requested once.")
        for plan in event.stages:
            if not set(plan.after) <= set(self.stages):
                raise ValueError(f"Stage {plan.name!r} comes before one that it needs.")
            self.stages[plan.name] = StageState(plan.name, plan.after)
        self.max_attempts = event.max_attempts
        self.status = "running"
        yield from self._advance()

    def _reused(self, event: events.Reused) -> Iterator[Instruction]:
        self._expect(event.stage, "ready").status = "reused"
        yield from self._advance()

    def _started(self, event: events.AttemptStarted) -> Iterator[Instruction]:
        stage = self._expect(event.stage, "ready")
        if event.attempt != stage.attempt + 1:
            raise ValueError(f"Attempt {event.attempt} of {event.stage!r} follows {stage.attempt}.")
        stage.status, stage.attempt, stage.token = "running", event.attempt, event.token
        yield from ()

    def _answered(
        self, event: events.Succeeded | events.Failed | events.Lost | events.TimedOut
    ) -> Iterator[Instruction]:
        stage = self.stages.get(event.stage)
        if stage is None or not event.token or stage.token != event.token:
            yield Refuse(event.stage, event.token)
            return
        stage.token = ""
        if isinstance(event, events.Succeeded):
            stage.status, stage.reason = "done", ""
        else:
            if isinstance(event, events.TimedOut):
                yield Stop(event.stage, event.token)
            self._failed(stage, event)
        yield from self._advance()

    def _failed(self, stage: StageState, event: events.Failed | events.Lost | events.TimedOut) -> None:
        stage.failures += 1
        stage.reason = _reason(event)
        again = isinstance(event, events.Lost) or (isinstance(event, events.Failed) and event.retryable)
        if self.cancelling:
            stage.status, stage.reason = "skipped", CANCELLED
        elif again and stage.failures < self.max_attempts:
            stage.status = "waiting"
        else:
            stage.status = "failed"

    def _cancel(self, _event: events.CancelRequested) -> Iterator[Instruction]:
        if self.status != "running":
            return
        self.cancelling = True
        for stage in self.stages.values():
            if stage.status in ("waiting", "ready"):
                stage.status, stage.reason = "skipped", CANCELLED
            elif stage.token:
                yield Stop(stage.name, stage.token)
        yield from self._advance()

    def _recovered(self, event: events.Recovered) -> Iterator[Instruction]:
        for stage in self.stages.values():
            lost = stage.name in event.gone and stage.status in FINISHED
            if lost or stage.status in ("ready", "running"):
                stage.status, stage.token = "waiting", ""
            if self.cancelling and stage.status == "waiting":
                stage.status, stage.reason = "skipped", CANCELLED
        yield from self._advance()

    def _resumed(self, event: events.Resumed) -> Iterator[Instruction]:
        if self.status == "running":
            return
        self.cancelling, self.status = False, "running"
        for stage in self.stages.values():
            if stage.status in ("failed", "skipped") or stage.name in event.gone:
                stage.status, stage.failures, stage.reason = "waiting", 0, ""
        yield from self._advance()

    # -- consequences ---------------------------------------------------------------------------------

    def _advance(self) -> Iterator[Instruction]:
        """Skip what cannot be done any more, start what can, and finish when nothing is left."""
        for stage in self.stages.values():
            if stage.status != "waiting":
                continue
            blockers = [name for name in stage.after if self.stages[name].status in ("failed", "skipped")]
            if blockers:
                stage.status, stage.reason = "skipped", f"It needs {blockers[0]}, which was not done."
            elif all(self.stages[name].status in FINISHED for name in stage.after):
                stage.status = "ready"
                yield Start(stage.name, stage.attempt + 1)
        if self.status == "running" and not any(stage.status in OPEN for stage in self.stages.values()):
            self.status = self._outcome()
            yield Finish(self.status)

    def _outcome(self) -> str:
        statuses = {stage.status for stage in self.stages.values()}
        if statuses <= set(FINISHED):
            return "succeeded"
        return "cancelled" if self.cancelling else "failed"

    def _expect(self, name: str, status: str) -> StageState:
        stage = self.stages[name]
        if stage.status != status:
            raise ValueError(f"Stage {name!r} is {stage.status}, not {status}.")
        return stage


def _reason(event: events.Failed | events.Lost | events.TimedOut) -> str:
    if isinstance(event, events.Failed):
        return str(event.error.get("sentence", ""))
    if isinstance(event, events.TimedOut):
        return f"It took longer than {event.limit:g} s."
    return event.reason
