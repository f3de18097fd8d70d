"""How long stages are expected to take, and how much memory, learned from those of earlier runs."""

import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from engine.records import Records, attempts, runs
from resources.scheduling.learning import Learner

REMEMBERED = 2000
"""Stages of earlier runs that are looked at, the newest."""


@dataclass(frozen=True, slots=True)
class StageKind:
    """What decides how long a stage takes.

    Attributes:
        operator: Of the node that it is named after.
        parameters: Of that node.
        engine: Of its tables.
        rows: Of everything that the run reads; 0 where nobody knows.
    """

    operator: str
    parameters: Mapping[str, Any]
    engine: str
    rows: int

    @classmethod
    def of(cls, pipeline: Mapping[str, Any], stage: str, sources: Mapping[str, Any], engine: str) -> "StageKind | None":
        """Return the kind of a stage of a pipeline document; None where the document has no such node."""
        node = pipeline.get("nodes", {}).get(stage)
        if node is None:
            return None
        tables = [source["table"] for source in sources.values() if source.get("table")]
        rows = sum(int(table.get("rows") or 0) for table in tables)
        return cls(str(node.get("operator", "")), node.get("with") or {}, engine, rows)

    def kinds(self) -> Iterator[Hashable]:
        """Yield what it has in common with others, the closest first: rows are counted in powers of two."""
        size = round(math.log2(self.rows)) if self.rows else 0
        yield (self.operator, repr(sorted(self.parameters.items(), key=str)), self.engine, size)
        yield (self.operator, self.engine, size)
        yield (self.operator, self.engine)


@dataclass
class Expectations:
    """Learns from the records, and from what ends while it lives.

    Args:
        records: Of the workspace; read when the first stage is asked about.
    """

    records: Records
    _learner: Learner | None = field(default=None, init=False)
    _memory: Learner = field(default_factory=Learner, init=False)

    def expected(self, kind: StageKind | None) -> float | None:
        """Return the seconds that a stage will work; None where nobody knows."""
        return None if kind is None else self._learned().expected(kind.kinds())

    def memory(self, kind: StageKind | None) -> int | None:
        """Return the bytes that a stage will take at its most; None where nobody knows."""
        if kind is None:
            return None
        self._learned()
        found = self._memory.expected(kind.kinds())
        return None if found is None else round(found)

    def ended(self, kind: StageKind | None, seconds: float, memory: int | None = None) -> None:
        """Take in how long a stage has worked, and what memory it took at its most."""
        if kind is not None:
            self._learned().ended(kind.kinds(), seconds)
            if memory is not None:
                self._memory.ended(kind.kinds(), memory)

    def _learned(self) -> Learner:
        if self._learner is None:
            self._learner = Learner()
            with self.records.read() as connection:
                for kind, seconds, memory in _past(connection):
                    self.ended(kind, seconds, memory)
        return self._learner


def _past(connection: Connection) -> list[tuple[StageKind, float, int | None]]:
    """Return what earlier stages were and took, the oldest first."""
    lately = attempts.succeeded(connection, REMEMBERED)
    rows = runs.several(connection, {one.run for one in lately})
    found = []
    for one in reversed(lately):
        row = rows.get(one.run)
        kind = (
            StageKind.of(row.document, one.node, row.sources, row.engine)
            if row is not None and "name" in row.document
            else None
        )
        if kind is not None:
            found.append((kind, one.seconds or 0.0, one.memory))
    return found
