"""The door to Ray Serve: applications by service name, behind one HTTP proxy on loopback.

Serve's controller, proxy and replicas are processes of the cluster: they outlive the process that deploys.
A new version starts beside the old one, which stops once the new one is ready; if that never happens, the
old one goes on serving.
"""

import re
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from engine.config import require_loopback
from engine.errors import ServingError
from engine.serving.errors import RETRY_S
from engine.serving.replica import Replica, ReplicaOrder
from resources.placement import Placement
from resources.shares import WHOLE, Amount, ResourceRequest

HOST = "127.0.0.1"
DEPLOYMENT = "gateway"
QUEUE = 200
"""Requests that may wait for one replica; beyond, 503 with Retry-After, which `door.py` writes as JSON."""
TOGETHER = 16
"""Requests that one replica takes at a time; it computes fewer."""

STOP_SECONDS = 20.0
"""Seconds that a replica has to finish what it answers; then Serve kills it."""

FLUSH_SECONDS = 1.0
"""Seconds that the proxy has to hand on the last answers once no replica is left."""
_LOOK_S = 0.1

State = Literal["missing", "starting", "running", "failed"]


@dataclass(frozen=True)
class Deployed:
    """What Serve says of an application: where it stands, and why it failed."""

    state: State
    message: str = ""


class ServeDeployer:
    """Deploys services on the Ray that this process drives; after another Ray was started, make another one.

    Args:
        host: Address of the HTTP proxy.

    Raises:
        ConfigError: The host is no loopback address.
    """

    def __init__(self, host: str = HOST) -> None:
        self._host = require_loopback(host)
        _forget_other_ray()

    def start(self, port: int | None = None) -> int:
        """Start Serve, if it does not run yet, and return the port its proxy listens on.

        Args:
            port: The port to take if it is free; any free one otherwise.

        Raises:
            ServingError: Ray does not answer.
        """
        from ray import serve

        running = self.port()
        if running is not None:
            return running
        chosen = port if port and _is_free(self._host, port) else _any_free(self._host)
        with _answering():
            serve.start(
                proxy_location="HeadOnly",
                http_options={"host": self._host, "port": chosen, "keep_alive_timeout_s": 30},
                logging_config={"enable_access_log": False, "log_level": "WARNING"},
            )
        return chosen

    def port(self) -> int | None:
        """Return the port of the proxy, or None where Serve does not run."""
        from ray.serve.context import _get_global_client

        with _answering():
            client = _get_global_client(raise_if_no_controller_running=False)
        return int(client.http_config.port) if client is not None else None

    def deploy(
        self,
        order: ReplicaOrder,
        share: ResourceRequest,
        bundles: Sequence[Mapping[str, float]],
        *,
        beside: bool = True,
    ) -> None:
        """Ask for one replica of a service; returns at once, `state` says how it goes.

        Args:
            order: What it serves.
            share: What the replica takes.
            bundles: The placement group it brings, from `Placement.bundles`.
            beside: Start beside the replica it replaces, which then stops; otherwise that one stops first.
        """
        from ray import serve

        # Ray would choose the device by itself, so the replica asks for none: its group holds the devices, and the
        # order says which it sees.
        options = {"num_cpus": share.cpu / WHOLE, "num_gpus": 0, "memory": share.memory or None}
        configured: Any = serve.deployment(
            name=DEPLOYMENT,
            num_replicas=1,
            ray_actor_options={name: value for name, value in options.items() if value is not None},
            placement_group_bundles=[dict(bundle) for bundle in bundles],
            placement_group_strategy="STRICT_PACK",
            max_ongoing_requests=TOGETHER,
            max_queued_requests=QUEUE,
            backpressure_config={"retry_after_s": RETRY_S},
            max_constructor_retry_count=1,
            max_surge_percent=100 if beside else 0,
            health_check_period_s=5,
            graceful_shutdown_timeout_s=STOP_SECONDS,
        )
        application = configured(serve.ingress()(Replica)).bind(order.document())
        target = serve.RunTarget(target=application, name=order.service, route_prefix=f"/{order.service}")
        with _answering():
            serve.run_many([target], wait_for_ingress_deployment_creation=False, wait_for_applications_running=False)

    def remove(self, service: str) -> None:
        """Stop a service; requests that it has are answered first."""
        from ray import serve

        with _answering():
            serve.delete(service, _blocking=False)

    def states(self) -> Mapping[str, Deployed]:
        """Return where each service stands."""
        from ray import serve

        with _answering():
            return {name: _deployed(found) for name, found in serve.status().applications.items()}

    def held(self) -> Mapping[str, Amount]:
        """Return what the replicas of each service hold, by Ray's own table."""
        with _answering():
            holdings = Placement([]).holdings()
        held: dict[str, Amount] = {}
        for holding in holdings:
            named = re.fullmatch(r"SERVE_REPLICA::([\w-]+)#.*", holding.name)
            if named:
                held[named[1]] = held.get(named[1], Amount()) + holding.amount
        return held

    def drain(self, seconds: float) -> None:
        """Stop all services, and wait until they have answered what they were asked, at most so long.

        Serve alone would close its door at once, and drop every request that is on its way.
        """
        deadline = time.monotonic() + seconds
        for name in self.states():
            self.remove(name)
        while self.states() and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
        time.sleep(min(FLUSH_SECONDS, max(0.0, deadline - time.monotonic())))

    def stop(self) -> None:
        """Stop all services, and Serve itself."""
        from ray import serve

        shutdown: Any = serve.shutdown
        with _answering():
            shutdown()


_STATES: Mapping[str, State] = {"RUNNING": "running", "DEPLOY_FAILED": "failed"}  # all others are on their way


def _forget_other_ray() -> None:
    """Drop the handle that Serve keeps of a controller: with a new Ray it may look like the current one."""
    context: Any = sys.modules.get("ray.serve.context")
    if context is not None:
        context._set_global_client(None)  # noqa: SLF001 # Serve has no public way


@contextmanager
def _answering() -> Iterator[None]:
    """Turn what Ray raises when it is gone, or going, into a sentence."""
    import ray
    from ray.exceptions import RayError
    from ray.serve.exceptions import RayServeException

    if not ray.is_initialized():  # Serve would start a Ray of its own
        raise ServingError("Ray Serve does not answer: Ray is not connected.", hint="Ray may be starting again.")
    try:
        yield
    except (RayError, RayServeException, RuntimeError, OSError) as error:
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise ServingError(f"Ray Serve does not answer: {first[0][:200]}", hint="Ray may be starting again.") from error


def _deployed(status: Any) -> Deployed:
    gateway = status.deployments.get(DEPLOYMENT)
    message = (gateway.message if gateway is not None else "") or status.message
    return Deployed(_STATES.get(str(status.status.value), "starting"), sentence_of(message))


def sentence_of(message: str) -> str:
    """Return the sentence of an error out of what Serve says of it, which may hold a traceback."""
    lines = [line.strip() for line in message.strip().splitlines() if line.strip()]
    told = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b: ", line)]
    if told:
        return re.sub(r"^[\w.]+: ", "", told[-1])[:500]
    return lines[0][:500] if lines else ""


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _any_free(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
