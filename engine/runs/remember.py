"""Remembering what code written by users gives, so that the next check knows its columns.

A run overwrites what is remembered; what code gives on empty tables is kept where nothing else is.
"""

from collections.abc import Mapping

from engine.config import Workspace
from engine.graph.binding import BoundPipeline
from engine.graph.learnt import Learnt, schema_key
from engine.records.database import Records
from engine.records.settings import put_setting, setting
from engine.runs.orders import WorkOrder
from engine.stores.outputs import OutputRef
from operators.contract.operator import Operator
from operators.contract.tables import Column, Schema


def remember(order: WorkOrder, bound: BoundPipeline, given: Mapping[str, OutputRef], workspace: Workspace) -> None:
    """Write down the schemas that a stage of user code gave on inputs of these schemas."""
    operator = bound.operators[order.stage]
    inputs: dict[str, Schema | None] = {}
    for port, link in bound.pipeline.nodes[order.stage].inputs.items():
        kept = order.outputs.get(link.node, {}).get(bound.port_of(link))
        if kept is None or kept.kind == "Table":
            inputs[port] = kept.table_schema if kept else None
    key = schema_key(operator, inputs)
    if key is not None:
        schemas = {port: [list(column) for column in ref.columns] for port, ref in given.items() if ref.kind == "Table"}
        with Records.open(workspace).write() as connection:
            put_setting(connection, key, schemas)


def remember_tried(
    operator: Operator, inputs: Mapping[str, Schema | None], given: Mapping[str, Schema], records: Records
) -> None:
    """Write down the schemas that user code gave on empty tables, unless it was seen to give some in a run."""
    key = schema_key(operator, inputs)
    if key is not None:
        schemas = {port: [[column.name, column.type] for column in schema] for port, schema in given.items()}
        with records.write() as connection:
            if setting(connection, key) is None:
                put_setting(connection, key, schemas)


def recall_schemas(records: Records) -> Learnt:
    """Return a look-up of what was remembered."""

    def look_up(key: str) -> Mapping[str, Schema | None] | None:
        with records.read() as connection:
            kept = setting(connection, key)
        if kept is None:
            return None
        return {port: tuple(Column(name, kind) for name, kind in columns) for port, columns in kept.items()}

    return look_up
