"""Counts what operators lose while their rows are computed: in the same pass, batch by batch."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import polars as pl

from operators.contract.fitted import FittedOperator
from operators.contract.losses import Loss, before_name, mark_name, told
from operators.contract.operator import Operator
from operators.contract.tables import LazyTable, collected, lazy, schema_of

Tables = Mapping[str, LazyTable]
_LOST, _OF = "tandem lost {}", "tandem of {}"


@dataclass
class _Count:
    loss: Loss
    step: int
    lost: int = 0
    of: int = 0


@dataclass
class Tally:
    """Counts the losses of the operators whose rows it watches.

    On Polars the counts are carried by a column of the result: where the optimiser drops that column, nothing is
    counted, as nothing is lost that somebody uses; where a later filter is pushed down, the rows it keeps are counted.
    Other engines are asked for the counts once more, in one query for each operator that may lose something.
    """

    _counts: list[_Count] = field(default_factory=list)
    _asked: list[tuple[LazyTable, Sequence[_Count]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def watched(
        self,
        operator: Operator,
        tables: Tables,
        apply: Callable[[dict[str, LazyTable]], LazyTable],
        *,
        values: Mapping[str, Any] | None = None,
        step: int = 0,
    ) -> LazyTable:
        """Return what `apply` makes of the tables, counting on the way what the operator declares as lost.

        Args:
            operator: Whose rows they are.
            tables: By port, the main one first.
            apply: Does the work of the operator; columns that it does not know pass through it.
            values: What a fitted operator has learnt.
            step: Place among the operators that are computed together.
        """
        losses = operator.losses({port: schema_of(table) for port, table in tables.items()}, values)
        if not losses:
            return apply(dict(tables))
        joint = apply({port: _marked(table, port, losses) for port, table in tables.items()})
        counts = [_Count(loss, step) for loss in losses]
        self._counts.extend(counts)
        hidden = [name.format(number) for number in range(len(losses)) for name in (_LOST, _OF)]
        kept = [name for name in joint.columns if not _is_ours(name, losses)]
        flags = [loss.lost.fill_null(value=False).alias(_LOST.format(n)) for n, loss in enumerate(losses)]
        flags += [loss.of.fill_null(value=False).alias(_OF.format(n)) for n, loss in enumerate(losses)]
        flagged = joint.with_columns(*flags)
        native = flagged.to_native()
        if not isinstance(native, pl.LazyFrame):
            sums = [nw.col(name).cast(nw.Int64()).sum() for name in hidden]
            self._asked.append((flagged.select(*sums), counts))
            return joint.select(*kept)
        for number, count in enumerate(counts):
            native = native.with_columns(self._carried(native, number, count))
        return lazy(native.select(kept))

    def findings(self) -> list[dict[str, Any]]:
        """Return what was lost so far, see `operators.contract.losses.told`; what lost nothing is left out."""
        while self._asked:
            table, counts = self._asked.pop()
            sums = collected(table).to_dicts()[0]
            for number, count in enumerate(counts):
                count.lost, count.of = (int(sums[name.format(number)] or 0) for name in (_LOST, _OF))
        return [
            told(one.loss.kind, one.loss.column, one.lost, one.of, one.step) for one in self._counts if one.lost > 0
        ]

    def _carried(self, rows: pl.LazyFrame, number: int, count: _Count) -> pl.Expr:
        carrier = count.loss.carrier or count.loss.column
        kind = rows.collect_schema()[carrier]

        def counted(series: Sequence[pl.Series]) -> pl.Series:
            with self._lock:
                count.lost += int(series[1].sum() or 0)
                count.of += int(series[2].sum() or 0)
            return series[0]

        parts = [pl.col(carrier), pl.col(_LOST.format(number)), pl.col(_OF.format(number))]
        return pl.map_batches(parts, counted, return_dtype=kind, is_elementwise=True).alias(carrier)


def watched_fit(tally: Tally, operator: FittedOperator, train: LazyTable, outputs: Mapping[str, Any]) -> LazyTable:
    """Return the training rows of a fitted operator as it transformed them, counting what they lose."""
    values: Mapping[str, Any] = outputs["state"].values
    if not operator.losses({"train": schema_of(train)}, values):
        table: LazyTable = outputs["table"]
        return table
    return tally.watched(
        operator, {"train": train}, lambda given: operator.apply_to_training(values, given["train"]), values=values
    )


def _marked(table: LazyTable, port: str, losses: Sequence[Loss]) -> LazyTable:
    """Return a table with the columns that losses need as they came, and its mark."""
    needed = dict.fromkeys(name for loss in losses for name in loss.needs.get(port, ()))
    beside = [nw.col(name).alias(before_name(port, name)) for name in needed]
    if any(port in loss.marks for loss in losses) and table.columns:
        some = nw.col(table.columns[0]).is_null()  # a constant would be counted once for each batch
        beside.append((some | ~some).alias(mark_name(port)))
    return table.with_columns(*beside) if beside else table


def _is_ours(name: str, losses: Sequence[Loss]) -> bool:
    ours = {before_name(port, one) for loss in losses for port, names in loss.needs.items() for one in names}
    return name in ours or name in {mark_name(port) for loss in losses for port in loss.marks}
