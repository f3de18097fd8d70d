"""A pipeline once mistyped names are mended: of operators, nodes and ports, where one name is clearly meant."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.graph.faults import output_ports
from engine.graph.node import Link, Node
from engine.graph.pipeline import Pipeline
from operators.registry import Registry, UnknownOperatorError

_ALIKE = 0.7
_CLEARLY = 0.1


def meant(name: str, names: Iterable[str]) -> str:
    """Return the one of `names` that is much more like a mistyped name than all others; empty where none is."""
    alike = sorted(((difflib.SequenceMatcher(None, name, one).ratio(), one) for one in names), reverse=True)
    if not alike or alike[0][0] < _ALIKE or (len(alike) > 1 and alike[1][0] > alike[0][0] - _CLEARLY):
        return ""
    return alike[0][1]


def with_names_mended(pipeline: Pipeline, registry: Registry) -> Pipeline:
    """Return a pipeline with the names that are meant in place of those that are not there; others stay."""
    operators = {name: _operator(node, registry) for name, node in pipeline.nodes.items()}
    nodes = {name: replace(node, inputs=_inputs(name, node, operators, registry)) for name, node in operators.items()}
    return pipeline if nodes == pipeline.nodes else replace(pipeline, nodes=nodes)


def _operator(node: Node, registry: Registry) -> Node:
    """Return a node with the operator that is meant, in the present version where its own is not there."""
    try:
        registry.find(node.operator, node.version)
    except UnknownOperatorError:
        known = (*registry.operators, *registry.broken)
        name = node.operator if node.operator in known else meant(node.operator, registry.operators)
        return replace(node, operator=name, version=None) if name else node
    return node


def _inputs(name: str, node: Node, nodes: Mapping[str, Node], registry: Registry) -> dict[str, Link]:
    kind = registry.operators.get(node.operator)
    ports = [port.name for port in kind.input_ports()] if kind else list(node.inputs)
    free = [port for port in ports if port not in node.inputs]
    inputs = {}
    for port, link in node.inputs.items():
        source = link.node if link.node in nodes else meant(link.node, set(nodes) - {name})
        given = output_ports(registry, nodes[source]) if source else None
        outputs = [output.name for output in given or ()]
        output = link.port if not outputs or link.port in ("", *outputs) else meant(link.port, outputs)
        inputs[port if port in ports else meant(port, free) or port] = Link(source or link.node, output or link.port)
    return inputs
