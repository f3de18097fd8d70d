"""Which columns of a source influence a prediction, found by asking the query optimiser."""

from collections.abc import Iterator, Sequence

import polars as pl
from polars.io.plugins import register_io_source

from operators.contract.step import Step
from operators.contract.tables import lazy


def required_columns(source: pl.Schema, steps: Sequence[Step], features: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of `source` that `features` depend on, in the source's order.

    The steps run lazily on a table without rows that notes which columns are read from it:
    what the optimiser leaves unread cannot influence a prediction. Renamed and computed columns are
    followed by it, too. A step that computes everything makes every column required.
    """
    if not features:
        return ()
    read: set[str] = set()

    def scan(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        del n_rows, batch_size
        empty = pl.DataFrame(schema=source)
        read.update(source.names() if with_columns is None else with_columns)
        if predicate is not None:
            read.update(predicate.meta.root_names())
            empty = empty.filter(predicate)
        yield empty if with_columns is None else empty.select(with_columns)

    table = lazy(register_io_source(scan, schema=source))
    for step in steps:
        table = step.apply(table)
    table.select(*features).to_native().collect()
    return tuple(name for name in source.names() if name in read)
