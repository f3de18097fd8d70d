"""The desk for devices: how they are, taking one out of service, and putting it back."""

import time
from dataclasses import asdict
from typing import Any

from engine.config import Settings, Workspace
from engine.errors import NotFoundError
from engine.records import Records, devices, engine_lock
from engine.records.devices import DRAINED, DownRow
from engine.records.standing import UNKNOWN
from engine.runs.shares import machine
from resources.device import Device
from resources.health import Reading, health_here


class DeviceDesk:
    """GPUs and other accelerators of this machine.

    A running engine stops what runs on one that is taken out, and goes on elsewhere.

    Args:
        workspace: Whose engine uses them.
        records: Of the workspace.
        settings: Who acts, and what the machine may share out.
    """

    def __init__(self, workspace: Workspace, records: Records, settings: Settings) -> None:
        self._workspace, self._records, self._settings = workspace, records, settings

    def list(self) -> list[dict[str, Any]]:
        """Return them.

        Returns:
            `[{"name", "kind", "model", "memory", "logical", "state", "why", "reading"}]`; `state` is `healthy`,
            `drained`, `failed`, or `unknown` where no engine watches and the device tells nothing itself; `why` is
            `{"code", "values", "sentence"}` or None, `reading` what NVML tells, None where it does not.
        """
        with self._records.read() as connection:
            down = {row.name: row for row in devices.every(connection)}
        health = health_here()
        readings = {one.index: one for one in health.read(time.monotonic())} if health is not None else {}
        watched = engine_lock.status(self._records).running
        return [
            _document(one, down.get(one.device), readings.get(one.index) if one.of_nvidia else None, watched)
            for one in machine(self._settings).devices
        ]

    def drain(self, name: str, why: str = "") -> dict[str, Any]:
        """Take a device out of service, and return it; what runs there starts again elsewhere, or waits.

        Args:
            name: As `gpu0`.
            why: For those who wonder.

        Raises:
            NotFoundError: There is no such device.
            ReadOnlyError: Nothing may be changed here.
        """
        self._workspace.require_writable()
        self._require(name)
        told = {"code": "fault_drained", "values": {"why": why}, "sentence": why or "It was taken out of service."}
        with self._records.write() as connection:
            devices.take_out(connection, DownRow(name, DRAINED, told, self._settings.actor, time.time()))
        return self._require(name)

    def put_back(self, name: str) -> dict[str, Any]:
        """Put a device that was drained back into service, and return it; one that has failed comes back by itself.

        Raises:
            NotFoundError: There is no such device.
            ReadOnlyError: Nothing may be changed here.
        """
        self._workspace.require_writable()
        self._require(name)
        with self._records.write() as connection:
            devices.put_back(connection, name, DRAINED)
        return self._require(name)

    def _require(self, name: str) -> dict[str, Any]:
        found = {one["name"]: one for one in self.list()}
        if name not in found:
            hint = f"There are {', '.join(found)}." if found else "This machine has no GPU, and none is pretended."
            raise NotFoundError(f"There is no device {name!r}.", hint=hint)
        return found[name]


def state_of(down: DownRow | None, *, watched: bool, answers: bool) -> dict[str, Any]:
    """Return whether a device is in service, and why it is not: `{"state", "why"}`.

    Args:
        down: What was written of it when it was taken out of service, or failed.
        watched: Whether an engine runs, which looks at it.
        answers: Whether it tells how it is itself, or can have no fault, as one that is pretended.
    """
    if down is not None:
        known = watched or down.kind == DRAINED
        return {"state": down.kind if known else UNKNOWN, "why": dict(down.why)}
    return {"state": "healthy" if watched or answers else UNKNOWN, "why": None}


def _document(device: Device, down: DownRow | None, reading: Reading | None, watched: bool) -> dict[str, Any]:
    answers = device.logical or (reading is not None and reading.fault is None)
    return {
        "name": device.device,
        "kind": device.kind,
        "model": device.name,
        "memory": device.memory,
        "logical": device.logical,
        **state_of(down, watched=watched, answers=answers),
        "reading": {**asdict(reading), "fault": None} if reading else None,
    }
