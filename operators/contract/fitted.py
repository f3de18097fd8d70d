"""Operators that learn from training rows what they do to all rows."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from operators.contract.context import Context
from operators.contract.errors import EmptyTableError
from operators.contract.operator import Operator
from operators.contract.ports import Port, Role
from operators.contract.tables import LazyTable, Schema, empty_table, schema_of
from operators.contract.values.state import State


class FittedOperator(Operator):
    """Learns from training rows what it does to all rows: override `fit` and `apply`.

    Has the port `train` and gives `table` (the training rows, transformed) and `state`.
    `apply` is lazy and keeps the rows and their order, so that one row at a service and a
    whole table give the same. Where what is learnt holds the training rows' own targets, `apply_to_training`
    does to them what would be done had they not been learnt from.
    """

    entry_method: ClassVar[str] = "fit"
    takes: ClassVar[Role] = "train"

    @classmethod
    def output_ports(cls) -> tuple[Port, ...]:
        """Return `table` and `state`."""
        return (Port("table", "Table", role="rows"), Port("state", "State", role="state"))

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Fit and apply on an empty table; unknown where fitting needs rows.

        An operator whose fit refuses an empty table overrides this, if its columns do not depend on the data.
        """
        del sources
        schema = inputs.get("train")
        if schema is None or not self.trusted:
            return {"table": None, "state": None}
        table = empty_table(schema)
        try:
            values = self.fit(table)
        except EmptyTableError:
            return {"table": None, "state": None}
        return {"table": schema_of(self.apply(values, table)), "state": None}

    def invoke(self, inputs: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Fit on `train`, and return it transformed together with the state."""
        train = inputs["train"]
        values = self._call("fit", {"train": train}, context)
        state = State(
            operator=self.card.name,
            version=self.card.version,
            parameters=self.model_dump(mode="json"),
            values=values,
        )
        return {"table": self.apply_to_training(values, train), "state": state}

    def apply_to_training(self, values: Mapping[str, Any], train: LazyTable) -> LazyTable:
        """Return the very rows that `values` were learnt from, as a learner should see them: as `apply` has them."""
        return self.apply(values, train)

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Return `apply` of the rows with the values learnt."""
        del beside
        return self.apply(values or {}, table)

    @abstractmethod
    def fit(self, *args: Any, **tables: Any) -> dict[str, Any]:
        """Return what `apply` needs to know, as JSON.

        Raises:
            EmptyTableError: There are too few rows to learn from.
        """

    @abstractmethod
    def apply(self, values: Mapping[str, Any], table: LazyTable) -> LazyTable:
        """Return `table` transformed by what was learnt; lazy, row by row, order kept."""
