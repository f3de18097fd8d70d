"""Operators that are pure and lazy: runs of them become one query."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from operators.contract.operator import Operator
from operators.contract.ports import port_as
from operators.contract.tables import LazyTable, Schema, empty_table, schema_of


class TableOperator(Operator):
    """Pure and lazy: override `transform`. Runs of them become one query.

    `transform` must not compute anything and must not depend on the order of rows
    unless it sorts them; it may take several tables, of which all but the one
    with the rows that a service would be asked about are annotated `As("beside")`.
    """

    entry_method: ClassVar[str] = "transform"

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Run `transform` on empty tables of the input schemas."""
        del sources
        known = {port: schema for port, schema in inputs.items() if schema is not None}
        if not self.trusted or len(known) < len(inputs):
            return {port.name: None for port in self.output_ports()}
        tables = {port: empty_table(schema) for port, schema in known.items()}
        return {"table": schema_of(self.transform(**tables))}

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Return `transform` of the rows and the tables beside them."""
        del values
        main = port_as(self.input_ports(), "rows")
        assert main is not None  # noqa: S101 - the contract's checks hold every operator to it
        return self.transform(**{main.name: table}, **beside)

    @abstractmethod
    def transform(self, *args: Any, **tables: Any) -> LazyTable:
        """Return the new table; nothing is computed yet."""
