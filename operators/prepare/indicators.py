"""Categories as columns of 0 and 1: what training rows hold, and the names and values of the new columns."""

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from operators.contract.errors import ParameterError
from operators.contract.tables import LazyTable, lazy


def counts_of(train: LazyTable, column: str) -> list[tuple[Any, int]]:
    """Return each value of a column with its number of rows, the most frequent first; nulls are no value."""
    counts = (
        train.select(nw.col(column).alias("value"))
        .drop_nulls()
        .group_by("value")
        .agg(nw.len().alias("rows"))
        .collect(backend="polars")
        .to_native()
    )
    found: list[tuple[Any, int]] = counts.sort("rows", "value", descending=[True, False]).rows()
    return found


def text_of(value: Any) -> str:
    """Return a value as engines write it as text: booleans in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def label_of(column: str, value: Any) -> str:
    """Return the name of the column of 0 and 1 for a value."""
    return f"{column}_{text_of(value)}"


def expressions_of(table: LazyTable) -> Any:
    """Return the module whose `col`, `lit` and `when` a table takes: Polars's own, or narwhals for any other engine.

    They are called alike. Through narwhals an expression takes ten times as long to be made, which is what a service
    spends most of its time on where a column becomes many.
    """
    return pl if isinstance(table.to_native(), pl.LazyFrame) else nw


def selected(table: LazyTable, parts: Sequence[Any]) -> LazyTable:
    """Return the columns `parts` of a table, made by the module of `expressions_of`."""
    native = table.to_native()
    return lazy(native.select(*parts)) if isinstance(native, pl.LazyFrame) else table.select(*parts)


def indicator(condition: Any, label: str, words: Any) -> Any:
    """Return an int64 column called `label`: 1 where `condition` is true, 0 where it is false or null."""
    return condition.fill_null(value=False).cast(words.Int64).alias(label)


def equals(column: str, value: Any, label: str, words: Any) -> Any:
    """Return a column of 0 and 1: 1 in the rows with this value."""
    return indicator(words.col(column) == words.lit(value), label, words)


def require_new_names(taken: Iterable[str], labels: Sequence[str]) -> None:
    """Check that new columns get names of their own.

    Raises:
        ParameterError: One is taken, or two are alike.
    """
    known = set(taken)
    for label in labels:
        if label in known:
            raise ParameterError(f"Two columns would be called {label!r}.", hint="Rename one first.", field="columns")
        known.add(label)
