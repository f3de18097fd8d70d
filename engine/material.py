"""Values at any node of a run: what was kept, and what follows from it without being kept.

A node fused into a stage has no output of its own; its table is the operator's lazy query over what was kept
before it. Runs, previews, registration and references all ask here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import StoreError
from engine.graph.binding import BoundPipeline
from engine.graph.node import Link
from engine.graph.paths import state_of
from engine.graph.plan import beside, rows_for_model, steps_before
from engine.stores.outputs import OutputRef, OutputStore
from engine.tally import Tally
from operators.contract.ports import port_as
from operators.contract.step import Step
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable
from operators.registry import BUILTIN

Outputs = Mapping[str, Mapping[str, OutputRef]]
"""Kept outputs by node and port."""


@dataclass(frozen=True)
class Material:
    """The values of one run.

    Args:
        bound: Its pipeline.
        store: Where outputs are kept.
        outputs: What was kept so far.
        engine: Engine that tables are opened with.
        tally: Counts what table operators lose, where somebody computes their rows.
        fused: Nodes that are computed together, in order; a loss names its place among them.
    """

    bound: BoundPipeline
    store: OutputStore
    outputs: Outputs
    engine: str = "polars"
    fresh: dict[str, LazyTable] = field(default_factory=dict, compare=False)
    tally: Tally | None = field(default=None, compare=False)
    fused: tuple[str, ...] = ()

    def value(self, link: Link) -> Any:
        """Return the value at an output; a table is lazy.

        Raises:
            StoreError: It was not kept, and does not follow from what was.
        """
        port = self.bound.port_of(link)
        kept = self.outputs.get(link.node, {}).get(port)
        if kept is not None:
            return self.store.get(kept, self.engine)
        if isinstance(self.bound.operators[link.node], TableOperator):
            return self.table_of(link.node)
        raise StoreError(f"Node {link.node!r} has no output {port!r} yet.", hint="Run the pipeline up to it first.")

    def table_of(self, name: str) -> LazyTable:
        """Return what a table operator gives, as a lazy query over what was kept."""
        if name not in self.fresh:
            operator = self.bound.operators[name]
            assert isinstance(operator, TableOperator)  # noqa: S101 - the callers ask for nothing else
            self.fresh[name] = self._transformed(name, operator)
        return self.fresh[name]

    def _transformed(self, name: str, operator: TableOperator) -> LazyTable:
        tables = self._wired(name)
        if self.tally is None:
            return operator.transform(**tables)
        step = self.fused.index(name) if name in self.fused else 0
        return self.tally.watched(operator, tables, lambda given: operator.transform(**given), step=step)

    def inputs(self, name: str) -> dict[str, Any]:
        """Return the value for each connected port of a node.

        A model comes with the steps that the rows beside it have yet to pass; a registered one has its own. The
        validation rows of a trainer have passed them.
        """
        values = self._wired(name)
        asked = rows_for_model(self.bound, name)
        if asked is None:
            return values
        port, _ = asked
        steps = self.steps(steps_before(self.bound, name))
        model = port_as(self.bound.operators[name].input_ports(), "model")
        if model is not None:
            values[model.name] = values[model.name].after((*steps, *values[model.name].pending))
        else:
            for step in steps:
                values[port] = step.apply(values[port])
        return values

    def steps(self, names: Sequence[str]) -> tuple[Step, ...]:
        """Return nodes of a path as steps, with what they learnt and the tables beside their main one."""
        return tuple(self._step(name) for name in names)

    def _step(self, name: str) -> Step:
        operator, values = self.bound.operators[name], None
        link = state_of(self.bound, name)
        if link is not None:
            state = self.value(link)
            operator = BUILTIN.build(state.operator, state.parameters, state.version)
            values = state.values
        tables = {port: self.value(other) for port, other in beside(self.bound, name).items()}
        return Step(name, operator, values, tables)

    def _wired(self, name: str) -> dict[str, Any]:
        return {port: self.value(link) for port, link in self.bound.pipeline.nodes[name].inputs.items()}
