"""What can happen to a run; each event is one row of its ledger."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class StagePlan:
    """A stage as the ledger knows it: its name, its nodes, and the stages it needs."""

    name: str
    after: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Requested:
    """The run was asked for, and planned; a stage is given up after `max_attempts` failures (at least 1)."""

    stages: tuple[StagePlan, ...]
    max_attempts: int = 3


@dataclass(frozen=True)
class Reused:
    """An earlier run's outputs stand for a stage."""

    stage: str
    run: str
    digest: str


@dataclass(frozen=True)
class AttemptStarted:
    """A worker was asked to do a stage; only an answer with this token counts."""

    stage: str
    attempt: int
    token: str
    digest: str = ""


@dataclass(frozen=True)
class Succeeded:
    """A worker has done its stage; the outputs are stored."""

    stage: str
    token: str


@dataclass(frozen=True)
class Failed:
    """A worker could not do its stage; `error` is `{"sentence", "hint", "field", "node"}`."""

    stage: str
    token: str
    error: Mapping[str, Any] = field(default_factory=dict)
    retryable: bool = False


@dataclass(frozen=True)
class Lost:
    """Nobody will answer for an attempt any more."""

    stage: str
    token: str
    reason: str = ""


@dataclass(frozen=True)
class TimedOut:
    """An attempt took longer than it may (`limit` in seconds)."""

    stage: str
    token: str
    limit: float


@dataclass(frozen=True)
class CancelRequested:
    """Somebody asked to stop the run."""


@dataclass(frozen=True)
class Recovered:
    """A new driver took over: what ran is lost, and so are the outputs of the finished stages in `gone`."""

    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resumed:
    """Somebody asked an ended run to go on; finished stages are kept but those in `gone`."""

    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """An answer came for an attempt that no longer counts; it changes nothing."""

    stage: str
    token: str
    what: str


@dataclass(frozen=True)
class Ended:
    """The run is over: `succeeded`, `failed` or `cancelled`."""

    status: str


Event = (
    Requested
    | Reused
    | AttemptStarted
    | Succeeded
    | Failed
    | Lost
    | TimedOut
    | CancelRequested
    | Recovered
    | Resumed
    | Refused
    | Ended
)

KINDS: dict[str, type[Any]] = {
    "requested": Requested,
    "reused": Reused,
    "started": AttemptStarted,
    "succeeded": Succeeded,
    "failed": Failed,
    "lost": Lost,
    "timed_out": TimedOut,
    "cancel_requested": CancelRequested,
    "recovered": Recovered,
    "resumed": Resumed,
    "refused": Refused,
    "ended": Ended,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def kind_of(event: Event) -> str:
    """Return the name of an event's kind in the ledger."""
    return _NAMES[type(event)]


def to_payload(event: Event) -> dict[str, Any]:
    """Return an event as JSON."""
    return asdict(event)


def from_payload(kind: str, payload: Mapping[str, Any]) -> Event:
    """Return the event that `to_payload` wrote; other keys beside it are left alone."""
    found = KINDS[kind]
    values = {name: payload[name] for name in found.__dataclass_fields__ if name in payload}
    if kind == "requested":
        values["stages"] = tuple(
            StagePlan(stage["name"], tuple(stage["after"]), tuple(stage["nodes"])) for stage in payload["stages"]
        )
    if "gone" in values:
        values["gone"] = tuple(values["gone"])
    event: Event = found(**values)
    return event
