"""Why a node ran again: its parts compared with those of the nearest earlier run of the same pipeline."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.graph.fingerprint import changed
from engine.records import events, runs
from engine.records.runs import RunRow

Parts = Mapping[str, str]
Told = dict[str, Any]
LOOK_BACK = 20
"""Earlier runs that are looked at, newest first."""
SHOWN = 3
"""Changes that are named; the rest is counted."""
HASHED = ("input.", "code", "source.", "path.")
"""Parts whose values are hashes."""


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


def reason(before: Parts | None, after: Parts) -> tuple[str, list[Told]]:
    """Return why a node with these parts is not the one that ran before: in one line, and as codes with values."""
    if before is None:
        return "It has not run before.", [told("first")]
    differences = changed(before, after)
    if not differences:
        return "What it made before is not kept any more.", [told("not_kept")]
    shown, rest = differences[:SHOWN], len(differences) - SHOWN
    line = ", ".join(_line(item) for item in shown) + (f" and {rest} more." if rest > 0 else ".")
    return line, [_coded(item) for item in shown] + ([told("and_more", count=rest)] if rest > 0 else [])


def told(code: str, **values: Any) -> Told:
    """Return a sentence as a code and what it speaks of, so that a screen can say it in any language."""
    return {"code": f"why_{code}", "values": values}


def _line(item: Mapping[str, Any]) -> str:
    """Return a change as people read it; a hash says nothing to them."""
    part, before, after = item["part"], item["before"], item["after"]
    if part.startswith(HASHED):
        return f"{part} changed" if before is not None and after is not None else f"{part} is new"
    if before is None:
        return f"{part} is new: {after}"
    return f"{part} {before} -> {after if after is not None else 'gone'}"


def _coded(item: Mapping[str, Any]) -> Told:
    part, before, after = item["part"], item["before"], item["after"]
    family, _, name = part.partition(".")
    if family in ("parameter", "seed", "engine", "operator"):
        values = {"name": name or family, "before": before, "after": after}
        return told("new_value" if before is None else "value", **values)
    if family == "library":
        return told("new_library" if before is None else "library", name=name, before=before, after=after)
    if family == "code" and name:
        return told("code_behind", name=name)
    return told(family if family in ("input", "source", "path", "code", "door") else "part", name=name or family)
