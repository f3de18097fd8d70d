"""How services and runs stand, in words: a state that nobody has looked at since is said to be not known."""

from collections.abc import Mapping
from typing import Any

from app.previews import moment
from app.text import t, word

Document = Mapping[str, Any]


def service_state(service: Document) -> str:
    """Return the status of a service in a word."""
    return word("status", service["status"])


def last_seen(service: Document) -> str:
    """Return how a service was when an engine looked at it last; empty where one has looked a short while ago."""
    if service["known"]:
        return ""
    return t("services.last_seen", status=word("status", service["last_status"]), at=moment(service["seen_at"]))


def run_state(run: Document) -> str:
    """Return the status of a run in a word: one that was running goes on only with an engine."""
    return word("status", run["status"] if run.get("known", True) else "unattended")
