"""`tandem resources` and `doctor`: what there is to run on, and whether everything is in order."""

from typing import Any

import typer

from app.cli.commands import command
from app.cli.errors import WorkFailedError
from app.cli.session import Session


def register(root: typer.Typer) -> None:
    """Add the commands."""
    command(root, "resources")(resources)
    command(root, "doctor")(doctor)


def resources(session: Session) -> None:
    """Show devices, environments with their quotas, and what waits."""
    session.answer(session.bench.resources(), _draw_resources)


def doctor(session: Session) -> None:
    """Check the workspace and what it needs; exit 1 if something is wrong."""
    document = session.bench.doctor()
    session.answer(document, _draw_doctor)
    if not document["ok"]:
        raise WorkFailedError


def _draw_resources(document: Any) -> Any:
    from app.cli.output import stack, table

    devices = document["devices"]
    names = list(devices[0]) if devices else ["device"]
    keys = ("name", "policy", "quota", "free", "running", "queued")
    return stack(
        table(names, [[device.get(name) for name in names] for device in devices], empty="No devices seen."),
        table(keys, [[environment.get(key) for key in keys] for environment in document["environments"]]),
    )


def _draw_doctor(document: Any) -> Any:
    from app.cli.output import facts, stack, table

    checks = [("ok" if check["ok"] else "wrong", check["name"], check["message"]) for check in document["checks"]]
    return stack(facts(document["engine"]), table(["", "check", "what was found"], checks))
