"""What the engine does for operators, by name and version: a result depends on it as on their code.

A version is raised when a door gives something else for the same request, so that what was made through it before is
not reused. `tests/runs/test_doors.py` ties each version to the code behind it: who changes that decides about it.
"""

from collections.abc import Mapping
from typing import Final

from operators.contract.operator import Operator

TABLES: Final = "tables"
DOORS: Final[Mapping[str, int]] = {TABLES: 1, "file": 1, "dataset": 1, "model": 1}
"""The version of each: how tables pass between nodes, how `context.file` reads, how `context.dataset` and
`context.model` open."""
BEHIND: Final[Mapping[str, tuple[str, ...]]] = {
    TABLES: ("engine.data.frames", "engine.data.spark", "engine.material", "engine.tally", "engine.runs.task"),
    "file": ("engine.data.files", "engine.data.parsing.__main__", "engine.data.formats", "engine.data.frames"),
    "dataset": ("engine.data.frames",),
    "model": ("engine.stores.slices",),
}
"""The modules that a door leads to."""
WITHIN: Final = "engine.data.parsing"
"""The package whose modules count, too, where one that leads there imports them: the readers."""


def doors_of(operator: Operator) -> Mapping[str, int]:
    """Return the doors that an operator uses, with their versions.

    Everything passes tables; what it reads from outside comes through the door of its kind.
    """
    return {name: DOORS[name] for name in (TABLES, *sorted({source.kind for source in operator.sources()}))}
