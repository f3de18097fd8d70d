"""Which ports processes listen on, and whether anybody outside this machine could reach them."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from resources.processes import ProcessId


@dataclass(frozen=True, slots=True, order=True)
class Door:
    """One listening TCP socket."""

    address: str
    port: int
    pid: int
    program: str

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        found = ipaddress.ip_address(self.address)
        mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
        return (mapped or found).is_loopback


def listening(processes: Iterable[ProcessId]) -> list[Door]:
    """Return the doors of `processes`, sorted; those of processes that have just ended are left out."""
    doors = []
    for known in processes:
        try:
            process = psutil.Process(known.pid)
            sockets = process.net_connections(kind="tcp")
            name = process.name()
        except psutil.Error:
            continue
        doors += [
            Door(one.laddr.ip, one.laddr.port, known.pid, name) for one in sockets if one.status == psutil.CONN_LISTEN
        ]
    return sorted(doors)
