"""The columns that a query gives for tables of some schemas: asked of empty tables, and remembered."""

import copy
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from operators.children.settings import setting
from operators.contract.errors import ExpressionError, OperatorError
from operators.contract.tables import Schema, collected, empty_table, lazy, schema_of
from operators.sql.locked import LockedSql, QueryDiedError, QueryLateError

KEPT: Final = 512
"""Answers that are remembered."""
SLOW_KEPT_S: Final = 60.0
"""Seconds for which it is remembered that a query took too long; the machine may have been busy."""

Key = tuple[str, tuple[tuple[str, Schema], ...], float, int]

_known: OrderedDict[Key, tuple[float, Schema | OperatorError]] = OrderedDict()
_lock = threading.Lock()


def checked(query: str, inputs: Mapping[str, Schema], seconds: float) -> Schema:
    """Return the columns of a query.

    DuckDB computes its constants here already, so it works in a child, for `TANDEM_SQL_CHECK_S` seconds at most.

    Args:
        query: One SELECT.
        inputs: By name the schemas of its tables.
        seconds: That the query may take in a run.

    Raises:
        ExpressionError: It is wrong, forbidden, or its constants take too long or too much.
        OperatorError: A table cannot be asked.
    """
    most = min(seconds, float(setting("SQL_CHECK_S")))
    key = (query, tuple(sorted(inputs.items())), most, setting("SQL_MEMORY_MB"))
    with _lock:
        until, known = _known.get(key, (0.0, None))
    if known is None or time.monotonic() > until:
        known, until = _asked(query, inputs, most)
        _remember(key, until, known)
    if isinstance(known, OperatorError):
        raise copy.copy(known)  # each caller its own, with its own trace
    return known


def _asked(query: str, inputs: Mapping[str, Schema], most: float) -> tuple[Schema | OperatorError, float]:
    """Return the columns, or why there are none; and until when that holds."""
    tables = {port: collected(empty_table(schema)) for port, schema in inputs.items()}
    try:
        with LockedSql(tables, most) as database:
            return schema_of(lazy(database.rows(query, at_most=0))), float("inf")
    except QueryLateError:
        slow = ExpressionError(
            f"The query took longer than {most:g} s on tables without rows.",
            hint="Its constants take long to compute: make them smaller, or set TANDEM_SQL_CHECK_S.",
            field="query",
        )
        return slow, time.monotonic() + SLOW_KEPT_S
    except QueryDiedError as error:
        return error, time.monotonic()
    except OperatorError as error:
        return error, float("inf")


def _remember(key: Key, until: float, known: Schema | OperatorError) -> None:
    with _lock:
        _known[key] = (until, known)
        while len(_known) > KEPT:
            _known.popitem(last=False)
