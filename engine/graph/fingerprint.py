"""What a result depends on, by name: the parts, and their digest.

Two nodes with equal parts give equal outputs, so the earlier output is reused; where a part differs, its name is
what a receipt shows ("ran again because parameter.max_depth 6 -> 8"). The node's own name and its place on the
canvas are no part of it.
"""

import functools
import hashlib
import importlib.metadata
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.graph.binding import BoundPipeline
from engine.graph.node import Link
from engine.graph.plan import Stage, beside, steps_before
from operators.contract.operator import Operator
from operators.contract.ports import wants_context

Contents = Mapping[str, Mapping[str, str]]
"""Content hash of each kept output, by node and port."""

_ENGINE_PACKAGES = {"polars": "polars", "duckdb": "duckdb", "spark": "pyspark"}


def stage_parts(
    bound: BoundPipeline,
    stage: Stage,
    contents: Contents,
    *,
    sources: Mapping[str, str],
    engine: str,
    seed: int,
) -> dict[str, dict[str, str]]:
    """Return the parts of every node of a stage.

    Args:
        bound: The pipeline.
        stage: One of its stages.
        contents: Content hashes of the outputs of the stages before it.
        sources: Content hash of each source by ref (`dataset:customers`).
        engine: Engine of the run's tables.
        seed: Seed of the run.
    """
    found: dict[str, dict[str, str]] = {}
    for name in stage.nodes:
        operator = bound.operators[name]
        parts = own_parts(operator)
        parts["engine"] = f"{engine} {_version(engine)}"
        if wants_context(getattr(operator, operator.entry_method)):
            parts["seed"] = str(seed)
        for source in operator.sources():
            ref = f"{source.kind}:{source.ref}"
            parts[f"source.{ref}"] = sources.get(ref, "missing")
        for port, link in bound.pipeline.nodes[name].inputs.items():
            parts[f"input.{port}"] = _content(bound, link, contents, found)
        for step in steps_before(bound, name):
            parts |= {f"path.{step}.{key}": value for key, value in _step_parts(bound, step, contents, found).items()}
        found[name] = parts
    return found


def own_parts(operator: Operator) -> dict[str, str]:
    """Return what an operator is, whatever it is given: its version, its code, its parameters with their defaults."""
    parts = {"operator": f"{operator.card.name}@{operator.card.version}", "code": code_hash(type(operator))}
    for field, value in operator.model_dump(mode="json").items():
        parts[f"parameter.{field}"] = json.dumps(value, sort_keys=True, ensure_ascii=False)
        kind: type[Any] = type(getattr(operator, field))
        if kind.__module__.startswith("operators."):
            parts[f"code.{field}"] = code_hash(kind)
    return parts


def digest(parts: Mapping[str, str]) -> str:
    """Return 64 hexadecimal digits that stand for the parts."""
    text = json.dumps(dict(parts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def code_hash(kind: type[Any]) -> str:
    """Return a hash of the file a class is written in."""
    return _file_hash(inspect.getsourcefile(kind) or "")


@functools.cache
def _file_hash(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, str | None]]:
    """Return the parts that differ, with their values before and after; None where a part was not there."""
    names = sorted({*before, *after})
    return [
        {"part": name, "before": before.get(name), "after": after.get(name)}
        for name in names
        if before.get(name) != after.get(name)
    ]


def _content(bound: BoundPipeline, link: Link, contents: Contents, fused: Mapping[str, dict[str, str]]) -> str:
    """Return what stands for an input: its content, or the digest of a node fused into the same stage."""
    if link.node in fused:
        return digest(fused[link.node])
    return contents[link.node][bound.port_of(link)]


def _step_parts(
    bound: BoundPipeline, step: str, contents: Contents, fused: Mapping[str, dict[str, str]]
) -> dict[str, str]:
    parts = own_parts(bound.operators[step])
    for port, link in beside(bound, step).items():
        known = link.node in contents
        parts[f"input.{port}"] = _content(bound, link, contents, fused) if known else "fused"
    if "state" in contents.get(step, {}):
        parts["state"] = contents[step]["state"]
    return {"what": digest(parts)}


@functools.cache
def _version(engine: str) -> str:
    return importlib.metadata.version(_ENGINE_PACKAGES[engine])
