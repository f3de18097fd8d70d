"""Findings."""

from typing import Any


class Report(dict[str, Any]):
    """Findings as JSON: whatever the operator's docstring says."""
