"""Schemas of code written by users, learnt from its last run on inputs of the same schema.

No check runs such code to learn a schema. What it gave when it ran in its sandbox is remembered instead: in a run, or
on empty tables where a user asked for that.
"""

from collections.abc import Callable, Mapping

from engine.graph.fingerprint import digest, own_parts
from operators.contract.operator import Operator
from operators.contract.tables import Schema


class OfEmpty(dict[str, Schema | None]):
    """Schemas that code gave on empty tables alone: code whose columns depend on rows may give others in a run."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OfEmpty) and super().__eq__(other)

    __hash__ = None


Learnt = Callable[[str], Mapping[str, Schema | None] | None]
"""Returns the schemas at the output ports that were remembered under a key, if any were."""


def schema_key(operator: Operator, inputs: Mapping[str, Schema | None]) -> str | None:
    """Return the key that schemas of `operator` are remembered under; None where an input is not known."""
    parts = own_parts(operator)
    for port, schema in inputs.items():
        if schema is None:
            return None
        parts[f"input.{port}"] = ",".join(f"{column.name!r} {column.type}" for column in schema)
    return f"schema:{digest(parts)}"
