"""The fitted path: what rows pass on the way to a model, and what of it given rows have not passed yet.

A model carries the path behind it. Scoring takes rows as they left the split (or the source); what lies on the
model's path beyond the nearest common ancestor is applied to them, with the state learnt from training rows.
`apply_state` counts as the node whose state it uses, so nothing is applied twice.
"""

from engine.errors import PipelineError
from engine.graph.binding import BoundPipeline
from engine.graph.node import Link
from operators.contract.fitted import FittedOperator
from operators.contract.ports import port_as
from operators.contract.table_operator import TableOperator


def row_path(bound: BoundPipeline, link: Link | None) -> list[str]:
    """Return the nodes that the rows at `link` have passed, source first."""
    path: list[str] = []
    while link is not None:
        path.append(link.node)
        link = bound.main_link(link.node)
    return path[::-1]


def trainer_of(bound: BoundPipeline, name: str) -> str:
    """Return the node that trained the model which `name` gives or takes.

    Raises:
        PipelineError: No model comes from or goes into that node.
    """
    seen = name
    while True:
        link = bound.model_link(seen)
        if link is not None:
            seen = link.node
            continue
        if port_as(bound.operators[seen].output_ports(), "model"):
            return seen
        raise PipelineError(f"Node {name!r} has no model.", hint="Name the node of a trainer.")


def is_loaded(bound: BoundPipeline, name: str) -> bool:
    """True where the model of a node is a registered one: it brings the path that rows take to it."""
    return any(source.kind == "model" for source in bound.operators[name].sources())


def path_to_model(bound: BoundPipeline, name: str) -> tuple[str, ...]:
    """Return the nodes that training rows passed before the model of node `name`, source first."""
    return tuple(row_path(bound, bound.main_link(trainer_of(bound, name))))


def pending_nodes(bound: BoundPipeline, name: str, table: Link) -> tuple[str, ...]:
    """Return the nodes that the rows at `table` have yet to pass before the model of node `name`.

    Args:
        bound: The pipeline.
        name: A node that takes a model (a score, a prediction), or a trainer whose validation rows these are.
        table: Where the rows come from.
    """
    path = path_to_model(bound, name)
    passed = {_counted_as(bound, node) for node in row_path(bound, table)}
    start = next((i + 1 for i in range(len(path) - 1, -1, -1) if _counted_as(bound, path[i]) in passed), 1)
    return tuple(node for node in path[start:] if is_step(bound, node))


def is_step(bound: BoundPipeline, name: str) -> bool:
    """True where a node on a path does something to other rows: not a source, a split, or a sampling."""
    operator = bound.operators[name]
    gives_rows = [port.role for port in operator.output_ports()] == ["rows"]
    applies = isinstance(operator, TableOperator | FittedOperator) or (gives_rows and bound.main_link(name) is not None)
    return applies and operator.online() != "skip"


def _counted_as(bound: BoundPipeline, name: str) -> str:
    """Return the node whose state `apply_state` uses; any other node counts as itself."""
    port = port_as(bound.operators[name].input_ports(), "state")
    link = bound.pipeline.nodes[name].inputs.get(port.name) if port else None
    return _counted_as(bound, link.node) if link else name


def state_of(bound: BoundPipeline, name: str) -> Link | None:
    """Return where the state of a step is kept: a fitted node's own, or what feeds `apply_state`."""
    if isinstance(bound.operators[name], FittedOperator):
        return Link(name, "state")
    port = port_as(bound.operators[name].input_ports(), "state")
    return bound.pipeline.nodes[name].inputs.get(port.name) if port else None
