"""Keeps the doors of Ray Serve's replicas on loopback; each worker of our own Ray imports it first.

A replica opens a port for calls from other deployments on all addresses, and takes pickles there. Serve has no
setting for it. Importing this module in the replica's process makes such ports loopback ones.
"""

from typing import Any

EVERYWHERE = frozenset({"[::]", "0.0.0.0", ""})  # noqa: S104 - what must not be bound


def shut() -> None:
    """Replace Ray's helper that opens ports by one that opens no port to the outside."""
    from ray._common import tls_utils

    opened: Any = tls_utils.add_port_to_grpc_server

    def opened_inside(server: Any, address: str) -> Any:
        """Open the port of `address` as asked, or on 127.0.0.1 where all addresses were asked for."""
        host, _, port = address.rpartition(":")
        return opened(server, f"127.0.0.1:{port}" if host in EVERYWHERE else address)

    tls_utils.add_port_to_grpc_server = opened_inside


shut()
