"""What was decided and why, as values to be kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        at: When, in the scheduler's seconds.
        task: Of whom.
        environment: In which pool.
        what: `start`, `resize` or `pause`.
        machine: Where.
        devices: On which devices.
        policy: Who decided.
        why: `peak`, `squeezed`, `searched`, `gang`, `alone`; of a resize `shrunk` or `grown`; of a pause `room`.
        whom: For whom it makes room.
        waited: Seconds it had waited.
        share: Ten-thousandths of each of its devices that it has from now on; 0 without a device.
        alternatives: What else could have been: of a start `{"device", "free"}` of devices (`{"machine", "free"}` where
            it takes none) on which it would have fitted, the fullest first; of a pause `{"machine", "cost_s"}` of
            machines on which others would have made room, the cheapest first. At most five; none where nobody looks.
    """

    at: float
    task: str
    environment: str
    what: str
    machine: str
    devices: tuple[str, ...]
    policy: str
    why: str
    whom: str = ""
    waited: float = 0.0
    share: int = 0
    alternatives: Iterable[dict[str, Any]] = ()
