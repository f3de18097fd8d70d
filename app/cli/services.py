"""`tandem deploy`, `services` and `predict`: models that answer over HTTP."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.commands import command, default_command, new_group
from app.cli.errors import UsageError
from app.cli.session import Session

group = new_group("Services: list, stop.")

ServiceName = Annotated[str, typer.Argument(metavar="SERVICE", help="Name of the service.", show_default=False)]


def register(root: typer.Typer) -> None:
    """Add the commands that stand beside the group."""
    command(root, "deploy")(deploy)
    command(root, "predict")(predict)


@command(group, "list")
def list_services(session: Session) -> None:
    """List the services."""
    session.answer(session.bench.services.list(), _draw_list)


@command(group, "stop")
def stop(session: Session, name: ServiceName) -> None:
    """Take a service down; its captured rows stay."""
    session.answer(session.bench.services.stop(name).wait().document(), _draw_service)


default_command(group, list_services)


def deploy(
    session: Session,
    model: Annotated[str, typer.Argument(help="Name of the registered model.", show_default=False)],
    name: Annotated[str | None, typer.Option(help="Name of the service; the model's when left out.")] = None,
    version: Annotated[str | None, typer.Option(help="Version or alias; the champion when left out.")] = None,
    gpu: Annotated[float | None, typer.Option(help="Share of a GPU it reserves.", min=0)] = None,
    cpu: Annotated[str | None, typer.Option(help="CPUs it reserves, as 0.5; a small share when left out.")] = None,
    memory: Annotated[
        str | None, typer.Option(help="Memory it may take beyond its libraries, as 1GiB; not limited when left out.")
    ] = None,
    environment: Annotated[str, typer.Option(help="Environment it runs in.")] = "inference",
) -> None:
    """Put a registered model behind HTTP and wait until it is healthy; it lives on after this command."""
    session.tell(f"Deploying {model}...")
    share: dict[str, Any] = {"gpu": gpu, "cpu": cpu, "memory": memory}
    service = session.bench.services.deploy(model, name=name, version=version, environment=environment, **share)
    session.answer(service.wait().document(), _draw_service)


def predict(
    session: Session,
    service: ServiceName,
    file: Annotated[Path, typer.Argument(help="Rows: CSV, Parquet, JSON or JSON lines.", show_default=False)],
) -> None:
    """Ask a service about the rows of a file."""
    from app.cli.rows import ask

    if not file.is_file():
        raise UsageError(f"There is no file {file}.", hint="Check the path.")
    session.answer(ask(session.bench, service, file), _draw_predictions)


def _draw_service(document: Any) -> Any:
    from app.cli.output import facts

    told = {key: document.get(key) for key in ("name", "url", "model", "version", "environment")}
    return facts({**told, "status": _status(document)})


def _draw_list(document: Any) -> Any:
    from app.cli.output import table

    keys = ("name", "url", "model", "version", "status", "share", "devices")
    rows = [[_told(key, {**service, "status": _status(service)}.get(key)) for key in keys] for service in document]
    return table(keys, rows, empty="No services yet: tandem deploy MODEL")


def _status(service: Any) -> str:
    from app.cli.output import moment

    if service["known"]:
        return str(service["status"])
    return f"not known ({service['last_status']} at {moment(service['seen_at'])})"


def _told(key: str, value: Any) -> Any:
    """Return a value in the units that people write."""
    from resources.shares import Amount

    if key == "share":
        return str(Amount.of_document(value or {}))
    return ", ".join(value) if key == "devices" else value


def _draw_predictions(document: Any) -> Any:
    from app.cli.output import table

    answers = document["predictions"]
    if answers and isinstance(answers[0], dict):
        names = list(answers[0])
        return table(names, [[answer.get(name) for name in names] for answer in answers])
    return table(["prediction"], [[answer] for answer in answers])
