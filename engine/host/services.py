"""The loop that keeps services as they are wanted, on a thread of its own."""

import logging
import threading
from collections.abc import Mapping

from engine.config import Workspace
from engine.errors import EngineError, ServingError
from engine.records import Records, devices, services
from engine.serving.deployer import ServeDeployer
from engine.serving.reconciler import Reconciler, lent
from engine.serving.watch import ServiceWatch
from resources.cluster import Cluster, find_cluster
from resources.connection import connect
from resources.errors import ResourceError
from resources.ground import Ground
from resources.placement import Loan

BUSY, IDLE, TROUBLED = 0.2, 0.5, 2.0
"""Seconds until the next step: while something is on its way, while nothing is, after something went wrong."""
DRAIN_WITHIN = 12.0
"""Seconds that services have to finish what they answer."""
STOP_WITHIN = 15.0
"""Seconds after which the engine ends without them; with Ray, it takes less than the thirty that `down` waits."""

_log = logging.getLogger(__name__)


class ServiceLoop:
    """Brings services to what their rows want until it is stopped; a Ray that died is followed to the next one.

    Args:
        workspace: Whose services.
        records: Its records.
        ground: Open already; somebody else opens it again when Ray has died.
    """

    def __init__(self, workspace: Workspace, records: Records, ground: Ground) -> None:
        self._workspace = workspace
        self._records = records
        self._ground = ground
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="services", daemon=True)
        self._deployer: ServeDeployer | None = None
        self._reconciler: Reconciler | None = None
        self._cluster: Cluster | None = None
        self._watch: ServiceWatch | None = None
        self._changes = records.watch()  # used by the thread alone

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the loop, let services finish what they answer, and stop them."""
        self._stop.set()
        self._thread.join(timeout=STOP_WITHIN)
        if self._watch is not None:
            self._watch.close()
        if self._deployer is not None and self._ground.alive:
            ending = threading.Thread(target=self._end, args=(self._deployer,), name="services end", daemon=True)
            ending.start()
            ending.join(timeout=STOP_WITHIN)

    def _end(self, deployer: ServeDeployer) -> None:
        try:
            deployer.drain(DRAIN_WITHIN)
            deployer.stop()
        except ServingError as error:
            _log.warning("%s %s", error, error.hint)

    def _run(self) -> None:
        pause = 0.0
        while not self._stop.wait(pause):
            try:
                pause = BUSY if self._step() else IDLE
            except (EngineError, ResourceError) as error:
                _log.warning("%s %s", error, error.hint)
                pause = TROUBLED
            except Exception:  # noqa: BLE001 - services are kept whatever happens
                _log.exception("A step of the services failed.")
                pause = TROUBLED
        self._changes.close()

    def _step(self) -> bool:
        if not self._ground.alive or not self._wanted():
            return False
        if self._reconciler is None or self._cluster != self._ground.cluster:
            self._cluster = self._ground.cluster
            self._deployer = ServeDeployer()
            self._reconciler = Reconciler(self._workspace, self._records, self._deployer, self._ground.placement)
        with self._records.read() as connection:
            self._ground.placement.down = frozenset(row.name for row in devices.every(connection))
        busy = self._reconciler.step()
        if self._ground.here:
            self._watch = self._watch or ServiceWatch(self._workspace, self._records, self._ground.placement)
            self._watch.look()
        return busy

    def _wanted(self) -> bool:
        """True once there is a service: nothing of Serve is imported before."""
        if self._reconciler is not None:
            return True
        if not self._changes.changed():
            return False
        with self._records.read() as connection:
            return bool(services.every(connection))


def shares_lent(ground: Ground, records: Records, address: str | None) -> Mapping[str, Mapping[str, Loan]]:
    """Return what services of an engine that died hold on a Ray that lived on.

    Raises:
        ResourceError: That Ray does not answer.
    """
    with records.read() as connection:
        known = services.every(connection)
    cluster = Cluster.foreign(address) if address else find_cluster(ground.home)
    if not known or cluster is None:
        return {}
    connect(cluster)
    return lent(records, ServeDeployer())
