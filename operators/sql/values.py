"""Constants of SQL expressions as Python values."""

import datetime
from collections.abc import Mapping
from typing import Any

from operators.contract.errors import ExpressionError
from operators.sql.syntax import Node


def constant(node: Node) -> Any:
    """Return the Python value of a CONSTANT node; a decimal becomes a float."""
    held = node["value"]
    if held["is_null"]:
        return None
    kind, value = held["type"]["id"], held["value"]
    if kind == "DECIMAL":
        scale = held["type"]["type_info"]["scale"]
        return float(f"{_integer(value)}e-{scale}")
    if kind in {"HUGEINT", "UHUGEINT"}:
        return float(_integer(value))
    return value


def _integer(value: Any) -> int:
    if isinstance(value, Mapping):
        return (int(value["upper"]) << 64) + int(value["lower"])
    return int(value)


def literal(node: Node, kind: str) -> Any:
    """Return the Python value of a constant cast to BOOLEAN, DATE or TIMESTAMP.

    Raises:
        ExpressionError: It is none.
    """
    value = constant(node["child"])
    if kind == "BOOLEAN" and value in {"t", "f"}:
        return value == "t"
    try:
        if kind == "DATE":
            return datetime.date.fromisoformat(value)
        if kind == "TIMESTAMP":
            return datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ExpressionError(f"{value!r} is not a {kind.lower()}.", hint="Write DATE '2026-11-23'.") from error
    raise ExpressionError(f"{value!r} is not a {kind.lower()}.", hint="Write TRUE or FALSE.")
