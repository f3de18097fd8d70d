"""From the nodes of a pipeline to their operators, as far as their parameters are right."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.graph.faults import placeholders_left
from engine.graph.node import Node, Problem
from engine.graph.pipeline import Pipeline, placeholders
from operators.contract.operator import Operator
from operators.registry import Registry, UnknownOperatorError


@dataclass(frozen=True)
class Unbuilt:
    """A node whose operator is known and whose parameters are not right.

    Args:
        kind: The operator's class.
        node: With the values of the pipeline's parameters put in.
        fields: The parameters that are wrong, at their first level; `""` where several contradict each other.
    """

    kind: type[Operator]
    node: Node
    fields: frozenset[str]


@dataclass
class Built:
    """The operators of a pipeline, those that could not be built, and why."""

    operators: dict[str, Operator] = field(default_factory=dict)
    unbuilt: dict[str, Unbuilt] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def build_all(pipeline: Pipeline, resolved: Pipeline, registry: Registry) -> Built:
    """Build the operator of each node.

    Args:
        pipeline: As it is written.
        resolved: With the values of its parameters put in.
        registry: Where operators are found.
    """
    found = Built()
    for name, node in resolved.nodes.items():
        found.problems.extend(placeholders_left(name, pipeline.nodes[name], pipeline))
        try:
            _build(found, name, node, registry)
        except UnknownOperatorError as error:
            found.problems.append(Problem(name, "operator", str(error), error.hint))
    return found


def _build(found: Built, name: str, node: Node, registry: Registry) -> None:
    kind = registry.find(node.operator, node.version)
    open_fields = _open(node.parameters)
    if open_fields:
        found.unbuilt[name] = Unbuilt(kind, node, open_fields)
        return
    operator, faults = registry.try_build(node.operator, node.parameters, node.version)
    if operator is not None:
        found.operators[name] = operator
        return
    found.problems.extend(Problem(name, fault.field, str(fault), fault.hint) for fault in faults)
    found.unbuilt[name] = Unbuilt(kind, node, frozenset(fault.field.partition(".")[0] for fault in faults))


def _open(parameters: Mapping[str, object]) -> frozenset[str]:
    """Return the parameters that hold a placeholder without a value."""
    return frozenset(name for name, value in parameters.items() if placeholders(value))
