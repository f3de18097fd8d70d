"""The walk over a pipeline's nodes, source first: each operator is asked which columns it gives for those it gets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.graph.faults import output_ports
from engine.graph.inferring import Given, inferred
from engine.graph.learnt import Learnt, OfEmpty, schema_key
from engine.graph.pipeline import Pipeline
from operators.contract.errors import OperatorError
from operators.contract.operator import Operator
from operators.contract.tables import Schema
from operators.registry import Registry


@dataclass(frozen=True)
class Ground:
    """What a walk goes over.

    Args:
        pipeline: With the values of its parameters put in.
        order: Its nodes that are in no circle, each after what feeds it.
        operators: By node, of those that could be built.
        sources: The schema of each source by its name, where it is known.
        learnt: Schemas that code written by users was seen to give.
        registry: Where operators are found.
    """

    pipeline: Pipeline
    order: tuple[str, ...]
    operators: Mapping[str, Operator]
    sources: Mapping[str, Schema]
    learnt: Learnt
    registry: Registry

    def inputs_of(self, name: str, known: Mapping[str, Given]) -> Given:
        """Return the schema at each connected table port of a node, and what a model at a port answers."""
        inputs: dict[str, Schema | None] = {}
        for port in self.operators[name].input_ports():
            link = self.pipeline.nodes[name].inputs.get(port.name)
            if not (port.has_rows or port.role == "model") or (link is None and port.optional):
                continue
            outputs = known.get(link.node, {}) if link else {}
            inputs[port.name] = outputs.get(link.port or next(iter(outputs), "")) if link else None
        return inputs


@dataclass(frozen=True)
class Walked:
    """What was found on a walk: by node what it was asked about, what it gives, and why it refused."""

    inputs: dict[str, Given] = field(default_factory=dict)
    schemas: dict[str, Given] = field(default_factory=dict)
    refusals: dict[str, tuple[OperatorError, ...]] = field(default_factory=dict)


Answer = tuple[Given, tuple[OperatorError, ...]]
Ask = Callable[[str, Given], Answer]
"""Takes a node and the schemas it gets; returns those that it gives, and why it refuses."""


def walk(ground: Ground, ask: Ask) -> Walked:
    """Ask each node that has an operator, source first."""
    walked = Walked()
    for name in ground.order:
        if name not in ground.operators:
            walked.schemas[name] = unknown(ground, name)
            continue
        inputs = walked.inputs[name] = ground.inputs_of(name, walked.schemas)
        walked.schemas[name], refusals = ask(name, inputs)
        if refusals:
            walked.refusals[name] = refusals
    return walked


def plainly(ground: Ground, guessed: set[str]) -> Ask:
    """Return how nodes are asked at first: what a node gives that refuses is not known.

    Args:
        ground: What is walked over.
        guessed: Takes the nodes of which is known what they give on empty tables alone.
    """

    def ask(name: str, inputs: Given) -> Answer:
        operator = ground.operators[name]
        try:
            schemas = {**unknown(ground, name), **inferred(operator, inputs, ground.sources)}
        except OperatorError as error:
            return unknown(ground, name), (error,)
        if not operator.trusted and None in schemas.values():
            key = schema_key(operator, inputs)
            seen = (ground.learnt(key) if key else None) or {}
            schemas |= seen
            if isinstance(seen, OfEmpty):
                guessed.add(name)
        return schemas, ()

    return ask


def unknown(ground: Ground, name: str) -> Given:
    """Return that nothing is known of what a node gives."""
    operator = ground.operators.get(name)
    node = ground.pipeline.nodes[name]
    ports = output_ports(ground.registry, node) if operator is None else operator.output_ports()
    return {port.name: None for port in ports or ()}
