"""Whether what the records say of the present was seen by the engine that runs now, or is what another one left.

Rows outlive engines. A status such as `healthy` says what an engine last saw; once that engine is gone, or has not
looked for a while, nobody knows. Both times of a comparison are of the engine's own clock.
"""

from engine.records.engine_lock import EngineStatus
from engine.records.services import ServiceRow

UNKNOWN = "unknown"
SEEN_WITHIN = 20.0
"""Seconds after which a look is too old: a service is looked at every five."""
LASTING = ("waiting", "stopped")
"""States of a service that need no look: nothing was begun, or nothing is left."""


def is_known(row: ServiceRow, engine: EngineStatus) -> bool:
    """Return whether the engine that runs now has looked at a service, a short while ago at most."""
    if row.status in LASTING:
        return True
    if not engine.running or row.seen is None or engine.started is None:
        return False
    if row.status == "starting":  # to begin a service takes an engine long, and it looks at nothing meanwhile
        return row.seen >= engine.started
    return row.seen >= engine.started and (engine.heartbeat or row.seen) - row.seen < SEEN_WITHIN


def status_of(row: ServiceRow, engine: EngineStatus) -> str:
    """Return the status of a service as far as it is known, else `unknown`."""
    return row.status if is_known(row, engine) else UNKNOWN
