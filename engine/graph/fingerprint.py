"""What a result depends on, by name: the parts, and their digest.

Two nodes with equal parts give equal outputs, so the earlier output is reused; where a part differs, its name is
what a receipt shows ("ran again because parameter.max_depth 6 -> 8"). The node's own name and its place on the
canvas are no part of it.
"""

import functools
import hashlib
import importlib.metadata
import json
from collections.abc import Mapping

from engine.doors import doors_of
from engine.graph.binding import BoundPipeline
from engine.graph.node import Link
from engine.graph.plan import Stage, beside, steps_before
from operators.contract.card import ENGINES, Engine
from operators.contract.operator import Operator
from operators.contract.ports import wants_context
from operators.identity import code_of, libraries_of
from operators.learners.algorithm import learners_in

Contents = Mapping[str, Mapping[str, str]]
"""Content hash of each kept output, by node and port."""


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
        parts = own_parts(operator) | _made_with(operator) | _code_behind(bound, name, sources)
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
    """Return what an operator is, whatever it is given: its version, its code, its parameters with their defaults.

    An algorithm that is given as a word counts as the settings that it stands for, with the code of its learner.
    """
    parts = {"operator": f"{operator.card.name}@{operator.card.version}", "code": code_of(type(operator))}
    for field, value in operator.model_dump(mode="json").items():
        parts[f"parameter.{field}"] = _written(value)
    for field, learners in learners_in(operator).items():
        settings = [learner.model_dump(mode="json") for learner in learners]
        parts[f"parameter.{field}"] = _written(settings[0] if len(settings) == 1 else settings)
        parts[f"code.{field}"] = "+".join(sorted(code_of(type(learner)) for learner in learners))
    return parts


def _made_with(operator: Operator) -> dict[str, str]:
    """Return the versions of the libraries that do the work, and of what the engine does for it."""
    kinds = [type(operator), *(type(one) for learners in learners_in(operator).values() for one in learners)]
    libraries = {name: version for kind in kinds for name, version in libraries_of(kind).items()}
    return {f"library.{name}": version for name, version in libraries.items()} | {
        f"door.{name}": str(version) for name, version in doors_of(operator).items()
    }


def _code_behind(bound: BoundPipeline, name: str, sources: Mapping[str, str]) -> dict[str, str]:
    """Return the code that models and states are used by: that of the nodes which made them, or of what these load."""

    def behind(maker: Operator) -> dict[str, str]:
        refs = [f"{source.kind}:{source.ref}" for source in maker.sources() if source.kind == "model"]
        return own_parts(maker) | {f"source.{ref}": sources.get(ref, "missing") for ref in refs}

    ports = {port.name: port.type for port in bound.operators[name].input_ports()}
    return {
        f"code.{port}": digest(behind(bound.operators[link.node]))[:16]
        for port, link in bound.pipeline.nodes[name].inputs.items()
        if ports.get(port) in ("Model", "State")
    }


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def digest(parts: Mapping[str, str]) -> str:
    """Return 64 hexadecimal digits that stand for the parts."""
    text = json.dumps(dict(parts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


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
    parts = own_parts(bound.operators[step]) | _made_with(bound.operators[step])
    for port, link in beside(bound, step).items():
        known = link.node in contents
        parts[f"input.{port}"] = _content(bound, link, contents, fused) if known else "fused"
    if "state" in contents.get(step, {}):
        parts["state"] = contents[step]["state"]
    return {"what": digest(parts)}


@functools.cache
def _version(engine: Engine) -> str:
    return importlib.metadata.version(ENGINES[engine].package)
