"""The engine as others see it: start it detached, ask how it is, stop it and all it started."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.config import Workspace
from engine.errors import RecordsError
from engine.records import engine_lock, processes
from engine.records.database import Records
from engine.records.engine_lock import EngineStatus
from engine.records.processes import ProcessRow

START_WITHIN = 120.0
"""Seconds that an engine may take until it is ready: it starts Ray."""
STOP_WITHIN = 30.0
"""Seconds that an engine may take to end by itself."""
LOOK_EVERY = 1.0
"""Seconds between two looks of `ensure`."""
LOG_LIMIT = 5_000_000
BUSY, REFUSED = 3, 4
"""Exit status of an engine that found another one, and of one that cannot start for a reason that it says at last."""
TRIES = 3
"""Engines in a row that break off while they start, after which that is told: what kills Ray then takes it along."""


class EngineProcess:
    """The engine of one workspace, from outside; works whoever started it.

    Args:
        workspace: Whose engine.
        arguments: More arguments for a new engine, such as `--executor inline`.
    """

    def __init__(self, workspace: Workspace, arguments: tuple[str, ...] = ()) -> None:
        self._workspace = workspace
        self._arguments = arguments
        self._child: subprocess.Popen[bytes] | None = None
        self._looked = 0.0
        self._failed: RecordsError | None = None
        self._broken = 0

    @property
    def log(self) -> Path:
        """Where the engine writes what it does."""
        return self._workspace.logs / "engine.log"

    def status(self) -> EngineStatus:
        """Return whether an engine runs, and which."""
        return engine_lock.status(Records.open(self._workspace))

    def ensure(self) -> None:
        """See to it that an engine runs or is starting; cheap enough to be called again and again.

        Raises:
            RecordsError: The one that was started here has ended by itself; the sentence says why.
        """
        if self._workspace.read_only:  # what is waited for is done by the engine of those who may write
            return
        if time.monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = time.monotonic()
        starting, found = self._starting(), self.status()
        self._broken = 0 if found.ready else self._broken
        if not starting and not found.running:
            self._spawn()

    def start(self) -> EngineStatus:
        """Start an engine if none runs, wait until it takes work, and return how it is.

        Raises:
            RecordsError: It did not start; the sentence says why.
        """
        deadline = time.monotonic() + START_WITHIN
        while not (found := self.status()).ready:
            if not found.running and not self._starting():
                self._spawn()
            if time.monotonic() > deadline:
                raise RecordsError(f"The engine is not ready after {START_WITHIN:g} s.", hint=f"See {self.log}.")
            time.sleep(0.05)
        self._broken = 0
        return found

    def stop(self) -> dict[str, Any]:
        """End the engine, its Ray and the screens of this workspace; return `{"stopped": [{"name", "pid"}]}`.

        Raises:
            ReadOnlyError: Nothing may be changed.
        """
        from resources.cluster import stop_cluster

        self._workspace.require_writable()

        records, stopped = Records.open(self._workspace), []
        for row in self._engines():
            end(row, STOP_WITHIN)
            stopped.append({"name": row.name, "pid": row.pid})
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=1.0)
        stopped += [{"name": "ray", "pid": one.pid} for one in stop_cluster(self._workspace.root / "ray")]
        with records.read() as connection:
            noted = processes.every(connection)
        for other in {
            (row.pid, row.started): row for row in [*processes.marked(self._workspace.root), *noted]
        }.values():
            if other.running():
                end(other, 5.0)
                stopped.append({"name": other.name, "pid": other.pid})
            with records.write() as connection:
                processes.forget(connection, other)
        return {"stopped": stopped}

    def mark(self, name: str) -> dict[str, str]:
        """Return what a process needs in its environment so that `stop` finds it, noted or not; nothing read-only."""
        return {} if self._workspace.read_only else processes.mark(name, self._workspace.root)

    def note(self, pid: int, name: str) -> None:
        """Write down a process that `stop` shall end, too."""
        row = processes.described(pid, name)
        if row is not None:
            with Records.open(self._workspace).write() as connection:
                processes.note(connection, row)

    def _engines(self) -> list[ProcessRow]:
        """Return the engine that has announced itself, and those that were started and have yet to do so."""
        found = self.status()
        row = processes.described(found.pid, "engine") if found.pid else None
        known = [row] if row is not None and row.host == found.host else []
        marked = processes.marked(self._workspace.root)
        return known + [one for one in marked if one.name == "engine" and one.pid not in {row.pid for row in known}]

    def attempt(self) -> tuple[bool, RecordsError | None]:
        """Return whether an engine that was started here has yet to show itself, and why the last one did not."""
        try:
            return self._starting(), self._failed
        except RecordsError as error:
            self._failed = error
            return False, error

    def _starting(self) -> bool:
        """Return whether the engine that was started here still runs.

        Raises:
            RecordsError: It cannot start, or several in a row have broken off while they did.
        """
        if self._child is None or (code := self._child.poll()) is None:
            return self._child is not None
        self._child = None
        if code == REFUSED:
            raise RecordsError(f"The engine did not start: {self._last_words()}", hint=f"See {self.log}.")
        if code in (BUSY, 0) or code < 0:  # there is another one, it was asked to end, or somebody killed it
            return False
        self._broken += 1  # Ray, too, ends a process that uses it where one of its own was killed
        if self._broken < TRIES:
            return False
        self._broken = 0
        raise RecordsError(f"The engine has broken off {TRIES} times.", hint=f"See {self.log}.")

    def _spawn(self) -> None:
        self._workspace.require_writable()
        self._failed = None
        code = str(Path(__file__).parents[2])
        environment = {**os.environ, "TANDEM_RECORDS_URL": self._workspace.records_url}
        environment |= self.mark("engine")
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (code, os.environ.get("PYTHONPATH"))))
        command = [sys.executable, "-m", "engine.host", "--workspace", str(self._workspace.root), *self._arguments]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _last_words(self) -> str:
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 4000))
            lines = file.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing."


def end(row: ProcessRow, patience_s: float) -> None:
    """End a process, gently first; only if it is the one that was noted."""
    deadline = time.monotonic() + patience_s
    process = row.process()
    if process is not None:
        process.send_signal(signal.SIGTERM)
    while row.running() and time.monotonic() < deadline:
        time.sleep(0.05)
    process = row.process()
    if process is not None:
        process.kill()
