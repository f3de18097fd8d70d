"""How the nodes of a pipeline that is worked on fared when it ran last."""

from collections.abc import Mapping
from typing import Any, Final

from engine.graph.parts import unchanged
from engine.graph.pipeline import Pipeline
from engine.records import runs
from engine.records.database import Records
from engine.records.runs import RunRow
from engine.runs import report
from engine.runs.requests import GIVEN

_DEEPEST: Final = 4  # runs that are looked into for nodes which a newer one did not have
_TOLD: Final = ("rows", "seconds", "outputs", "reason", "losses")


def states_of(records: Records, name: str, pipeline: Pipeline) -> dict[str, Any]:
    """Return by node how it fared in the newest run of the draft `name` that had it.

    Args:
        records: The ledger.
        name: Of the draft that runs were asked from.
        pipeline: The draft as it stands.
    """
    rows = runs_of_draft(records, name)
    newest = rows[0] if rows else None
    nodes = {node: _untouched() for node in pipeline.nodes}
    for row in rows:
        if all(node["run"] for node in nodes.values()):
            break
        then = Pipeline.from_valid(row.document)
        now = pipeline.with_parameters(**row.options.get(GIVEN, {}))  # fresh is what would come of the same values
        same, told = unchanged(now, then), report.document(records, row.id)
        for node in nodes.keys() & told["nodes"].keys():
            if nodes[node]["run"] is None:
                nodes[node] = _state(row, told, node, fresh=node in same)
    return {
        "run": newest.id if newest else None,
        "status": newest.status if newest else None,
        "revision": newest.options.get("revision") if newest else None,
        "nodes": nodes,
    }


def runs_of_draft(records: Records, name: str) -> list[RunRow]:
    """Return the newest runs of a draft, of which it shows how its nodes fared; the newest first."""
    with records.read() as connection:
        found = runs.newest(connection, pipeline=name, limit=50, brief=True)
        of_draft = [row.id for row in found if row.options.get("draft") == name]
        return [runs.get(connection, run) for run in of_draft[:_DEEPEST]]


def _untouched() -> dict[str, Any]:
    return {"state": "idle", "run": None, "error": None, "metrics": {}, **dict.fromkeys(_TOLD)}


def _state(row: RunRow, told: Mapping[str, Any], node: str, *, fresh: bool) -> dict[str, Any]:
    found = told["nodes"][node]
    live = row.status in runs.LIVE
    state = found["status"] if fresh or live else "stale"
    failed = found["status"] == "failed"
    return {
        "state": state,
        "run": row.id,
        "error": found.get("reason") if failed else None,
        "metrics": told["metrics"].get(node, {}),
        **{key: found.get(key) for key in _TOLD},
    }
