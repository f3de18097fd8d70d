"""Where the work of an engine is done: on the workspace's Ray, or in threads of the engine itself."""

from typing import Protocol

from engine.config import Settings, Workspace
from engine.host.device_watch import DeviceWatch
from engine.host.services import ServiceLoop, shares_lent
from engine.records import Records
from engine.runs.executor import Executor
from engine.runs.expectations import Expectations
from engine.runs.shares import current_environments, ensure_environments, machine
from resources.ground import Ground
from resources.health import health_here
from resources.processes import replace_myself


class Site(Protocol):
    """Something that does the stages of runs, and perhaps serves models."""

    @property
    def executor(self) -> Executor:
        """What does the stages."""

    def close(self) -> None:
        """End everything that was started."""


class InlineSite:
    """This process itself: threads, no services; for tests."""

    def __init__(self) -> None:
        from engine.runs.inline_executor import InlineExecutor

        self._executor = InlineExecutor(threads=2)

    @property
    def executor(self) -> Executor:
        """Threads of this process."""
        return self._executor

    def close(self) -> None:
        """End the threads."""
        self._executor.close()


class RaySite:
    """The Ray of the workspace, or the one that others run, with the services on it.

    Raises:
        ResourceError: Ray cannot be started or reached, or has less than the environments ask for.
    """

    def __init__(self, workspace: Workspace, records: Records, settings: Settings) -> None:
        from engine.runs.ray_executor import RayExecutor

        specs = ensure_environments(records, settings)
        self._ground = Ground(workspace.root / "ray", machine(settings), specs, address=settings.ray)
        self._ground.open(shares_lent(self._ground, records, settings.ray))
        self._executor = RayExecutor(
            self._ground,
            revive=replace_myself,  # its services call Ray on a thread
            environments=lambda: current_environments(records),
            expectations=Expectations(records),
            devices=DeviceWatch(records, health_here()),
        )
        self._services = ServiceLoop(workspace, records, self._ground)
        self._services.start()

    @property
    def executor(self) -> Executor:
        """Workers of Ray."""
        return self._executor

    def close(self) -> None:
        """Stop the services, what runs, and Ray; a Ray that others run is only left."""
        self._services.stop()
        self._executor.close()
        self._ground.stop()
