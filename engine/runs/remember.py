"""Remembering what code written by users gives, so that the next check knows its columns.

A run overwrites what is remembered; what code gives on empty tables is kept where nothing else is.
"""

from collections.abc import Mapping

from engine.config import Workspace
from engine.graph.binding import BoundPipeline
from engine.graph.learnt import Learnt, OfEmpty, schema_key
from engine.records.database import Records
from engine.records.settings import put_setting, setting
from engine.runs.orders import WorkOrder
from engine.stores.outputs import OutputRef
from operators.contract.operator import Operator
from operators.contract.tables import Column, Schema

_EMPTY = "empty:"  # before the key of what was given on empty tables


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
    """Write down the schemas that user code gave on empty tables; what it gave in a run counts before them."""
    key = schema_key(operator, inputs)
    if key is not None:
        schemas = {port: [[column.name, column.type] for column in schema] for port, schema in given.items()}
        with records.write() as connection:
            put_setting(connection, _EMPTY + key, schemas)


def recall_schemas(records: Records) -> Learnt:
    """Return a look-up of what was remembered."""

    def look_up(key: str) -> Mapping[str, Schema | None] | None:
        with records.read() as connection:
            kept, on_empty = setting(connection, key), setting(connection, _EMPTY + key)
        if kept is None and on_empty is None:
            return None
        found = on_empty if kept is None else kept
        schemas = {port: tuple(Column(name, kind) for name, kind in columns) for port, columns in found.items()}
        return OfEmpty(schemas) if kept is None else schemas

    return look_up
