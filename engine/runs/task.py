"""What a worker does with an order: build the inputs, do the work, keep the outputs, answer.

Outputs are complete and on disk before the answer is given. Whatever happens inside is answered as one sentence.
"""

import functools
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engine.config import Workspace
from engine.graph.binding import BoundPipeline
from engine.graph.pipeline import Pipeline
from engine.material import Material
from engine.records import traces
from engine.records.database import Records
from engine.runs.context import Spread, WorkerContext
from engine.runs.failures import StageError, failure_of
from engine.runs.lost import with_losses
from engine.runs.orders import Done, WorkOrder, mark_of
from engine.runs.remember import remember
from engine.stores.outputs import OutputRef, OutputStore
from engine.tally import Tally, watched_fit
from operators.contract.fitted import FittedOperator
from operators.contract.table_operator import TableOperator

_LOGGED = ("operators", "engine.runs.user")  # loggers whose lines belong to a run
_LINES = 2000  # at most so many log lines of one attempt are kept


def run_stage(document: Mapping[str, Any], spread: Spread | None = None) -> dict[str, Any]:
    """Do the work of an order and return `{"done": ...}` or `{"failure": ...}`.

    Args:
        document: A `WorkOrder` as JSON.
        spread: How `Context.map` reaches the cluster; None runs its items in this process.
    """
    started = time.monotonic()
    order = WorkOrder.model_validate(document)
    workspace = Workspace.at(order.workspace, records_url=order.records_url)
    try:
        with _logged(order, workspace):
            outputs = _work(order, workspace, spread)
    except Exception as error:  # noqa: BLE001 - the worker's outermost frame: every fault becomes an answer
        failure = failure_of(error, order.stage)
        return {"failure": failure.model_copy(update={"seconds": time.monotonic() - started}).model_dump(mode="json")}
    return {"done": Done(outputs=outputs, seconds=time.monotonic() - started).model_dump(mode="json")}


def _work(order: WorkOrder, workspace: Workspace, spread: Spread | None) -> dict[str, dict[str, OutputRef]]:
    store = OutputStore(workspace.outputs, _key(str(workspace.root)), mark=mark_of(order.token))
    bound = BoundPipeline.of(Pipeline.from_valid(order.pipeline))
    material = Material(bound, store, order.outputs, order.engine, tally=Tally(), fused=tuple(order.nodes))
    context = WorkerContext(order, workspace, store, spread)
    try:
        kept = _outputs(order, bound, material, context, store)
        if not bound.operators[order.stage].trusted:
            remember(order, bound, kept, workspace)
        return {order.stage: kept}
    finally:
        context.close()


def _outputs(
    order: WorkOrder, bound: BoundPipeline, material: Material, context: WorkerContext, store: OutputStore
) -> dict[str, OutputRef]:
    operator = bound.operators[order.stage]
    if isinstance(operator, TableOperator):
        for name in order.nodes:  # in order, so that a fault is named after the node it is in
            with _blamed(name):
                material.table_of(name)
        with _blamed(order.stage):
            return {"table": with_losses(store.put_table(material.table_of(order.stage)), material)}
    with _blamed(order.stage):
        inputs = material.inputs(order.stage)
        values = operator.invoke(inputs, context)
        if isinstance(operator, FittedOperator) and material.tally is not None:
            values["table"] = watched_fit(material.tally, operator, inputs["train"], values)
        kept = {}
        for port in operator.output_ports():
            value = values[port.name]
            known = context.kept(value) if port.type == "Table" else None
            ref = known or store.put(port.type, value)
            kept[port.name] = with_losses(ref, material) if port.type == "Table" else ref
        return kept


@contextmanager
def _blamed(node: str) -> Iterator[None]:
    """Name the node in whatever goes wrong inside."""
    try:
        yield
    except Exception as error:
        raise StageError(node) from error


@functools.cache
def _key(root: str) -> bytes:
    return Workspace.at(root).key


@contextmanager
def _logged(order: WorkOrder, workspace: Workspace) -> Iterator[None]:
    """Keep what operators log in this thread as the log of the run."""
    handler = _Collector(order)
    loggers = [logging.getLogger(name) for name in _LOGGED]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        if handler.lines:
            with Records.open(workspace).write() as connection:
                traces.log(connection, handler.lines[:_LINES])


class _Collector(logging.Handler):
    def __init__(self, order: WorkOrder) -> None:
        super().__init__(logging.INFO)
        self.lines: list[traces.LogLine] = []
        self._order = order
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if threading.get_ident() == self._thread and len(self.lines) < _LINES:
            text = record.getMessage()[:10_000]
            self.lines.append(
                traces.LogLine(self._order.run, self._order.stage, record.created, record.levelname.lower(), text)
            )
