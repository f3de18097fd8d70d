"""The engine's keeper: files of what was deleted go when it cannot be taken back, and what is kept stays small."""

import logging
import threading
import time

from engine.config import Settings, Workspace
from engine.errors import EngineError
from engine.workbench.bench import Workbench

LOOK_EVERY = 5.0
"""Seconds between two looks at what was deleted."""
CLEAN_EVERY = 3600.0
"""Seconds between two looks at all that is kept."""

_log = logging.getLogger(__name__)


class Keeper:
    """Removes what is not kept any longer, until it is stopped; an engine that is killed over it leaves it to the next.

    Args:
        workspace: Whose files.
        settings: How long and how much is kept.
    """

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self._bench = Workbench(workspace, settings)
        self._stop = threading.Event()
        self._cleaned = time.monotonic() - CLEAN_EVERY + 60.0  # not while everything begins
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is just being removed."""
        self._stop.set()
        self._thread.join(timeout=LOOK_EVERY)

    def look(self) -> None:
        """Remove what is due; all that is kept is looked at now and then."""
        if time.monotonic() - self._cleaned >= CLEAN_EVERY:
            self._cleaned = time.monotonic()
            freed = self._bench.clean()
            if freed["bytes"]:
                _log.info("Cleaning freed %d bytes.", freed["bytes"])
        else:
            self._bench.deletions.finish()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            try:
                self.look()
            except (EngineError, OSError) as error:
                _log.warning("What is not needed was not removed: %s", error)
            except Exception:  # noqa: BLE001 - it is tried again
                _log.exception("What is not needed was not removed.")
