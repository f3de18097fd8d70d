"""From a pipeline to stages: chains of table operators become one lazy query.

A stage ends where a value must exist: at a fan-out, a fitted operator, a learner, any operator that is not a table
operator, a change of resources, or a pin.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.graph.binding import BoundPipeline
from engine.graph.paths import pending_nodes, state_of
from engine.graph.topology import consumers, ordered, parents
from operators.contract.ports import Role, port_as
from operators.contract.table_operator import TableOperator


@dataclass(frozen=True)
class Stage:
    """Nodes that run as one task.

    Args:
        name: Its last node, whose outputs are kept.
        nodes: All its nodes, each after what feeds it.
        after: Stages whose outputs it needs.
        resources: What its nodes ask for.
    """

    name: str
    nodes: tuple[str, ...]
    after: tuple[str, ...]
    resources: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Stages, each after those it needs."""

    stages: tuple[Stage, ...]

    def stage_of(self, node: str) -> Stage:
        """Return the stage a node is in."""
        return next(stage for stage in self.stages if node in stage.nodes)

    def stage(self, name: str) -> Stage:
        """Return a stage by the name of its last node."""
        return next(stage for stage in self.stages if stage.name == name)


def plan(bound: BoundPipeline) -> Plan:
    """Return the stages of a pipeline that has no problems.

    Raises:
        PipelineError: There is a cycle.
    """
    order = ordered(bound.pipeline)
    feeds = consumers(bound.pipeline)
    last = {name: name for name in order}
    for name in reversed(order):
        if _fuses_with_consumer(bound, name, feeds[name]):
            last[name] = last[feeds[name][0][0]]
    stages = []
    for name in order:
        if last[name] == name:
            nodes = tuple(node for node in order if last[node] == name)
            needs = dict.fromkeys(
                last[parent] for node in nodes for parent in dependencies(bound, node) if last[parent] != name
            )
            stages.append(Stage(name, nodes, tuple(needs), bound.pipeline.nodes[name].resources))
    return Plan(tuple(stages))


def dependencies(bound: BoundPipeline, name: str) -> list[str]:
    """Return the nodes whose outputs a node needs: its parents, and the states on its model's path."""
    needed = list(parents(bound.pipeline, name))
    for step in steps_before(bound, name):
        state = state_of(bound, step)
        if state is not None:
            needed.append(state.node)
        needed.extend(link.node for link in beside(bound, step).values())
    return list(dict.fromkeys(needed))


def steps_before(bound: BoundPipeline, name: str) -> tuple[str, ...]:
    """Return the nodes whose work must be done on the rows of `name` before its model sees them."""
    link = rows_for_model(bound, name)
    if link is None:
        return ()
    port, table = link
    del port
    return pending_nodes(bound, name, table)


def rows_for_model(bound: BoundPipeline, name: str) -> tuple[str, Any] | None:
    """Return (port, link) of the rows that a model at node `name` is asked about; None where there are none.

    For a node that takes a model, its rows; for a trainer, its validation rows.
    """
    operator, inputs = bound.operators[name], bound.pipeline.nodes[name].inputs
    role: Role = "rows" if bound.model_link(name) is not None else "validation"
    port = port_as(operator.input_ports(), role)
    gives_model = port_as(operator.output_ports(), "model") is not None
    if port is None or port.name not in inputs or (role == "validation" and not gives_model):
        return None
    return port.name, inputs[port.name]


def beside(bound: BoundPipeline, name: str) -> dict[str, Any]:
    """Return the links of what a node's rows are joined with, by port."""
    ports = [port.name for port in bound.operators[name].input_ports() if port.role == "beside"]
    inputs = bound.pipeline.nodes[name].inputs
    return {port: inputs[port] for port in ports if port in inputs}


def _fuses_with_consumer(bound: BoundPipeline, name: str, feeds: list[tuple[str, str]]) -> bool:
    if len(feeds) != 1 or bound.pipeline.nodes[name].pin:
        return False
    consumer = feeds[0][0]
    same = bound.pipeline.nodes[name].resources == bound.pipeline.nodes[consumer].resources
    return same and all(_is_lazy(bound, node) for node in (name, consumer))


def _is_lazy(bound: BoundPipeline, name: str) -> bool:
    operator = bound.operators[name]
    return isinstance(operator, TableOperator) and operator.trusted
