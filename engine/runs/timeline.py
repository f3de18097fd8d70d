"""When each stage of a run waited and worked, and which stages the run had to wait for."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.records.attempts import AttemptRow
from engine.records.events import EventRow
from engine.records.runs import RunRow
from engine.runs.events import Requested, StagePlan, from_payload

Document = dict[str, Any]


def timeline(row: RunRow, happened: Sequence[EventRow], attempts: Sequence[AttemptRow], now: float) -> Document:
    """Return the bars of a run's chart, in seconds since the run was asked for.

    A stage waits from the moment it could start until a worker has it; a worker says how long it worked by its own
    clock. While it has not answered, both are one bar, `running`.

    Args:
        row: The run.
        happened: Its ledger.
        attempts: The attempts at its stages.
        now: The present moment, in seconds since 1970.

    Returns:
        `{"seconds", "stages": [{"stage", "nodes", "critical", "bars": [{"attempt", "what", "from", "to"}]}]}`, stages
        in the order of the plan. `what` is `waiting`, `running`, `done`, `failed`, `stopped`, `lost` or `reused`, which
        takes no time.
    """
    plan = _plan(happened)
    origin = row.created
    end = max(origin, row.ended if row.ended is not None else now)
    bars: dict[str, list[Document]] = {name: [] for name in plan}
    for attempt in sorted(attempts, key=lambda one: (one.started, one.attempt)):
        bars.setdefault(attempt.node, []).extend(_bars(attempt, origin, end))
    for event in happened:
        if event.kind == "reused" and event.node in bars:
            at = max(0.0, event.at - origin)
            bars[event.node].append({"attempt": 0, "what": "reused", "from": at, "to": at})
    critical = _critical(plan, bars)
    stages = [
        {"stage": name, "nodes": list(stage.nodes), "critical": name in critical, "bars": bars[name]}
        for name, stage in plan.items()
    ]
    return {"seconds": end - origin, "stages": stages}


def _plan(happened: Sequence[EventRow]) -> dict[str, StagePlan]:
    """Return the stages by name, in the order of the plan; none before the run was planned."""
    for event in happened:
        if event.kind == "requested":
            found = from_payload(event.kind, event.payload)
            return {stage.name: stage for stage in found.stages} if isinstance(found, Requested) else {}
    return {}


_WHAT = {"succeeded": "done", "running": "running"}


def _bars(attempt: AttemptRow, origin: float, end: float) -> list[Document]:
    """Return what an attempt did: waited, then worked."""
    began = max(0.0, attempt.started - origin)
    ended = max(began, (end if attempt.ended is None else attempt.ended) - origin)
    what = _WHAT.get(attempt.status, attempt.status)
    worked = ended - began if attempt.seconds is None else min(attempt.seconds, ended - began)
    bars = [{"attempt": attempt.attempt, "what": what, "from": ended - worked, "to": ended}]
    if ended - worked > began:
        bars.insert(0, {"attempt": attempt.attempt, "what": "waiting", "from": began, "to": ended - worked})
    return bars


def _critical(plan: Mapping[str, StagePlan], bars: Mapping[str, Sequence[Document]]) -> set[str]:
    """Return the stages on the critical path: from the last that ended, back along those each had to wait for."""
    ends = {name: max((bar["to"] for bar in own), default=-1.0) for name, own in bars.items()}
    begun = [name for name in plan if ends[name] >= 0]
    path: set[str] = set()
    stage = max(begun, key=ends.__getitem__, default=None)
    while stage is not None and stage not in path:
        path.add(stage)
        stage = max((one for one in plan[stage].after if ends[one] >= 0), key=ends.__getitem__, default=None)
    return path
