"""Runs side by side: what was set differently, what came of it, how long it took."""

from collections.abc import Mapping
from typing import Any

from engine.graph.pipeline import Pipeline
from engine.records import Records, runs
from engine.records.runs import RunRow
from engine.runs import report
from engine.runs.merit import side_by_side

Document = dict[str, Any]
_SETTINGS = ("engine", "environment", "seed")


def compare(records: Records, identities: list[str]) -> Document:
    """Return runs side by side.

    Returns:
        `{"runs": [summary], "parameters": [{"node", "name", "values": {run: value}}], "metrics": [...], "seconds":
        [{"node", "values": {run: seconds}}]}`. Parameters are those that differ, and metrics are as
        `engine.runs.merit.side_by_side` gives them. A node of "" stands for the run as a whole.

    Raises:
        NotFoundError: There is no such run.
    """
    with records.read() as connection:
        rows = {identity: runs.get(connection, identity) for identity in dict.fromkeys(identities)}
    documents = {identity: report.document(records, identity) for identity in rows}
    nodes = {name for document in documents.values() for name in document["nodes"]}
    spent = {identity: document["nodes"] for identity, document in documents.items()}
    return {
        "runs": [report.summary(row) for row in rows.values()],
        "parameters": parameters({identity: facts(row) for identity, row in rows.items()}),
        "metrics": side_by_side({identity: document["metrics"] for identity, document in documents.items()}),
        "seconds": [
            {"node": "", "values": {identity: document["seconds"] for identity, document in documents.items()}},
            *(
                {"node": name, "values": {run: known.get(name, {}).get("seconds") for run, known in spent.items()}}
                for name in sorted(nodes)
            ),
        ],
    }


def facts(row: RunRow) -> dict[tuple[str, str], Any]:
    """Return what was set for a run: by node and name; a node of "" stands for the run as a whole."""
    found: dict[tuple[str, str], Any] = {("", name): getattr(row, name) for name in _SETTINGS}
    found |= {("", ref): source_name(pin) for ref, pin in row.sources.items()}
    asked = Pipeline.from_valid({"name": row.pipeline, "nodes": {}, **row.document}).resolved()
    for name, node in asked.document()["nodes"].items():
        found[name, "operator"] = node["operator"]
        found |= {(name, field): value for field, value in (node.get("with") or {}).items()}
    return found


def source_name(pin: Mapping[str, Any]) -> str:
    """Return the version of a source as people know it: `customers@3`, and for a file a part of its hash, too."""
    label = str(pin.get("label") or "")
    return label if pin.get("table") is not None else f"{label} ({str(pin.get('hash', ''))[:8]})"


def parameters(found: Mapping[str, Mapping[tuple[str, str], Any]]) -> list[Document]:
    """Return what is not set alike in several things: `[{"node", "name", "values": {thing: value or None}}]`."""
    keys = list(dict.fromkeys(key for known in found.values() for key in known))
    rows = [(key, {thing: known.get(key) for thing, known in found.items()}) for key in keys]
    return [
        {"node": node, "name": name, "values": values}
        for (node, name), values in rows
        if any(value != next(iter(values.values())) for value in values.values())
    ]
