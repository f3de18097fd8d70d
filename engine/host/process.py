"""One engine from its beginning to its end: the lock, the pulse, the jobs, the driver."""

import logging
import shutil
import threading
import time
from pathlib import Path
from typing import Any

from engine.config import Settings, Workspace
from engine.errors import RecordsError
from engine.host.jobs import JobLoop
from engine.host.keeper import Keeper
from engine.host.sites import InlineSite, RaySite, Site
from engine.records import Records, engine_lock
from engine.runs.driver import Driver
from engine.runs.shares import ensure_environments
from operators.children import folders
from resources.health import health_here

BEAT_EVERY = 2.0
"""Seconds between two signs of life in the records."""
LEFT_OVER = 86_400.0
"""Seconds after which a temporary file belongs to nobody."""

_log = logging.getLogger(__name__)


class Host:
    """The engine while it runs.

    Args:
        workspace: Whose engine.
        settings: What was set from outside.
        inline: Work in threads of this process instead of Ray.
    """

    def __init__(self, workspace: Workspace, settings: Settings, *, inline: bool = False) -> None:
        self._workspace = workspace
        self._settings = settings
        self._inline = inline
        self._records = Records.open(workspace)
        self._stop = threading.Event()
        self._ready = threading.Event()

    @property
    def was_ready(self) -> bool:
        """Whether this engine has begun to take work."""
        return self._ready.is_set()

    def stop(self, *_: object) -> None:
        """Ask for an orderly end; also a handler of signals."""
        self._stop.set()

    def run(self) -> None:
        """Be the engine until somebody asks for the end.

        Raises:
            EngineBusyError: Another process is.
            EngineError: The records or the environments cannot be used.
            ResourceError: Ray cannot be started.
        """
        with engine_lock.held(self._workspace):
            engine_lock.announce(self._records)
            pulse = threading.Thread(target=self._beat, name="pulse", daemon=True)
            pulse.start()
            try:
                self._work()
            finally:
                self._stop.set()
                pulse.join(timeout=BEAT_EVERY)
                engine_lock.release(self._records)

    def _work(self) -> None:
        self._sweep()
        ensure_environments(self._records, self._settings)
        jobs = JobLoop(self._workspace, self._records, self._settings)
        keeper = Keeper(self._workspace, self._settings)
        jobs.start()  # an import does not wait for Ray
        keeper.start()
        try:
            self._drive()
        finally:
            keeper.stop()
            jobs.stop()

    def _drive(self) -> None:
        site: Site = InlineSite() if self._inline else RaySite(self._workspace, self._records, self._settings)
        driver = Driver(self._workspace, self._records, site.executor)
        metrics = self._metrics()
        try:
            self._ready.set()
            engine_lock.beat(self._records, ready=True)
            _log.info("The engine of %s is ready.", self._workspace.root)
            driver.run(self._stop)
        finally:
            _log.info("The engine of %s ends.", self._workspace.root)
            if metrics is not None:
                metrics.shutdown()
            driver.close()
            site.close()
            folders.sweep()  # of scripts whose workers were killed with Ray

    def _metrics(self) -> Any:
        """Answer to Prometheus where a port is set; one that is taken is told in the log, and work goes on."""
        if self._settings.metrics_port is None:
            return None
        from engine.host.metrics import serve

        try:
            return serve(self._records, health_here(), self._settings.metrics_port)
        except OSError as error:
            _log.error("Metrics cannot be told at port %s: %s", self._settings.metrics_port, error)
            return None

    def _beat(self) -> None:
        """Write a sign of life now and then; an engine that was declared dead ends itself."""
        while not self._stop.wait(BEAT_EVERY):
            try:
                if not engine_lock.beat(self._records, ready=self._ready.is_set()):
                    _log.error("Another engine has taken over this workspace.")
                    self._stop.set()
            except RecordsError as error:
                _log.warning("%s %s", error, error.hint)

    def _sweep(self) -> None:
        """Remove temporary files that dead workers left long ago, and at once the folders of their children."""
        folders.sweep()
        for folder in (self._workspace.scratch, self._workspace.outputs / "partial"):
            for path in folder.iterdir() if folder.is_dir() else ():
                if time.time() - path.lstat().st_mtime > LEFT_OVER:
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
