"""How the columns of two tables differ."""

from collections.abc import Sequence
from typing import Any

Columns = Sequence[tuple[str, str]]


def schema_difference(before: Columns, after: Columns) -> dict[str, Any]:
    """Return `{"added": [{"name", "type"}], "removed": [...], "changed": [{"name", "before", "after"}], "moved"}`.

    Args:
        before: Names and types of the columns of one table.
        after: Of the other.

    Returns:
        `moved` is true where the columns that both have stand in another order.
    """
    old, new = dict(before), dict(after)
    shared = [name for name, _ in before if name in new]
    return {
        "added": [{"name": name, "type": kind} for name, kind in after if name not in old],
        "removed": [{"name": name, "type": kind} for name, kind in before if name not in new],
        "changed": [
            {"name": name, "before": old[name], "after": new[name]} for name in shared if old[name] != new[name]
        ],
        "moved": shared != [name for name, _ in after if name in old],
    }
