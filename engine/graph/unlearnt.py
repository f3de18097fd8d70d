"""Code written by users whose columns are not known: what a check says of it, and what can be tried."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.graph.inferring import Given
from engine.graph.node import Problem
from engine.graph.pipeline import Pipeline
from engine.graph.topology import ancestors
from engine.graph.walking import Ground, Walked
from operators.contract.operator import Operator
from operators.contract.tables import Schema


@dataclass(frozen=True)
class Unlearnt:
    """A node whose code alone could tell which columns it gives.

    Args:
        node: Its name.
        operator: What it does.
        inputs: The schema of each connected table port; None where it is not known.
        ports: The outputs whose columns are not known.
    """

    node: str
    operator: Operator
    inputs: Given
    ports: tuple[str, ...]

    @property
    def triable(self) -> bool:
        """Whether all is known that comes in, so that it could be tried on empty tables."""
        return None not in self.inputs.values()

    @property
    def known(self) -> dict[str, Schema]:
        """The inputs whose schemas are known."""
        return {port: schema for port, schema in self.inputs.items() if schema is not None}

    @property
    def field(self) -> str:
        """The parameter that declares its columns; `operator` where it has none."""
        return "columns" if "columns" in type(self.operator).model_fields else "operator"


def unlearnt(ground: Ground, walked: Walked) -> Iterator[Unlearnt]:
    """Yield the nodes of users' code whose columns are neither declared nor learnt, each after what feeds it."""
    for name, inputs in walked.inputs.items():
        operator = ground.operators[name]
        if operator.trusted or name in walked.refusals:
            continue
        tables = [port.name for port in operator.output_ports() if port.type == "Table"]
        ports = tuple(port for port in tables if walked.schemas[name].get(port) is None)
        if ports:
            yield Unlearnt(name, operator, inputs, ports)


def columns_not_known(pipeline: Pipeline, found: Sequence[Unlearnt], at_fault: Collection[str]) -> Iterator[Problem]:
    """Yield a warning for each of these nodes that feeds another.

    Nothing is said below a node that is at fault: its columns may have been learnt for what it gives once it is mended.
    """
    clear: set[str] = set()
    for one in found:
        above = ancestors(pipeline, [one.node])
        learnable = one.triable or bool(above & clear)
        if learnable:
            clear.add(one.node)
        if not _feeds(pipeline, one) or (not one.triable and above & set(at_fault)):
            continue
        hint = (
            "Declare them, run it once, or try it on an empty table (--dry-run)."
            if learnable
            else "Declare them: the columns that reach it are known in a run alone."
        )
        yield Problem(one.node, one.field, f"The columns that {one.node!r} gives are not known yet.", hint, "warning")


def _feeds(pipeline: Pipeline, one: Unlearnt) -> bool:
    first = one.operator.output_ports()[0].name
    links = (link for node in pipeline.nodes.values() for link in node.inputs.values() if link.node == one.node)
    return any((link.port or first) in one.ports for link in links)
