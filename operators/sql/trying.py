"""Expressions tried on one row of nulls, so that types that do not go together show before a run."""

from collections.abc import Mapping

import narwhals as nw
import polars as pl
from polars.exceptions import PolarsError

from operators.contract.table_operator import TableOperator
from operators.contract.tables import TYPES, LazyTable, Schema, lazy, schema_of
from operators.sql.expressions import unusable


def check_types(asked: TableOperator, inputs: Mapping[str, Schema | None], text: str) -> Schema | None:
    """Compute `asked` on one row of nulls, so that types that do not go together show before the run.

    Returns:
        The columns that come out; None where a schema is not known.

    Raises:
        OperatorError: The expression `text` names what is not there, or the engine refuses its types.
    """
    known = {port: _one_null_row(schema) for port, schema in inputs.items() if schema is not None}
    if len(known) < len(inputs):
        return None
    try:
        table = asked.transform(**known)
        table.collect()
    except (PolarsError, nw.exceptions.NarwhalsError, TypeError, ValueError) as error:
        raise unusable(text, error) from error
    return schema_of(table)


def _one_null_row(schema: Schema) -> LazyTable:
    nulls = [pl.Series(column.name, [None], dtype=TYPES.get(column.type, pl.Null)) for column in schema]
    return lazy(pl.DataFrame(nulls))
