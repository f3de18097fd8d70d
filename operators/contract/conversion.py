"""Hand a Polars frame to another engine."""

from collections.abc import Mapping
from typing import Any, Final

import narwhals as nw
import polars as pl

from operators.contract.card import Engine
from operators.contract.tables import LazyTable, lazy, require_names_apart

_SIGNED: Final[Mapping[Any, Any]] = {
    pl.UInt8: pl.Int16,
    pl.UInt16: pl.Int32,
    pl.UInt32: pl.Int64,
    pl.UInt64: pl.Decimal(20, 0),
}
"""Spark has no unsigned numbers, and reads those of a Parquet file as these."""


def as_engine(frame: pl.DataFrame, engine: Engine) -> LazyTable:
    """Return `frame` as a lazy table of `engine`.

    Args:
        frame: Any number of rows.
        engine: `duckdb` uses the process's default connection, `spark` the running session.

    Raises:
        ParameterError: Two columns differ in case only, which neither of these can tell apart.
    """
    if engine != "polars":
        require_names_apart(frame.columns)
    if engine == "duckdb":
        import duckdb

        return nw.from_native(duckdb.connect(":default:").from_arrow(frame.to_arrow()))
    if engine == "spark":
        from pyspark.sql import SparkSession

        signed = frame.with_columns(pl.col(kind).cast(wider) for kind, wider in _SIGNED.items())
        return nw.from_native(SparkSession.builder.getOrCreate().createDataFrame(signed.to_arrow()))
    return lazy(frame)
