"""One light per service: whether somebody should look, in a colour and in words."""

from collections.abc import Mapping
from typing import Any, Literal

Light = Literal["red", "amber", "green", "grey"]
Stale = Literal["asked", "version"]
FRESH_SECONDS = 86_400.0
"""How long after a look what was asked counts as looked at."""


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


def stale(report: Mapping[str, Any] | None, service: Mapping[str, Any], asked: float | None) -> Stale | None:
    """Return why a report says nothing any more of how a service does; None while it does.

    A report of another version says nothing of this one. A light that asks for a look stays until somebody looked; that
    nothing was wrong is not known any more once rows were asked more than a day after the look.

    Args:
        report: The newest, with `at`.
        service: Its `model`, `version` and `history` (newest first, with `at`).
        asked: When it was asked last, in seconds since 1970; None for never.
    """
    if report is None:
        return None
    if _of_another(report, service):
        return "version"
    late = asked is not None and asked > report["at"] + FRESH_SECONDS
    return "asked" if late and light_of(report) == "green" else None


def _of_another(report: Mapping[str, Any], service: Mapping[str, Any]) -> bool:
    known = report.get("selection") or {}
    if known.get("model") is not None:
        return bool((known["model"], known["version"]) != (service["model"], service["version"]))
    newest = next(iter(service["history"]), None)
    return newest is not None and newest["at"] > report["at"]
