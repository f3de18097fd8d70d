"""`tandem resources` and `doctor`: what there is to run on, and whether everything is in order."""

from typing import Annotated, Any

import typer

from app.cli.commands import command
from app.cli.errors import WorkFailedError
from app.cli.session import Session


def register(root: typer.Typer) -> None:
    """Add the commands."""
    command(root, "resources")(resources)
    command(root, "doctor")(doctor)
    command(root, "accounts")(accounts)


def resources(session: Session) -> None:
    """Show devices, environments with their quotas, and what waits."""
    session.answer(session.bench.resources(), _draw_resources)


def accounts(session: Session, days: Annotated[float, typer.Option(help="Of the last days.", min=0)] = 30.0) -> None:
    """Show what each project has used: runs, and hours of CPUs and GPUs."""
    session.answer(session.bench.accounts(days), _draw_accounts)


def doctor(
    session: Session,
    deep: Annotated[bool, typer.Option("--deep", help="Also read all that is kept, and name what is damaged.")] = False,
) -> None:
    """Check the workspace and what it needs; exit 1 if something is wrong."""
    document = session.bench.doctor(deep=deep)
    session.answer(document, _draw_doctor)
    if not document["ok"]:
        raise WorkFailedError


def _draw_resources(document: Any) -> Any:
    from app.cli.output import stack, table
    from resources.shares import Amount

    devices = document["devices"]
    names = list(devices[0]) if devices else ["device"]
    keys = ("name", "policy", "level", "quota", "free", "running", "queued")
    amounts = ("quota", "free")
    return stack(
        table(names, [[device.get(name) for name in names] for device in devices], empty="No devices seen."),
        table(
            keys,
            [
                [str(Amount.of_document(one[key])) if key in amounts else one.get(key) for key in keys]
                for one in document["environments"]
            ],
        ),
    )


def _draw_accounts(rows: Any) -> Any:
    from app.cli.output import table

    cells = [
        [row["project"], row["runs"], row["attempts"], f"{row['cpu_hours']:.3f}", f"{row['gpu_hours']:.3f}"]
        for row in rows
    ]
    return table(["project", "runs", "attempts", "CPU hours", "GPU hours"], cells)


def _draw_doctor(document: Any) -> Any:
    from app.cli.output import facts, stack, table

    checks = [("ok" if check["ok"] else "wrong", check["name"], check["message"]) for check in document["checks"]]
    return stack(facts(document["engine"]), table(["", "check", "what was found"], checks))
