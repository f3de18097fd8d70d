"""How much a form reads and shows, so that no schema and no value can hold a page."""

from collections.abc import Mapping
from typing import Any

FIELDS = 2_000  # that are read of a schema: what a reference repeats counts each time
DRAWN = 400  # fields with widgets of their own on one form; the others stand in a box for JSON
ARMS = 100  # kinds of value that one field may have
OPTIONS = 2_000  # that a list offers; one of more is typed
_PARTS = 50_000  # objects and lists in a schema
_DEEP = 100  # of these, one in the other
_LONG = 1_000_000  # characters of a value that a browser is sent
VALUES = frozenset(("default", "enum", "const", "example", "examples"))
"""Keys of a schema below which there are values, and no schemas."""


def is_readable(schema: Any) -> bool:
    """Return whether a schema has no more parts, one in the other or in all, than a form reads."""
    parts, left = 0, [(schema, 0)]
    while left:
        part, depth = left.pop()
        parts += 1
        if parts > _PARTS or depth > _DEEP:
            return False
        if isinstance(part, Mapping):
            inside = [value for key, value in part.items() if key not in VALUES]
        else:
            inside = part if isinstance(part, list) else []
        left += [(value, depth + 1) for value in inside if isinstance(value, Mapping | list)]
    return True


def is_long(value: Any) -> bool:
    """Return whether a value has more characters, or more parts one in the other, than a browser is sent."""
    size, left = 0, [(value, 0)]
    while left:
        part, depth = left.pop()
        size += len(part) if isinstance(part, str) else 4
        if size > _LONG or depth > _DEEP:
            return True
        if isinstance(part, Mapping):
            size += sum(len(str(key)) for key in part)
            left += [(inner, depth + 1) for inner in part.values()]
        elif isinstance(part, list | tuple):
            left += [(inner, depth + 1) for inner in part]
    return False
