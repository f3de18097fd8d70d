"""Engines agree where the card says so."""

from typing import Any

import polars as pl

from operators.contract.card import Engine
from operators.contract.operator import Example
from operators.contract.values.model import Model
from operators.testing.checks.running import outputs_of, require_same


def check_duckdb_agrees(example: Example) -> None:
    """DuckDB gives the rows that Polars gives, where the card says it can."""
    _require_engine_agrees(example, "duckdb")


def check_spark_agrees(example: Example) -> None:
    """Spark gives the rows that Polars gives, where the card says it can; not in `CHECKS`, as it needs a session."""
    _require_engine_agrees(example, "spark")


def _require_engine_agrees(example: Example, engine: Engine) -> None:
    if engine not in example.operator.card.engines:
        return
    other = outputs_of(example, engine)
    for port, value in outputs_of(example).items():
        mine, theirs = (_answers(each, example) for each in (value, other[port]))
        require_same(_sorted(mine), _sorted(theirs), f"{engine} differs from polars at {port}")


def _answers(value: Any, example: Example) -> Any:
    """Return what a model says of the rows it learnt from; any other value as it is."""
    rows = next((given for given in example.inputs.values() if isinstance(given, pl.DataFrame)), None)
    return value.predict_rows(rows) if isinstance(value, Model) and rows is not None else value


def _sorted(value: Any) -> Any:
    """Return a table with its rows in an order that every engine agrees on."""
    if not isinstance(value, pl.DataFrame) or not value.width:
        return value
    return value.sort(pl.all().cast(pl.String, strict=False), nulls_last=True, maintain_order=True)
