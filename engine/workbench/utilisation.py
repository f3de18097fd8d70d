"""What of each device is given out, and how busy it is, as it is now."""

import functools
import time
from collections.abc import Mapping, Sequence
from typing import Any

from engine.config import Settings
from engine.records.devices import DownRow
from engine.runs.shares import machine
from engine.workbench.claims import Claim
from engine.workbench.devices import state_of
from resources.health import Health, health_here
from resources.shares import WHOLE


def devices_now(
    settings: Settings, down: Mapping[str, DownRow], holding: Sequence[Claim], *, watched: bool
) -> list[dict[str, Any]]:
    """Return the CPUs and every device, with what of it is taken and how busy it is.

    Args:
        settings: Say what may be shared out.
        down: Devices that are out of service.
        holding: What has shares now.
        watched: Whether an engine runs, which looks at the devices.

    Returns:
        `[{"kind", ..., "taken", "use"}]`; `taken` in ten-thousandths, `use` `{"busy", "memory", "temperature"}`: a part
        from 0 to 1, bytes, and degrees Celsius or None; None of a logical device.
    """
    found = machine(settings).document()
    taken = _taken(holding)
    readings = _readings()
    cards = []
    for card in found["devices"]:
        name = card["device"]
        use = None if card["logical"] else readings.get(name)
        state = state_of(down.get(name), watched=watched, answers=card["logical"] or use is not None)
        more = {"taken": taken.get(name, 0), "use": use, **state}
        cards.append({**card, "kind": card["kind"].lower(), **more})
    cpu = {"kind": "cpu", "name": "cpu", "cores": found["cpus"], "memory": found["memory"]}
    return [{**cpu, "taken": sum(claim.share.cpu for claim in holding), "use": _cpus()}, *cards]


def _taken(holding: Sequence[Claim]) -> dict[str, int]:
    taken: dict[str, int] = {}
    for claim in holding:
        for device in claim.devices:
            taken[device] = taken.get(device, 0) + min(claim.share.gpu, WHOLE)
    return taken


def _cpus() -> dict[str, Any]:
    """Return how busy the CPUs have been since the last look, and the memory in use."""
    import psutil

    return {"busy": psutil.cpu_percent() / 100, "memory": int(psutil.virtual_memory().used), "temperature": None}


@functools.cache
def _health() -> Health | None:
    return health_here()


def _readings() -> dict[str, dict[str, Any]]:
    health = _health()
    return {
        one.device: {"busy": one.utilization, "memory": one.used, "temperature": one.temperature}
        for one in (health.read(time.monotonic()) if health is not None else ())
        if one.fault is None or one.fault.code != "silent"
    }
