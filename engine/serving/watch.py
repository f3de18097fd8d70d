"""Services are held to their shares: who takes more memory than it has is stopped, and Serve starts it again."""

import logging
import os
import signal
import time
from contextlib import suppress

from engine.config import Workspace
from engine.records import Records, services, waits
from engine.records.services import HOLDING, ServiceRow
from engine.records.waits import DecisionRow
from engine.serving.reconciler import note_of
from engine.serving.sides import Lender
from resources.enforcement.gauges import gauges_here
from resources.enforcement.watchdog import Verdict, Watchdog

EVERY_S = 0.25
"""Seconds between two looks at what services take: they live for long, and looking costs."""
WATCHDOG = "watchdog"

_log = logging.getLogger(__name__)


class ServiceWatch:
    """Lets a watchdog look at the replicas of services that have limits.

    Args:
        workspace: Whose services.
        records: Of the workspace; what was stopped is written there as a decision.
        placement: Knows what each service may take.
    """

    def __init__(self, workspace: Workspace, records: Records, placement: Lender) -> None:
        self._workspace, self._records, self._placement = workspace, records, placement
        self._followed: dict[str, str] = {}
        self._stopped: dict[str, int] = {}
        self._watchdog = Watchdog(self._stop, gauges_here(), every_s=EVERY_S)

    @property
    def followed(self) -> set[str]:
        """The services that are looked at."""
        return set(self._followed)

    def look(self) -> None:
        """Follow the services that there are now, and no others."""
        with self._records.read() as connection:
            rows = {row.name: row for row in services.every(connection) if row.status in HOLDING}
        for name in [name for name in self._followed if name not in rows]:
            self._watchdog.forget(self._followed.pop(name))
        for row in rows.values():
            self._follow(row)

    def close(self) -> None:
        """Look no more."""
        self._watchdog.close()

    def _follow(self, row: ServiceRow) -> None:
        loan = self._placement.loan(row.environment, row.name)
        limits = self._placement.limits(row.environment, loan) if loan is not None else None
        before, token = self._followed.get(row.name), f"{row.name}@{row.version}"
        if limits is None or not limits.watched:
            if before is not None:
                self._watchdog.forget(self._followed.pop(row.name))
            return
        if before is not None and before != token:
            self._watchdog.forget(before)
        self._followed[row.name] = token
        self._watchdog.follow(token, note_of(self._workspace, row), limits)

    def _stop(self, verdict: Verdict) -> None:
        """Kill a replica that takes too much; Serve starts another one."""
        if self._stopped.get(verdict.token) == verdict.pid:
            return  # it is on its way already
        self._stopped[verdict.token] = verdict.pid
        name = verdict.token.rpartition("@")[0]
        _log.warning("The service %s is stopped and started again: %s", name, verdict.sentence)
        with suppress(OSError):
            os.kill(verdict.pid, signal.SIGKILL)
        with self._records.write() as connection:
            row = services.find(connection, name)
            if row is not None:
                status = "starting" if row.status == "starting" else "unhealthy"  # Serve says whether it starts again
                services.change(connection, name, status=status, message=verdict.sentence)
                devices = tuple(row.devices)
                what = DecisionRow(
                    time.time(),
                    "",
                    name,
                    row.environment,
                    "stop",
                    devices,
                    WATCHDOG,
                    "over_share",
                    verdict.sentence,
                    0.0,
                )
                waits.decided(connection, [what])
