"""Why a node ran again: its parts compared with those of the nearest earlier run of the same pipeline."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.graph.fingerprint import changed
from engine.records import events, runs
from engine.records.runs import RunRow

Parts = Mapping[str, str]
LOOK_BACK = 20
"""Earlier runs that are looked at, newest first."""


def earlier_parts(connection: Connection, run: RunRow) -> dict[str, tuple[str, Parts]]:
    """Return for each node the nearest earlier run of this pipeline that came to it, and its parts there."""
    found: dict[str, tuple[str, Parts]] = {}
    wanted = set(run.document.get("nodes", {}))
    before = runs.newest(
        connection, project=run.project, pipeline=run.pipeline, before=run.number, limit=LOOK_BACK, brief=True
    )
    for earlier in before:
        if wanted <= found.keys():
            break
        for node, parts in parts_of(connection, earlier.id).items():
            found.setdefault(node, (earlier.id, parts))
    return found


def parts_of(connection: Connection, run: str) -> dict[str, Parts]:
    """Return the parts of every node of a run that was started or reused, as they were the last time."""
    found: dict[str, Parts] = {}
    for event in events.of(connection, run, kinds=("started", "reused")):
        found.update(event.payload.get("parts", {}))
    return found


def sentence(before: Parts | None, after: Parts) -> str:
    """Return in one line why a node with these parts is not the one that ran before."""
    if before is None:
        return "It has not run before."
    differences = [_told(item) for item in changed(before, after)]
    if not differences:
        return "What it made before is not kept any more."
    shown, rest = differences[:3], len(differences) - 3
    return ", ".join(shown) + (f" and {rest} more." if rest > 0 else ".")


def _told(item: Mapping[str, Any]) -> str:
    """Return a change as people read it; a hash says nothing to them."""
    part, before, after = item["part"], item["before"], item["after"]
    if part.startswith(("input.", "code", "source.", "path.")):
        return f"{part} changed" if before is not None and after is not None else f"{part} is new"
    if before is None:
        return f"{part} is new: {after}"
    return f"{part} {before} -> {after if after is not None else 'gone'}"
