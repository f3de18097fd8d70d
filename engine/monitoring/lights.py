"""One light per service: whether somebody should look, in a colour and in words."""

from collections.abc import Mapping
from typing import Any, Literal

Light = Literal["red", "amber", "green", "grey"]


def light_of(report: Mapping[str, Any] | None) -> Light:
    """Return the light that a service's newest report lights.

    Red: columns drifted, or the rows have errors. Amber: the rows have lesser faults. Green: nothing that matters.
    Grey: there is no report, or it had too few rows to tell.
    """
    if report is None:
        return "grey"
    severities = {finding["severity"] for finding in report["quality"]}
    if report["drifted"] or "error" in severities:
        return "red"
    if "warning" in severities:
        return "amber"
    few = any(finding["kind"] == "too_few_rows" for finding in report["quality"])
    return "grey" if few else "green"
