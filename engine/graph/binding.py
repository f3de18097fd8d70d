"""Nodes bound to their operators: a pipeline that is known to be well formed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from engine.errors import PipelineError
from engine.graph.node import Link
from engine.graph.pipeline import Pipeline
from operators.contract.errors import OperatorError
from operators.contract.operator import Operator
from operators.contract.ports import Port, Role, port_as
from operators.registry import BUILTIN


@dataclass(frozen=True)
class BoundPipeline:
    """A pipeline with its values put in and an operator for every node."""

    pipeline: Pipeline
    operators: Mapping[str, Operator]

    @classmethod
    def of(cls, pipeline: Pipeline) -> Self:
        """Bind every node of `pipeline`.

        Raises:
            PipelineError: A node's operator or parameters are wrong; check the pipeline first for all faults.
        """
        resolved = pipeline.resolved()
        operators = {}
        for name, node in resolved.nodes.items():
            try:
                operators[name] = BUILTIN.build(node.operator, node.parameters, node.version)
            except OperatorError as error:
                raise PipelineError(f"Node {name!r}: {error}", hint=error.hint) from error
        return cls(resolved, operators)

    def port_of(self, link: Link) -> str:
        """Return the output port a link means: the one it names, or the node's first."""
        return link.port or self.operators[link.node].output_ports()[0].name

    def input_port(self, name: str, port: str) -> Port:
        """Return an input port of a node by name."""
        return next(found for found in self.operators[name].input_ports() if found.name == port)

    def main_link(self, name: str) -> Link | None:
        """Return where the rows of a node come from; None for a source."""
        return self._link_as(name, "rows", "train")

    def model_link(self, name: str) -> Link | None:
        """Return what feeds the first model port of a node, if it has one."""
        return self._link_as(name, "model")

    def _link_as(self, name: str, *roles: Role) -> Link | None:
        port = port_as(self.operators[name].input_ports(), *roles)
        return self.pipeline.nodes[name].inputs.get(port.name) if port else None
