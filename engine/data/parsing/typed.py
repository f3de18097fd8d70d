"""Give decided types to a table of text, and set aside the rows with values that cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.data.parsing.deciding import Decision, text_of
from engine.data.parsing.rows import LINE, SPAN
from engine.errors import UnreadableFileError


@dataclass(frozen=True)
class Typed:
    """The rows that could be read, lazily, and the others as `line`, `span`, `column`, `reason`."""

    table: pl.LazyFrame
    unread: pl.DataFrame


def typed(table: pl.LazyFrame, decisions: Sequence[Decision], words: Sequence[str]) -> Typed:
    """Return `table` with its columns named and typed as decided.

    Args:
        table: Text columns `c0`, `c1`, ... with `LINE` and `SPAN`.
        decisions: One for each column, in order.
        words: What means missing in a typed column, in any case.
    """
    faulty = [decision for decision in decisions if decision.bad]
    columns = [_typed(decision) for decision in decisions]
    if not faulty:
        return Typed(table.select(columns), _unread(table.head(0), [], words))
    bad = pl.any_horizontal([_is_bad(decision, words) for decision in faulty])
    return Typed(table.filter(~bad).select(columns), _unread(table.filter(bad), faulty, words))


def _typed(decision: Decision) -> pl.Expr:
    if decision.reader is None:
        text = pl.col(decision.column)
        if decision.keeps_empty:
            return text.alias(decision.name)
        return pl.when(text != "").then(text).alias(decision.name)
    return decision.reader.read(text_of(decision.column)).alias(decision.name)


def _is_bad(decision: Decision, words: Sequence[str]) -> pl.Expr:
    text = text_of(decision.column)
    if decision.reader is None:
        return pl.lit(value=False)
    known = text.str.to_lowercase().is_in([word.lower() for word in words])
    return text.is_not_null() & decision.reader.read(text).is_null() & ~known


def _unread(table: pl.LazyFrame, faulty: Sequence[Decision], words: Sequence[str]) -> pl.DataFrame:
    """Return where and why rows cannot be read: the first value of each that is at fault."""
    flags = [_is_bad(decision, words).alias(f"bad_{decision.column}") for decision in faulty]
    texts = [pl.col(decision.column) for decision in faulty]
    rows = []
    for row in table.select(pl.col(LINE), pl.col(SPAN), *texts, *flags).collect().iter_rows(named=True):
        decision = next(decision for decision in faulty if row[f"bad_{decision.column}"])
        label = decision.reader.label if decision.reader else "text"
        reason = f"{row[decision.column][:60]!r} is not {label}"
        rows.append((row[LINE], row[SPAN], decision.name, reason))
    schema = {"line": pl.Int64, "span": pl.Int32, "column": pl.String, "reason": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def require_some_rows(table: pl.LazyFrame, rejected: pl.DataFrame, path: Path, width: int) -> None:
    """Refuse a table of which nothing is left, saying what is wrong: the shape of its lines, or one column's values.

    Raises:
        UnreadableFileError: There are rejected lines and no rows.
    """
    if rejected.is_empty() or table.head(1).collect().height:
        return
    line, column, reason, _ = rejected.row(0)
    where = f"column {column!r}: " if column else ""
    raise UnreadableFileError(
        f"None of the {rejected.height} lines of {path.name} fits a table of {width} columns; "
        f"line {line}: {where}{reason}.",
        hint=(
            f"Read column {column!r} as text, or say how its numbers or dates are written."
            if column
            else "Choose the delimiter, quote, header or encoding, and look at the preview."
        ),
    )
