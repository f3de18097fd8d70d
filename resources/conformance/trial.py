"""What a check on a GPU is given."""

from dataclasses import dataclass, field
from typing import Any

PARTS = "resources.conformance.gpu_parts"
"""Module of the processes that play in the checks."""


@dataclass(frozen=True)
class Trial:
    """What a check is given, and where it writes what it measured.

    Attributes:
        seconds: Of each measurement of speed.
        figures: By the name of what was measured.
    """

    seconds: float = 4.0
    figures: dict[str, Any] = field(default_factory=dict)
