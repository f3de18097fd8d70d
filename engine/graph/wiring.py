"""What may feed what: outputs that fit an input without closing a circle, and the links a new node likely wants."""

from collections.abc import Mapping
from typing import Any

from engine.graph.node import Link
from engine.graph.pipeline import Pipeline
from engine.graph.topology import ancestors
from operators.contract.operator import Operator
from operators.contract.ports import Port, Role
from operators.registry import BUILTIN


def offers(pipeline: Pipeline, node: str) -> dict[str, list[str]]:
    """Return for each input of a node the outputs it may be fed by, as `node.port`, nearest in the file first.

    An operator that is not known has no inputs here; an output of one is offered nowhere.
    """
    kind = _kind(pipeline, node)
    fitting = [name for name in pipeline.nodes if name != node and node not in ancestors(pipeline, [name])]
    return {port.name: _giving(pipeline, fitting, port) for port in (kind.input_ports() if kind else ())}


def links_between(pipeline: Pipeline, source: str, target: str) -> list[tuple[str, str]]:
    """Return the links `(from, port)` that may go from one node to another: into free ports first, then of one name."""
    found = [
        (output, port)
        for port, outputs in offers(pipeline, target).items()
        for output in outputs
        if Link.parse(output).node == source
    ]
    taken = pipeline.node(target).inputs
    return sorted(found, key=lambda link: (link[1] in taken, Link.parse(link[0]).port != link[1]))


def suggested(pipeline: Pipeline, operator: str, after: str) -> dict[str, Any]:
    """Return `{"with", "from"}` for a new node that follows `after`.

    Each input that is needed takes an output of `after` that fits, by name before by type; one that `after` cannot
    feed takes held-out rows of a split before it. A `target` is the one that nodes before it have.
    """
    kind = BUILTIN.operators.get(operator.partition("@")[0])
    before = [after, *(name for name in reversed(list(pipeline.nodes)) if name in ancestors(pipeline, [after]))]
    links: dict[str, str] = {}
    for port in kind.input_ports() if kind else ():
        fed = _giving(pipeline, [after], port)
        held = _giving(pipeline, before, port, "held_out")
        if not port.optional and (fed or held):
            links[port.name] = next((one for one in fed if Link.parse(one).port == port.name), (fed or held)[0])
    targets = [pipeline.nodes[name].parameters.get("target") for name in before]
    target = next((value for value in targets if isinstance(value, str) and value), None)
    wants = kind is not None and target is not None and "target" in kind.model_fields
    return {"with": {"target": target} if wants else {}, "from": links}


def in_order(operator: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters in the order of the operator's fields, others after them, so that files read alike."""
    kind = BUILTIN.operators.get(operator.partition("@")[0])
    known = [name for name in kind.model_fields if name in parameters] if kind else []
    return {name: parameters[name] for name in [*known, *(name for name in parameters if name not in known)]}


def _giving(pipeline: Pipeline, nodes: list[str], port: Port, role: Role = "") -> list[str]:
    """Return the outputs of nodes that fit a port, of any role when empty."""
    return [
        f"{name}.{output.name}"
        for name in nodes
        for kind in [_kind(pipeline, name)]
        for output in (kind.output_ports() if kind else ())
        if output.type == port.type and role in ("", output.role)
    ]


def _kind(pipeline: Pipeline, node: str) -> type[Operator] | None:
    return BUILTIN.operators.get(pipeline.node(node).operator)
