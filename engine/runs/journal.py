"""What one turn of the driver has decided: written in one transaction, then acted on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from engine.records import attempts, events, receipts, runs, traces
from engine.records.attempts import AttemptRow
from engine.records.events import EventRow
from engine.records.receipts import Receipt
from engine.records.traces import LogLine
from engine.runs.orders import WorkOrder


@dataclass
class Journal:
    """Rows to write together, and orders to give once they are written.

    An order is given only after its attempt stands in the ledger, so that no answer can come for an
    attempt that nobody knows.
    """

    events: list[EventRow] = field(default_factory=list)
    attempts: list[AttemptRow] = field(default_factory=list)
    answered: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    lines: list[LogLine] = field(default_factory=list)
    changes: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    orders: list[WorkOrder] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        """Write everything down."""
        events.append(connection, self.events)
        for attempt in self.attempts:
            attempts.add(connection, attempt)
        for token, values in self.answered:
            attempts.change(connection, token, **values)
        for digest in self.forgotten:
            receipts.forget(connection, digest)
        for receipt in self.receipts:
            receipts.keep(connection, receipt)
        traces.log(connection, self.lines)
        for run, values in self.changes:
            runs.change(connection, run, **values)

    def add(self, other: "Journal") -> None:
        """Put another journal after this one."""
        for name, part in vars(self).items():
            part.extend(getattr(other, name))

    def __bool__(self) -> bool:
        return any(bool(part) for part in vars(self).values())
