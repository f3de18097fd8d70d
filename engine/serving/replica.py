"""What a replica of a service does when it starts: load the slice, verified, and answer for it.

It runs in a process of the cluster and lives on when the process that deployed it ends.
"""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from engine.config import Workspace
from engine.serving import folder
from engine.serving.captures import CaptureLog
from engine.serving.gateway import Served, create_app
from engine.serving.meter import Meter
from engine.serving.signature import Signature
from resources.enforcement.gauges import Gauges
from resources.enforcement.limits import Limits, keep
from resources.enforcement.turns import wait_at
from resources.enforcement.watchdog import Begun


@dataclass(frozen=True)
class ReplicaOrder:
    """What a replica serves; JSON.

    Args:
        workspace: Root of the workspace.
        service: Name of the service.
        model: Name of the model.
        version: Version of the model.
        piece: Folder of the slice.
        signature: Its signature, as JSON.
        seen: Variables that let it see the devices of its share, and no others.
        limits: What it may take, as `resources.enforcement.limits` writes it.
        note: File into which it writes for the watchdog that it has begun.
        turns: Where its requests wait for their turns at a device, as `resources.enforcement.turns` writes it.
    """

    workspace: str
    service: str
    model: str
    version: str
    piece: str
    signature: dict[str, Any]
    seen: dict[str, str] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    turns: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """Return the order as JSON."""
        return asdict(self)


def build_app(order: ReplicaOrder) -> FastAPI:
    """Return the application of a replica.

    Raises:
        StoreError: The slice is missing.
        TamperedError: The slice is not what was stored.
        ServingError: The slice cannot answer its own example.
    """
    workspace = Workspace.at(order.workspace)
    piece = folder.load(Path(order.piece), workspace.key)
    signature = Signature.model_validate(order.signature)
    piece.answer([signature.example_row()])
    served = Served(order.service, order.model, order.version, piece, signature)
    captures = workspace.captures / order.service
    return create_app(served, CaptureLog(captures, order.version, model=order.model), Meter(captures, order.version))


def hold(order: ReplicaOrder) -> None:
    """Keep this process to the share of a service, and tell the watchdog that it has begun.

    What it has in memory already, before its model, does not count.
    """
    os.environ.update(order.seen)
    if order.limits:
        keep(Limits.of_document(order.limits))
    wait_at(order.turns)
    if order.note:
        Begun(os.getpid(), Gauges().memory(os.getpid())).write(Path(order.note))


class Replica:
    """The class that Ray Serve makes replicas of; `serve.ingress()` wraps it.

    Args:
        order: A `ReplicaOrder` as JSON.
    """

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = ReplicaOrder(**order)
        hold(self._order)

    def __serve_build_asgi_app__(self) -> FastAPI:  # Ray Serve's name
        """Return the application; Ray Serve calls this once the replica has its share."""
        return build_app(self._order)
