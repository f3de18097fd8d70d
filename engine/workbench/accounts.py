"""What each project has used: its runs, and hours of CPUs and GPUs."""

import time
from collections.abc import Mapping
from typing import Any

from engine.records import Records, attempts, environments, runs
from engine.runs.shares import specs
from resources.environments import EnvironmentSpec
from resources.errors import ResourceError
from resources.shares import WHOLE, Amount

DAY_S = 86_400.0
HOUR_S = 3600.0
NOTHING = Amount()


def accounts(records: Records, days: float) -> list[dict[str, Any]]:
    """Return what projects have used, the one that used most first; attempts that failed count, too.

    Returns:
        `[{"project", "runs", "attempts", "cpu_hours", "gpu_hours"}]` of the attempts that ended in the last `days`.
    """
    with records.read() as connection:
        ended = attempts.ended(connection, time.time() - days * DAY_S)
        rows = runs.several(connection, {one.run for one in ended})
        known = {spec.name: spec for spec in specs(environments.every(connection))}
    found: dict[str, dict[str, Any]] = {}
    for one in ended:
        run = rows[one.run]
        told = found.setdefault(run.project, {"runs": set(), "attempts": 0, "cpu_hours": 0.0, "gpu_hours": 0.0})
        node = run.document.get("nodes", {}).get(one.node, {})
        share = _share(known.get(run.environment), node.get("resources") or {})
        hours = (one.seconds or max(0.0, (one.ended or one.started) - one.started)) / HOUR_S
        told["runs"].add(one.run)
        told["attempts"] += 1
        told["cpu_hours"] += hours * share.cpu / WHOLE
        told["gpu_hours"] += hours * share.gpu / WHOLE
    lines = [{"project": project, **told, "runs": len(told["runs"])} for project, told in found.items()]
    return sorted(lines, key=lambda line: (-line["gpu_hours"], -line["cpu_hours"], line["project"]))


def _share(spec: EnvironmentSpec | None, asked: Mapping[str, Any]) -> Amount:
    """Return what a node had; nothing where its environment is gone or could not give it any more."""
    if spec is None:
        return NOTHING
    try:
        return spec.request(asked)
    except ResourceError:
        return NOTHING
