"""A run as a document: the one that `tandem run --json` prints, also while the run goes on."""

import time
from collections.abc import Sequence
from typing import Any

from engine.errors import NotFoundError
from engine.graph.fingerprint import changed
from engine.records import Records, attempts, events, runs, traces
from engine.records.runs import RunRow
from engine.runs.nodes import told
from engine.runs.state import FINISHED
from engine.runs.timeline import timeline
from engine.runs.why import earlier_parts, parts_of


def document(records: Records, run: str) -> dict[str, Any]:
    """Return the document of a run as it stands now.

    Raises:
        NotFoundError: There is no such run.
    """
    with records.read() as connection:
        row, happened = runs.get(connection, run), events.of(connection, run)
        newest = {item.node: item for item in traces.progress(connection, run)}
    nodes = told(row, happened)
    for name, item in newest.items():
        if name in nodes:
            nodes[name]["progress"] = {"step": item.step, "metrics": dict(item.metrics)}
    metrics = {name: node.pop("metrics", None) for name, node in nodes.items()}
    return {
        **summary(row),
        "parameters": dict(row.document.get("parameters") or {}),
        "sources": {ref: source.get("label") or None for ref, source in row.sources.items()},
        "nodes": nodes,
        "metrics": {name: found for name, found in metrics.items() if found},
        "error": row.error,
    }


def summary(row: RunRow) -> dict[str, Any]:
    """Return what a list of runs shows of one; seconds are at least 0, and null before it began."""
    return {
        "id": row.id,
        "pipeline": row.pipeline,
        "status": row.status,
        "started": row.started,
        "seconds": row.seconds if row.status in runs.ENDED else _so_far(row),
        "engine": row.engine,
        "environment": row.environment,
        "created": row.created,
        "ended": row.ended,
        "project": row.project,
        "actor": row.actor,
        "seed": row.seed,
    }


def listing(
    records: Records,
    *,
    project: str | None = None,
    pipeline: str | None = None,
    statuses: Sequence[str] = (),
    limit: int = 1000,
) -> list[dict[str, Any]]:
    """Return the newest runs, newest first; of one pipeline and with one of `statuses`, if these are given."""
    with records.read() as connection:
        found = runs.newest(connection, project=project, pipeline=pipeline, statuses=statuses, limit=limit, brief=True)
    return [summary(row) for row in found]


def live(records: Records) -> list[dict[str, Any]]:
    """Return the runs that are not over, oldest first, each with `done` of `total` nodes."""
    with records.read() as connection:
        rows = [runs.get(connection, one.id) for one in runs.live(connection)]
        ledgers = [events.of(connection, row.id) for row in rows]
    found = []
    for row, happened in zip(rows, ledgers, strict=True):
        nodes = told(row, happened)
        done = sum(node["status"] in FINISHED for node in nodes.values())
        found.append({**summary(row), "done": done, "total": len(nodes)})
    return found


def chart(records: Records, run: str) -> dict[str, Any]:
    """Return when each stage of a run waited and worked, see `engine.runs.timeline`.

    Raises:
        NotFoundError: There is no such run.
    """
    with records.read() as connection:
        row, happened, tries = runs.get(connection, run), events.of(connection, run), attempts.of(connection, run)
    return timeline(row, happened, tries, time.time())


def why(records: Records, run: str, node: str) -> dict[str, Any]:
    """Return why a node of a run ran again, or which run it was reused from.

    Its parts are compared with those of the nearest earlier run of the same pipeline that came to this node.

    Raises:
        NotFoundError: There is no such run or node.
    """
    with records.read() as connection:
        row = runs.get(connection, run)
        if node not in row.document["nodes"]:
            raise NotFoundError.among("node", node, row.document["nodes"])
        happened = events.of(connection, run)
        after = parts_of(connection, run).get(node)
        compared, before = earlier_parts(connection, row).get(node, (None, None))
    shown = told(row, happened)[node]
    differences = changed(before, after) if before is not None and after is not None else []
    return {
        "run": run,
        "node": node,
        "reused_from": shown["reused_from"],
        "changed": differences,
        "compared_with": compared,
        "reason": shown["reason"],
        "told": shown["told"],
    }


def _so_far(row: RunRow) -> float | None:
    return None if row.started is None else max(0.0, time.time() - row.started)
