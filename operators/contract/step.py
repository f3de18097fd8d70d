"""One step of the path between a source and a model, ready to be applied to any rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from operators.contract.card import Card, Online
from operators.contract.tables import LazyTable


class Applicable(Protocol):
    """An operator that can be applied to rows: a table operator or a fitted one."""

    @property
    def card(self) -> Card:
        """What the catalogue says of it."""

    def online(self) -> Online:
        """Return what it means for one row at a service."""

    def as_document(self, *, resolved: bool = False) -> dict[str, Any]:
        """Return what it is built from."""

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Return the rows after it."""


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
    operator: Applicable
    values: Mapping[str, Any] | None = None
    beside: Mapping[str, LazyTable] = field(default_factory=dict)

    def apply(self, table: LazyTable) -> LazyTable:
        """Return the rows of `table` after this step; nothing is fitted."""
        return self.operator.apply_step(table, self.values, self.beside)
