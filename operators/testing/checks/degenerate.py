"""Odd tables give a result or a sentence."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import narwhals as nw
import polars as pl

from operators.contract.errors import OperatorError
from operators.contract.operator import Example
from operators.contract.tables import LazyTable
from operators.testing.checks.running import (
    PEOPLE,
    CheckFailedError,
    computed,
    outputs_of,
    require,
    schemas_of,
    source_schemas,
)
from operators.testing.local import LocalContext


def check_degenerate_tables(example: Example) -> None:
    """Tables that are empty, tiny, null, constant, oddly or doubly named give a result or one clear sentence."""
    tables = {port: value for port, value in example.inputs.items() if isinstance(value, pl.DataFrame)}
    for kind, change in DEGENERATE.items():
        inputs = {**example.inputs, **{port: change(table) for port, table in tables.items()}}
        source = change(PEOPLE)
        with _result_or_sentence(f"a table that is {kind}"):
            example.operator.infer(schemas_of(inputs), source_schemas(example.operator, source))
            outputs_of(Example(example.operator, inputs), source=source)
    if tables and "duckdb" in example.operator.card.engines:
        doubled = {port: _doubled(table) for port, table in tables.items()}
        with _result_or_sentence("a table with a doubled name"), LocalContext() as context:
            for value in example.operator.invoke({**example.inputs, **doubled}, context).values():
                computed(value)


@contextmanager
def _result_or_sentence(given: str) -> Iterator[None]:
    try:
        yield
    except OperatorError as error:
        told = str(error)
        is_sentence = bool(told.strip()) and "\n" not in told and told[-1] in ".!?" and "Traceback" not in told
        require(is_sentence, f"{given} gives {told!r}, which is no sentence")
    except Exception as error:
        raise CheckFailedError(f"{given.capitalize()} gives {type(error).__name__}: {error}") from error


def _doubled(table: pl.DataFrame) -> LazyTable:
    """Return `table` on DuckDB with its first column twice, under one name."""
    import duckdb

    relation = duckdb.connect(":default:").from_arrow(table.to_arrow())
    return nw.from_native(relation.project(f'*, "{table.columns[0]}" AS "{table.columns[0]}"'))


def _nulls(table: pl.DataFrame) -> pl.DataFrame:
    return (
        table.select(pl.lit(None, dtype=kind).alias(name) for name, kind in table.schema.items())
        .head(0)
        .vstack(pl.DataFrame({name: pl.Series([None] * 3, dtype=kind) for name, kind in table.schema.items()}))
    )


def _constant(table: pl.DataFrame) -> pl.DataFrame:
    return table.head(1).select(pl.all().first().repeat_by(4).explode()) if table.height else table


def _odd_names(table: pl.DataFrame) -> pl.DataFrame:
    odd = ["名 称", "Größe", "😀", 'say "hi"', "back`tick", "it's", "select", "a.b", "table", " ", "__proto__", "ROW"]
    return table.with_columns(pl.lit(position).alias(name) for position, name in enumerate(odd))


DEGENERATE: Final[Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]]] = {
    "without rows": lambda table: table.clear(),
    "without rows and types": lambda table: table.clear().cast(pl.String),
    "without columns": lambda _: pl.DataFrame(),
    "one row": lambda table: table.head(1),
    "all null": _nulls,
    "null without a type": lambda table: pl.DataFrame({name: [None, None] for name in table.columns}),
    "constant": _constant,
    "oddly named": _odd_names,
}
"""Ways to spoil a table; only DuckDB's may have two columns of one name, and that is tried beside these."""
