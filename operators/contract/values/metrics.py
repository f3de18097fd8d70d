"""Figures of merit."""

from typing import Any


class Metrics(dict[str, Any]):
    """Figures of merit by name: finite floats, or None where one is not defined for the data."""
