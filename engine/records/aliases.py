"""Who gave an alias of a model to which version, and when; kept with the settings, newest first."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.records.settings import put_setting, setting

KEPT = 200
"""Changes that are kept of each model."""


def note(
    connection: Connection,
    model: str,
    alias: str,
    version: str,
    before: str | None,
    *,
    project: str = "default",
    actor: str = "local",
) -> None:
    """Write down that `alias` of a model went from the version `before` (None: from none) to `version`."""
    change = {"at": time.time(), "actor": actor, "alias": alias, "version": version, "before": before}
    put_setting(connection, _key(model), [change, *of(connection, model)][:KEPT], project=project, actor=actor)


def of(connection: Connection, model: str) -> Sequence[Mapping[str, Any]]:
    """Return the changes of a model's aliases, newest first: `[{"at", "actor", "alias", "version", "before"}]`."""
    found: Sequence[Mapping[str, Any]] = setting(connection, _key(model), [])
    return found


def _key(model: str) -> str:
    return f"aliases.{model}"
