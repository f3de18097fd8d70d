"""One step of the path between a source and a model, ready to be applied to any rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from operators.tables import LazyTable

if TYPE_CHECKING:
    from operators.base import Operator


@dataclass(frozen=True)
class Step:
    """An operator with what it learnt and the tables beside its main one.

    Args:
        node: Name of its node in the pipeline.
        operator: A table operator or a fitted operator.
        values: What `fit` learnt; None for a table operator.
        beside: Computed tables for the operator's other ports, by port.
    """

    node: str
    operator: "Operator"
    values: Mapping[str, Any] | None = None
    beside: Mapping[str, LazyTable] = field(default_factory=dict)

    def apply(self, table: LazyTable) -> LazyTable:
        """Return the rows of `table` after this step; nothing is fitted."""
        return self.operator.apply_step(table, self.values, self.beside)
