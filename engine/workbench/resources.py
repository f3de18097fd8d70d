"""What there is to run on: devices, environments, what is free of them, and what waits."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.config import Settings
from engine.records import attempts, environments, runs, services
from engine.records.database import Records
from engine.records.environments import EnvironmentRow
from engine.runs.shares import machine
from resources.environments import EnvironmentSpec
from resources.errors import ResourceError
from resources.shares import Amount


def told(records: Records, settings: Settings) -> dict[str, Any]:
    """Return `{"devices", "environments": [{"name", "policy", "quota", "free", "running", "queued"}], "queue"}`.

    Quotas and what is free are in ten-thousandths, memory in bytes. What is free is what neither the stages that
    are being worked on nor the services have taken.
    """
    with records.read() as connection:
        rows = environments.every(connection)
        live = [runs.get(connection, run.id) for run in runs.live(connection)]
        working = {run.id: [a for a in attempts.of(connection, run.id) if a.status == "running"] for run in live}
        serving = [row for row in services.every(connection) if row.status == "healthy"]
    taken: dict[str, list[Amount]] = {row.name: [] for row in rows}
    specs = {row.name: EnvironmentSpec.of(row.name, row.policy, row.quota) for row in rows}
    for run in live:
        for attempt in working[run.id]:
            asked = run.document["nodes"].get(attempt.node, {}).get("resources", {})
            taken.setdefault(run.environment, []).append(_asked(specs.get(run.environment), asked))
    for service in serving:
        taken.setdefault(service.environment, []).append(_document(service.share))
    waiting = [run for run in live if run.status == runs.QUEUED]
    return {
        "devices": [_machine(settings), *_cards(settings)],
        "environments": [
            {
                "name": row.name,
                "policy": row.policy,
                "quota": dict(row.quota),
                "free": _free(row, taken[row.name]),
                "running": sum(len(working[run.id]) for run in live if run.environment == row.name)
                + len([service for service in serving if service.environment == row.name]),
                "queued": len([run for run in waiting if run.environment == row.name]),
            }
            for row in rows
        ],
        "queue": [{"run": run.id, "pipeline": run.pipeline, "environment": run.environment} for run in waiting],
    }


def _machine(settings: Settings) -> dict[str, Any]:
    found = machine(settings).document()
    return {"kind": "cpu", "name": "cpu", "cores": found["cpus"], "memory": found["memory"]}


def _cards(settings: Settings) -> list[dict[str, Any]]:
    return [{"kind": "gpu", **card} for card in machine(settings).document()["gpus"]]


def _asked(spec: EnvironmentSpec | None, asked: Mapping[str, Any]) -> Amount:
    try:
        return _document(spec.request(asked).document()) if spec else Amount()
    except ResourceError:  # a quota that was made smaller since
        return Amount()


def _document(share: Mapping[str, Any]) -> Amount:
    return Amount(int(share.get("cpu", 0)), int(share.get("gpu", 0)), int(share.get("memory", 0)))


def _free(row: EnvironmentRow, taken: Iterable[Amount]) -> dict[str, int]:
    quota = _document(row.quota)
    used = sum(taken, Amount())
    return {name: max(0, getattr(quota, name) - getattr(used, name)) for name in ("cpu", "gpu", "memory")}
