"""What runs ask for, and who has it: stages get their share in the order they asked, the rest waits."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.records import attempts, runs, waits
from engine.records.attempts import AttemptRow
from engine.records.database import Records
from engine.records.runs import RunRow
from engine.records.waits import DecisionRow
from resources.environments import EnvironmentSpec
from resources.errors import ResourceError
from resources.shares import WHOLE, Amount

Reason = Mapping[str, Any]


@dataclass(frozen=True)
class Claim:
    """A share that is held or waited for.

    Args:
        kind: `node`, `service`, or `run` for one that no engine has taken on yet.
        name: Of the stage, the service or the pipeline.
        share: What it has, or asks for.
        since: When it asked, in seconds since 1970.
        run: Of a stage, or the run that waits.
        reason: Why it waits, as `{"code", "values"}`; None where it does not.
        devices: Names of those it runs on.
    """

    kind: str
    name: str
    environment: str
    share: Amount
    since: float
    run: str | None = None
    reason: Reason | None = None
    devices: Sequence[str] = ()

    def document(self) -> dict[str, Any]:
        """Return the claim as JSON."""
        return {**vars(self), "share": self.share.document(), "devices": list(self.devices)}


def claims_of_runs(
    records: Records, specs: Mapping[str, EnvironmentSpec], *, running: bool
) -> tuple[list[Claim], list[Claim]]:
    """Return what stages hold, and what waits: stages for a share, runs for the engine.

    The engine's scheduler tells who waits and why, about once a second; of a stage of which it has not told yet, it is
    taken to wait where it does not fit beside those that asked before it.

    Args:
        records: Where runs are.
        specs: The environments by name.
        running: Whether an engine runs; without one nothing does.
    """
    with records.read() as connection:
        live = [runs.get(connection, one.id) for one in runs.live(connection)]
        told = waits.every(connection)
        given = waits.shares(connection, [one.id for one in live])
        begun = [
            (run, attempt) for run in live for attempt in attempts.of(connection, run.id) if attempt.status == "running"
        ]
    holding: list[Claim] = []
    waiting: list[Claim] = []
    for run, attempt in sorted(begun, key=lambda pair: pair[1].started):
        claim, free = _claim(run, attempt, specs), _free(run.environment, specs, holding)
        reason: Reason | None = None if running else {"code": "wait_engine", "values": {}}
        if running and attempt.token in told:
            reason = told[attempt.token].reason
        elif running and free is not None and not claim.share.fits(free):
            reason = _short(claim.share, free)
        if reason is None:
            holding.append(_with_what_it_has(claim, given.get((run.id, attempt.node))))
        else:
            waiting.append(replace(claim, reason=reason))
    queued = [run for run in live if run.status == runs.QUEUED]
    queued.sort(key=_not_before)  # those that begin later come last, the others as they were asked for
    for position, run in enumerate(queued, start=1):
        reason = {"code": "wait_taken" if running else "wait_engine", "values": {"position": position}}
        later = _not_before(run)
        if running and later:
            reason = {"code": "wait_until", "values": {"at": time.strftime("%Y-%m-%d %H:%M", time.localtime(later))}}
        waiting.append(Claim("run", run.pipeline, run.environment, Amount(), run.created, run.id, reason))
    return holding, waiting


def _with_what_it_has(claim: Claim, decision: DecisionRow | None) -> Claim:
    """Return a claim with the devices and the share that the scheduler gave it; as asked where it has not told yet."""
    if decision is None or decision.at < claim.since or not decision.devices:
        return claim
    gpu = decision.share * len(decision.devices)
    return replace(claim, share=Amount(claim.share.cpu, gpu, claim.share.memory), devices=decision.devices)


def _not_before(run: RunRow) -> float:
    """Return when a run begins at the earliest; 0 where that is now or past."""
    at = float(run.options.get("not_before") or 0.0)
    return at if at > time.time() else 0.0


def _claim(run: RunRow, attempt: AttemptRow, specs: Mapping[str, EnvironmentSpec]) -> Claim:
    asked = run.document["nodes"].get(attempt.node, {}).get("resources", {})
    share = Amount()
    if run.environment in specs:
        try:
            share = Amount.of_document(specs[run.environment].request(asked).document())
        except ResourceError:  # a quota that was made smaller since
            share = Amount()
    return Claim("node", attempt.node, run.environment, share, attempt.started, run.id)


def _free(environment: str, specs: Mapping[str, EnvironmentSpec], holding: list[Claim]) -> Amount | None:
    """Return what is left of an environment; None of one that there is not any more."""
    if environment not in specs:
        return None
    quota = specs[environment].quota
    taken = sum((claim.share for claim in holding if claim.environment == environment), Amount())
    return Amount(*(max(0, getattr(quota, name) - getattr(taken, name)) for name in ("cpu", "gpu", "memory")))


def _short(share: Amount, free: Amount) -> dict[str, Any]:
    """Return the sentence about the first resource there is too little of."""
    name = next(name for name in ("gpu", "cpu", "memory") if getattr(share, name) > getattr(free, name))
    unit = 2**30 if name == "memory" else WHOLE
    values = {"needed": round(getattr(share, name) / unit, 4), "free": round(getattr(free, name) / unit, 4)}
    return {"code": f"wait_{name}", "values": values}
