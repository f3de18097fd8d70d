"""What was taken of the environments, and what ran on which device, in the hours before."""

import time
from typing import Any

from engine.records import Records, attempts, usage, waits

HOUR_S = 3600.0


def history(records: Records, hours: float) -> dict[str, Any]:
    """Return the history of the last hours.

    Returns:
        `{"now", "usage": [{"at", "environment", "cpu", "gpu", "memory", "running", "waiting"}], "placements":
        [{"device", "environment", "run", "node", "share", "from", "to"}]}`; times in seconds since 1970, shares in
        ten-thousandths. A row of `usage` holds until the next of its environment. `device` is `CPU` where a stage had
        no GPU, and `share` is 0 then; a stage whose share changed has a placement for each share. `to` is None while it
        runs.
    """
    now = time.time()
    begin = now - hours * HOUR_S
    with records.read() as connection:
        taken = usage.since(connection, begin)
        decided = waits.decisions(connection, limit=waits.KEPT)
        ends = attempts.ends(connection, {(one.run, one.node) for one in decided if one.at >= begin})
    placements: list[dict[str, Any]] = []
    running: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in reversed(decided):
        stage = (one.run, one.node)
        for bar in running.pop(stage, ()):
            bar["to"] = one.at
        if one.what in waits.GIVING and one.at >= begin:
            stage_of = {"environment": one.environment, "run": one.run, "node": one.node}
            told = {**stage_of, "share": one.share, "from": one.at, "to": None}
            running[stage] = [{"device": device, **told} for device in one.devices or ("CPU",)]
            placements += running[stage]
    for stage, bars in running.items():
        for bar in bars:
            ended = ends.get(stage)
            bar["to"] = ended if ended is not None and ended >= bar["from"] else None
    return {"now": now, "usage": [dict(vars(row)) for row in taken], "placements": placements}
