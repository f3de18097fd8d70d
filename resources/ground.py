"""The ground a workspace stands on: its Ray, its environments and their shares, brought up again when Ray dies."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from resources.cluster import Cluster, find_cluster, start_cluster, stop_cluster
from resources.connection import connect, disconnect, drives, largest_machine
from resources.devices import Inventory
from resources.enforcement.binding import here
from resources.environments import EnvironmentSpec, default_environments
from resources.errors import ClusterError, ClusterLostError
from resources.placement import Loan, Placement
from resources.pools import check_together

DIES_WITHIN = 5.0
"""Seconds within which a process is gone that was killed."""


class Ground:
    """One workspace's Ray with this process as its driver; of one process only one can be open.

    Args:
        home: Folder of the workspace's Ray, such as `workspace/ray`.
        inventory: What a Ray started here may share out; a foreign Ray says itself what it has.
        environments: `train`, `test` and `inference` by default.
        address: Of a Ray that others run; None starts one here.

    Raises:
        QuotaError: The environments ask for more than there is (not checked on a foreign Ray).
    """

    def __init__(
        self,
        home: Path,
        inventory: Inventory,
        environments: Iterable[EnvironmentSpec] | None = None,
        *,
        address: str | None = None,
    ) -> None:
        self.home = home
        self.inventory = inventory
        self._chosen = tuple(environments) if environments is not None else None
        self._address = address
        if address is None:
            check_together(self.environments, inventory)
        self._cluster: Cluster | None = None
        self._placement: Placement | None = None
        self._open = False

    @property
    def environments(self) -> tuple[EnvironmentSpec, ...]:
        """The environments that were asked for, or those that fit what there is."""
        return default_environments(self.inventory) if self._chosen is None else self._chosen

    @property
    def cluster(self) -> Cluster:
        """The Ray it stands on.

        Raises:
            ClusterLostError: It is not open.
        """
        if self._cluster is None:
            raise ClusterLostError("Ray is not running.", hint="Open the ground first.")
        return self._cluster

    @property
    def placement(self) -> Placement:
        """The environments' shares: one object from the first `open` on, also when Ray is another.

        Raises:
            ClusterLostError: It was never open.
        """
        if self._placement is None:
            raise ClusterLostError("Ray is not running.", hint="Open the ground first.")
        return self._placement

    @property
    def here(self) -> bool:
        """Whether everything runs on this machine, where its processes can be looked at."""
        return self._address is None

    @property
    def alive(self) -> bool:
        """Whether it is open and its Ray runs; cheap enough to ask many times a second."""
        return self._open and self._cluster is not None and self._cluster.alive

    def open(self, lent: Mapping[str, Mapping[str, Loan]] | None = None) -> None:
        """Find or start Ray, connect to it, and reserve the environments' shares; do it again when Ray has died.

        Again only where no other thread of this process calls Ray: its call would never return, or crash the
        process. A process that has such threads replaces itself (`resources.processes.replace_myself`).

        Args:
            lent: Shares of services that run already, by environment and service; only heeded the first time,
                after that the placement knows itself.

        Raises:
            ClusterError: Ray does not start, or one that others run does not answer.
            ClusterLostError: Our own dies again and again while it is connected to.
            PlacementError: Something else holds the shares.
        """
        if self.alive:
            return
        self._open = False
        if self._address is not None:
            self._cluster = Cluster.foreign(self._address)
        else:
            self._cluster = start_cluster(self.home, self.inventory)
        if not drives(self._cluster):
            disconnect()  # from the Ray that died, or from another workspace's
            self._connect()
        if self._address is not None:
            self.inventory = largest_machine()
        self._placement = self._placement or Placement(
            self.environments, lent, self.inventory, here() if self.here else ()
        )
        self._placement.open()
        self._open = True

    def _connect(self) -> None:
        """Connect, and where our own Ray dies just then, start another one.

        A process that was killed answers no more a moment before it is gone.
        """
        for last in (False, False, True):
            try:
                connect(self.cluster)
            except ClusterError as error:
                if self._address is not None:
                    raise
                if last or not self._dies():  # whoever is told of it may try again: it is no fault of a setting
                    raise ClusterLostError(str(error), hint="Start it again.") from error
                self._cluster = start_cluster(self.home, self.inventory)
            else:
                break

    def _dies(self) -> bool:
        """Return whether our own Ray is gone, or goes within seconds."""
        until = time.monotonic() + DIES_WITHIN
        while (alive := self.cluster.alive) and time.monotonic() < until:
            time.sleep(0.05)
        return not alive

    def change(self, environments: Iterable[EnvironmentSpec]) -> None:
        """Take other environments; what runs in those that change ends, see `Placement.change`.

        Raises:
            QuotaError: They ask for more than there is (not checked on a foreign Ray), or services have more than their
                environment would.
            PlacementError: A service has devices that its environment would not have.
        """
        wanted = tuple(environments)
        if self._address is None:
            check_together(wanted, self.inventory)
        self.placement.change(wanted)
        self._chosen = wanted

    def leave(self) -> None:
        """Give the shares back and disconnect; Ray and the services on it live on."""
        if self.alive and self._placement is not None:
            self._placement.close()
        self._open = False
        disconnect()

    def stop(self) -> None:
        """Disconnect, and end the workspace's own Ray with everything on it; a foreign one is left alone."""
        if self._address is not None:
            self.leave()
            return
        disconnect()
        stop_cluster(self.home)
        self._cluster = None
        self._open = False

    def running(self) -> bool:
        """Return whether the workspace's own Ray runs, whether or not this process uses it."""
        return find_cluster(self.home) is not None
