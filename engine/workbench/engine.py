"""The engine process as users of the workbench see it."""

from dataclasses import asdict
from typing import Any

from engine.config import Settings, Workspace
from engine.records.engine_process import EngineProcess


class EngineDesk:
    """Starts, stops and describes the engine of a workspace.

    Args:
        workspace: Whose engine.
        settings: Their Ray address is the engine's, too.
    """

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self._process = EngineProcess(workspace, (f"--ray={settings.ray}",) if settings.ray else ())

    def status(self) -> dict[str, Any]:
        """Return `{"running", "ready", "pid", "started", "heartbeat", "host", "starting", "failed"}`.

        `starting` is true from `ensure` until it runs; `failed` is `{"sentence", "hint"}` where it has ended
        instead, until it is started again.
        """
        found = asdict(self._process.status())
        starting, failed = (False, None) if found["running"] else self._process.attempt()
        told = {"sentence": str(failed), "hint": failed.hint} if failed else None
        return {**found, "starting": starting, "failed": told}

    def start(self) -> dict[str, Any]:
        """Start an engine if none runs, wait until it takes work, and return its status."""
        return asdict(self._process.start())

    def ensure(self) -> None:
        """See to it that an engine runs or is starting, and do not wait for it."""
        self._process.ensure()

    def stop(self) -> dict[str, Any]:
        """End the engine, its Ray and the screens of the workspace: `{"stopped": [{"name", "pid"}]}`."""
        return self._process.stop()

    def mark(self, name: str) -> dict[str, str]:
        """Return what a process needs in its environment so that `stop` finds it, noted or not."""
        return self._process.mark(name)

    def note(self, pid: int, name: str) -> None:
        """Write down a process of this workspace that `stop` shall end, too."""
        self._process.note(pid, name)
