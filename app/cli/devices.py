"""`tandem devices`: how GPUs and other accelerators are, and which of them are in service."""

from typing import Annotated, Any

import typer

from app.cli.commands import command, default_command, new_group
from app.cli.session import Session

group = new_group("Devices: how GPUs and other accelerators are, taken out of service and put back.")
Name = Annotated[str, typer.Argument(metavar="DEVICE", help="Name of the device, as gpu0.", show_default=False)]


@command(group, "list")
def list_devices(session: Session) -> None:
    """List them with their state."""
    session.answer(session.bench.devices.list(), _draw)


@command(group, "drain")
def drain(session: Session, name: Name, why: Annotated[str, typer.Option(help="For those who wonder.")] = "") -> None:
    """Take a device out of service: what runs there starts again elsewhere, or waits."""
    session.answer(session.bench.devices.drain(name, why), lambda row: _draw([row]))


@command(group, "return")
def put_back(session: Session, name: Name) -> None:
    """Put a device back into service."""
    session.answer(session.bench.devices.put_back(name), lambda row: _draw([row]))


default_command(group, list_devices)


def _draw(rows: Any) -> Any:
    from app.cli.output import table

    return table(
        ["device", "model", "memory", "state", "why"],
        [[one["name"], one["model"], one["memory"], one["state"], (one["why"] or {}).get("sentence")] for one in rows],
        empty="No device was seen. TANDEM_DEVICES=2xA100,T4 pretends three.",
    )
