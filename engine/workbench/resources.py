"""What there is to run on, what is free of it, what runs where, and what waits for what."""

import importlib.metadata
import shutil
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.config import Settings, Workspace
from engine.records import devices, environments, processes, services, waits
from engine.records.database import Records
from engine.records.engine_lock import EngineStatus
from engine.records.environments import EnvironmentRow
from engine.records.services import HOLDING, ServiceRow
from engine.records.standing import status_of
from engine.runs.shares import machine
from engine.runs.shares import specs as specs_of
from engine.workbench.claims import Claim, claims_of_runs
from engine.workbench.utilisation import devices_now
from resources.cluster import Cluster, find_cluster
from resources.enforcement.levels import mechanisms
from resources.environments import EnvironmentSpec
from resources.placement import PREFIX
from resources.shares import Amount


def told(workspace: Workspace, records: Records, settings: Settings, engine: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `tandem resources` prints, and more for the screen.

    Quotas and shares are in ten-thousandths, memory in bytes. What is free is what neither the stages that have
    their share nor the services have taken, nor what is kept for services until an engine brings them back; stages get
    theirs in the order they asked.

    Returns:
        `{"devices", "environments": [{"name", "policy", "scheduling", "level", "pool", "quota", "taken", "free",
        "running", "queued"}], "mechanisms": [{"name", "level", "holds", "code", "message"}], "queue": [{"run",
        "pipeline", "environment"}], "holding": [claim], "waiting": [claim], "decisions": [decision], "groups":
        [{"name", "environment", "service", "share"}], "engine", "disk": {"free", "total"}, "version"}`. A claim is
        `{"kind", "name", "run", "environment", "share", "devices", "since", "reason"}`; its reason says why it waits,
        as `{"code", "values"}`. A decision is what `engine.records.waits` keeps of one, newest first.
    """
    with records.read() as connection:
        rows = environments.every(connection)
        served = services.every(connection)
        decided = waits.decisions(connection)
        down = {row.name: row for row in devices.every(connection)}
        noted = processes.every(connection)
    specs = {spec.name: spec for spec in specs_of(rows)}
    working, waiting = claims_of_runs(records, specs, running=bool(engine["running"]))
    standing = EngineStatus(bool(engine["running"]), started=engine["started"], heartbeat=engine.get("heartbeat"))
    lent = [row for row in served if status_of(row, standing) in HOLDING]
    holding = [*working, *map(_claim, lent)]
    kept = [_claim(row) for row in served if row.status in HOLDING and row not in lent]
    blocked = [_claim(row, _reason(row, engine)) for row in served if row.wanted == "running" and row not in lent]
    queue = [claim for claim in waiting if claim.kind == "run"]
    return {
        "devices": devices_now(settings, down, holding, watched=bool(engine["running"])),
        "environments": [_environment(row, specs[row.name], holding, kept, [*waiting, *blocked]) for row in rows],
        "mechanisms": [one.document() for one in mechanisms(machine(settings))],
        "queue": [{"run": one.run, "pipeline": one.name, "environment": one.environment} for one in queue],
        "holding": [claim.document() for claim in holding],
        "waiting": [claim.document() for claim in [*waiting, *blocked]],
        "decisions": [dict(vars(one)) for one in decided],
        "groups": _groups(rows, lent) if engine["running"] else [],
        "engine": _engine(workspace, settings, engine, noted),
        "disk": _disk(workspace),
        "version": importlib.metadata.version("tandem-workbench"),
    }


def _environment(
    row: EnvironmentRow,
    spec: EnvironmentSpec,
    holding: Sequence[Claim],
    kept: Sequence[Claim],
    waiting: Sequence[Claim],
) -> dict[str, Any]:
    """Return an environment; of its quota, what is `kept` for services that come back with an engine is taken, too."""
    mine = [claim for claim in holding if claim.environment == row.name]
    taken = sum((claim.share for claim in [*mine, *kept] if claim.environment == row.name), Amount())
    quota = Amount.of_document(row.quota)
    free = {name: max(0, getattr(quota, name) - getattr(taken, name)) for name in ("cpu", "gpu", "memory")}
    return {
        "name": row.name,
        "policy": row.policy,
        "scheduling": row.scheduling,
        "level": spec.level,
        "pool": dict(spec.pool),
        "quota": dict(row.quota),
        "taken": taken.document(),
        "free": free,
        "running": len(mine),
        "queued": sum(claim.kind == "run" for claim in waiting if claim.environment == row.name),
    }


def _claim(row: ServiceRow, reason: Mapping[str, Any] | None = None) -> Claim:
    share = Amount.of_document(row.share)
    return Claim("service", row.name, row.environment, share, row.updated, reason=reason, devices=tuple(row.devices))


def _reason(row: ServiceRow, engine: Mapping[str, Any]) -> dict[str, Any]:
    if not engine["running"]:
        return {"code": "wait_engine", "values": {}}
    if row.message:
        return {"code": "wait_message", "values": {"message": row.message}}
    return {"code": "wait_turn", "values": {}}


def _groups(rows: Iterable[EnvironmentRow], lent: Sequence[ServiceRow]) -> list[dict[str, Any]]:
    """Return the placement groups there are: one for what is left of each environment, one for each service."""
    found = []
    for row in rows:
        mine = [one for one in lent if one.environment == row.name]
        left = Amount.of_document(row.quota).document()
        for one in mine:
            left = {name: max(0, left[name] - int(one.share.get(name, 0))) for name in left}
        if any(left.values()):
            found.append({"name": PREFIX + row.name, "environment": row.name, "service": None, "share": left})
        for one in mine:
            share = Amount.of_document(one.share).document()
            found.append({"name": one.name, "environment": row.name, "service": one.name, "share": share})
    return found


def _engine(
    workspace: Workspace, settings: Settings, engine: Mapping[str, Any], noted: Iterable[Any]
) -> dict[str, Any]:
    """Return the engine's status, the address of its Ray, and its processes: `[{"name", "pid", "since"}]`."""
    cluster = find_cluster(workspace.root / "ray") if not settings.ray else Cluster.foreign(settings.ray)
    parts = [{"name": "engine", "pid": engine["pid"], "since": engine["started"]}] if engine["running"] else []
    parts += [{"name": "ray", "pid": one.pid, "since": None} for one in (cluster.vital if cluster else ())]
    parts += [{"name": row.name, "pid": row.pid, "since": None} for row in noted if row.running()]
    return {
        **engine,
        "ray": cluster.address if cluster else None,
        "owned": bool(cluster and cluster.owned),
        "parts": parts,
    }


def _disk(workspace: Workspace) -> dict[str, int]:
    usage = shutil.disk_usage(workspace.root)
    return {"free": usage.free, "total": usage.total}
