"""What a service is wished to be, and what it was wished to be before: a wish that is taken back leaves no trace."""

from collections.abc import Mapping
from typing import Any

from engine.records.services import ServiceRow

_WISH = ("model", "version", "environment", "share", "wanted", "url", "port")
_SEEN = ("status", "message", "devices", "seen")


def replacing(before: ServiceRow | None, key: str | None) -> dict[str, Any]:
    """Return what the options of a new wish remember, so that it can be taken back.

    Args:
        before: The service as it was wished for until now; None for one that was not there.
        key: Of who asks.
    """
    if key is None:
        return {}
    known = None if before is None else {name: getattr(before, name) for name in (*_WISH, *_SEEN)}
    return {"key": key, "before": known}


def is_of(row: ServiceRow | None, key: str | None) -> bool:
    """Return whether the present wish for a service is the one that `key` asked for."""
    return row is not None and key is not None and row.options.get("key") == key


def taken_back(row: ServiceRow) -> Mapping[str, Any]:
    """Return the columns of a service that is to be what it was before its present wish.

    A service that was not there before is stopped. One that nobody has begun to change stays as it runs; else it is
    brought back to what it ran, which goes on serving meanwhile where it still does.
    """
    before = row.options.get("before")
    if before is None:
        return {"wanted": "stopped", "message": ""}
    values = {name: before[name] for name in _WISH}
    values["options"] = {"history": list(row.options["history"])[1:]}
    if row.wanted == "stopped":  # somebody has stopped it since
        values["wanted"] = "stopped"
    if row.status == "waiting":
        return values | {name: before[name] for name in _SEEN}
    return values | ({"status": "waiting", "message": ""} if values["wanted"] == "running" else {"message": ""})
