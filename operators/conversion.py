"""Hand a Polars frame to another engine."""

import narwhals as nw
import polars as pl

from operators.base import Engine
from operators.tables import LazyTable, lazy, require_names_apart


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

        return nw.from_native(SparkSession.builder.getOrCreate().createDataFrame(frame.to_arrow()))
    return lazy(frame)
