"""This process as a driver of a Ray: one at a time, because Ray allows no more."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from resources.cluster import Cluster
from resources.devices import Inventory
from resources.errors import ClusterError, ClusterLostError
from resources.profiles import GPU
from resources.shares import WHOLE

NAMESPACE = "tandem"
KNOCK_S = 5.0
_ASKS = "RAY_gcs_server_port_wait_time_s"
"""How often a driver asks for the head of its Ray before it gives up, as Ray calls it."""


def connect(cluster: Cluster) -> None:
    """Make this process a driver of `cluster`; nothing happens if it is one already.

    Signal handlers are left as they were, which `ray.init` by itself would not do.

    Raises:
        ClusterLostError: Its processes are gone.
        ClusterError: It does not answer, refuses our token, or this process drives another Ray.
    """
    if not cluster.alive:
        raise ClusterLostError("Ray is not running any more.", hint="Start it again.")
    if _driven() is not None:
        _check_same(cluster)
        return
    _knock(cluster.address)
    os.environ.update(cluster.environment())
    import ray

    if cluster.owned:
        _refresh_settings()
    try:
        with _handlers_kept(), _asked_once():
            ray.init(address=cluster.address, namespace=NAMESPACE, log_to_driver=False, configure_logging=False)
        _hush()
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise ClusterError(
            f"Ray at {cluster.address} cannot be used: {said[0]}",
            hint="See whether the address is right and TANDEM_RAY's cluster takes this token.",
        ) from error


@contextmanager
def _asked_once() -> Iterator[None]:
    """Let Ray ask once (41 s) for a head that died after the knock: by itself it asks for a quarter of an hour."""
    before = os.environ.get(_ASKS)
    os.environ[_ASKS] = "1"
    try:
        yield
    finally:
        os.environ.pop(_ASKS)
        if before is not None:
            os.environ[_ASKS] = before


def _hush() -> None:
    """Keep Ray's words on each worker that dies from this process's output, where a command prints its document.

    Ray has no switch for it. Who works with the workers tells of it in our words.
    """
    from ray._private import worker

    module: Any = worker
    module.print_to_stdstream = lambda *_, **__: None


def disconnect() -> None:
    """Leave the Ray this process drives, if any; tasks it started end."""
    if (ray := _driven()) is not None:
        with _handlers_kept():
            ray.shutdown()
    serve = sys.modules.get("ray.serve.context")
    if serve is not None:
        # Serve keeps its controller by job, and the first job of every new Ray has the same number.
        forget: Any = vars(serve)["_disconnect"]
        forget()


def largest_machine() -> Inventory:
    """Return what the largest machine of the connected Ray has: an environment's share lies on one machine."""
    import ray

    listed: Any = ray.nodes
    machines = [node["Resources"] for node in listed() if node["Alive"]]
    largest = max(machines, key=lambda one: (one.get("GPU", 0), one.get("CPU", 0)))
    cpus = round(largest.get("CPU", 0) * WHOLE)
    from ray._private import accelerators

    kinds = sorted(accelerators.get_all_accelerator_resource_names() - {GPU})
    found = Inventory(cpus, int(largest.get("memory", 0))).with_gpus(int(largest.get(GPU, 0)))
    for kind in kinds:
        found = found.with_more(int(largest.get(kind, 0)), {"kind": kind, "model": kind})
    return found


def _driven() -> Any:
    """Return Ray if this process drives one; it is not imported just to look."""
    ray = sys.modules.get("ray")
    return ray if ray is not None and ray.is_initialized() else None


def drives(cluster: Cluster) -> bool:
    """Return whether this process is a driver of `cluster`."""
    return _driven() is not None and _here() == cluster.address.removeprefix("ray://")


def _here() -> str:
    import ray

    return str(ray.get_runtime_context().gcs_address)


def _check_same(cluster: Cluster) -> None:
    if not drives(cluster):
        raise ClusterError(
            f"This process uses the Ray at {_here()} already, and cannot use the one at {cluster.address}.",
            hint="Disconnect first.",
        )


def _knock(address: str) -> None:
    """Fail at once where nobody listens: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK_S).close()
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"Nobody answers at the Ray address {address}.",
            hint="Give host:port of a running Ray in TANDEM_RAY, or unset it to have one started here.",
        ) from error


def _refresh_settings() -> None:
    """Let Ray read its settings again: it keeps those it saw when it was first imported."""
    from ray import _raylet
    from ray._private import ray_constants

    ray_constants.ENABLE_RAY_CLUSTER = False  # or 127.0.0.1 would be replaced by an outside address
    settings: Any = _raylet
    settings.Config.initialize("")
    settings.AuthenticationTokenLoader.instance().reset_cache()


@contextmanager
def _handlers_kept() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            with suppress(ValueError, TypeError):
                signal.signal(number, handler)
