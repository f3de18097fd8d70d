"""Which devices must not be used now: asked by the executor, once a second."""

import time
from collections.abc import Callable

from engine.records import Records, devices
from engine.records.devices import FAILED, DownRow
from resources.health import Health

EVERY_S = 5.0
"""Seconds between two looks at the devices themselves."""
BY_US = "tandem"


class DeviceWatch:
    """Writes down which devices have failed or are healthy again, and tells those that are down for any reason.

    Args:
        records: Of the workspace.
        health: Of this machine's GPUs; None where there are none.
        clock: Seconds that only go forward.
    """

    def __init__(self, records: Records, health: Health | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._records, self._health, self._clock = records, health, clock
        self._looked = float("-inf")

    def __call__(self) -> set[str]:
        """Return the names of the devices that are down."""
        if self._health is not None and self._clock() - self._looked >= EVERY_S:
            self._looked = self._clock()
            self._note(self._health)
        with self._records.read() as connection:
            return {row.name for row in devices.every(connection)}

    def _note(self, health: Health) -> None:
        readings = list(health.read(self._clock()))
        with self._records.read() as connection:
            failed = {row.name: row for row in devices.every(connection) if row.kind == FAILED}
        for reading in readings:
            name = reading.device
            if reading.fault is not None and name not in failed:
                with self._records.write() as connection:
                    row = DownRow(name, FAILED, reading.fault.document(), BY_US, time.time())
                    devices.take_out(connection, row)
            elif reading.fault is None and name in failed:
                with self._records.write() as connection:
                    devices.put_back(connection, name, FAILED)
