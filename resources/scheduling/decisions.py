"""What was decided and why, as values to be kept."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes:
        at: When, in the scheduler's seconds.
        task: Of whom.
        environment: In which pool.
        what: `start` or `pause`.
        machine: Where.
        devices: On which devices.
        policy: Who decided.
        why: `peak`, `squeezed`, `searched`, `gang`, `alone`; of a pause `room`.
        whom: For whom it makes room.
        waited: Seconds it had waited.
        alternatives: Where else it could have started: `{"machine", "score"}`, best first; empty where nobody looked.
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
    alternatives: tuple[dict[str, Any], ...] = ()
