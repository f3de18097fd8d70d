"""What the ledger says of each node of a run."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.records import runs
from engine.records.events import EventRow
from engine.records.runs import RunRow
from engine.runs.events import Requested, StagePlan, from_payload
from engine.runs.state import CANCELLED, FINISHED, RunState, StageState
from engine.runs.why import told as saying

Facts = Mapping[str, Any]


def told(row: RunRow, happened: Sequence[EventRow]) -> dict[str, dict[str, Any]]:
    """Return by node its status, seconds, rows, attempts, where it was reused from and why.

    Nodes that were fused into one stage share its status, attempts and seconds; only the last has rows. `losses` are
    what a node lost (`operators.contract.losses.told`), also where its work was reused.
    """
    happenings = [from_payload(event.kind, event.payload) for event in happened]
    state = RunState.replay(happenings)
    stages = {
        node: stage
        for event in happenings
        if isinstance(event, Requested)
        for stage in event.stages
        for node in stage.nodes
    }
    known = _known(happened)
    return {name: _node(name, row, stages.get(name), state, known) for name in row.document["nodes"]}


def _node(
    name: str, row: RunRow, stage: StagePlan | None, state: RunState, known: Mapping[str, Facts]
) -> dict[str, Any]:
    node: dict[str, Any] = {"status": "waiting", "seconds": None, "rows": None, "attempts": 0, "reused_from": None}
    node |= {"reason": "", "told": [], "losses": []}
    if stage is None:
        if row.status in runs.ENDED:
            node |= {"status": "skipped", "reason": "The run ended before it was planned."}
            node["told"] = [saying("unplanned")]
        return node
    stands, facts = state.stages[stage.name], known.get(stage.name, {})
    status = "waiting" if stands.status == "ready" else stands.status
    node |= {"status": status, "attempts": stands.attempt, "stage": stage.name}
    node["reason"], node["told"] = _reason(name, stands, facts, state)
    if status in (*FINISHED, "failed"):
        node["seconds"] = facts.get("seconds", 0.0)
    if status in FINISHED:
        node["losses"] = _losses(name, stage, facts["outputs"])
    if status in FINISHED and name == stage.name:
        node |= {key: facts[key] for key in ("rows", "metrics", "outputs")}
    if status == "reused":
        node["reused_from"] = facts["run"]
    return node


def _reason(name: str, stands: StageState, facts: Facts, state: RunState) -> tuple[str, list[dict[str, Any]]]:
    """Return why a node stands where it does: in words, and as codes where there are any."""
    if stands.status == "reused":
        return f"Run {facts['run']} did the same work.", [saying("reused", run=facts["run"])]
    if stands.status == "skipped":
        if stands.reason == CANCELLED:
            return stands.reason, [saying("cancelled")]
        blockers = [other for other in stands.after if state.stages[other].status in ("failed", "skipped")]
        return stands.reason, [saying("blocked", node=other) for other in blockers[:1]]
    if stands.status == "failed":
        return stands.reason, []
    return str(facts.get("reasons", {}).get(name, "")), list(facts.get("told", {}).get(name, ()))


def _known(happened: Sequence[EventRow]) -> dict[str, dict[str, Any]]:
    """Return by stage what its events say, the newest word of each."""
    known: dict[str, dict[str, Any]] = {}
    for event in happened:
        if event.node is None or event.kind == "refused":
            continue
        facts = known.setdefault(event.node, {})
        facts.update(event.payload)
        if event.kind in ("succeeded", "reused"):
            facts["rows"] = _rows(event.payload["outputs"])
    return known


def _losses(name: str, stage: StagePlan, outputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a node lost, of what the tables of its stage say was lost on the way to them."""
    found = [loss for ref in outputs.values() for loss in ref.get("losses", ())]
    return [
        {key: value for key, value in loss.items() if key != "step"}
        for loss in found
        if stage.nodes[min(loss["step"], len(stage.nodes) - 1)] == name
    ]


def _rows(outputs: Mapping[str, Any]) -> int | None:
    """Return the rows of the first table among outputs."""
    return next((ref["rows"] for ref in outputs.values() if ref["kind"] == "Table"), None)
