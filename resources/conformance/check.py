"""What one check of conformance found."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        level: Of the share that was tried, see `resources.levels`.
        mechanism: What is to hold it.
        asked: The share, in words with units.
        tried: What was tried beyond it.
        held: Whether it held; None where this machine cannot show it.
        message: What happened, with the figures.
    """

    name: str
    level: str
    mechanism: str
    asked: str
    tried: str
    held: bool | None
    message: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {slot: getattr(self, slot) for slot in self.__slots__}


def passed(checks: list[Check]) -> bool:
    """Return whether nothing that could be checked has failed, and something could."""
    return any(check.held for check in checks) and not any(check.held is False for check in checks)
