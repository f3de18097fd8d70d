"""`tandem models`: versions that can be served."""

from typing import Annotated, Any

import typer

from app.cli.commands import command, default_command, new_group
from app.cli.session import Session

group = new_group("Models: list, show, register, promote.")

_DEFAULTS = {
    "stored": "kept with it",
    "unknown": "unknown: it was registered before parameters that nobody set were kept, and takes today's",
}
ModelName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the model.", show_default=False)]


@command(group, "list")
def list_models(session: Session) -> None:
    """List the versions of all models."""
    session.answer(document_of(session.bench.models.list()), _draw_list)


@command(group, "show")
def show(session: Session, name: ModelName) -> None:
    """Show the versions of a model."""
    session.answer(document_of(session.bench.models.show(name)), _draw_versions)


@command(group, "register")
def register(
    session: Session,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.", show_default=False)],
    node: Annotated[str, typer.Argument(help="Node that gave the model.", show_default=False)],
    name: Annotated[str, typer.Option(help="Name to register it under.", show_default=False)],
) -> None:
    """Keep a node's model with the path rows take to it; batch and online answers must agree first."""
    session.tell("Replaying stored rows through both paths...")
    version = session.bench.models.register(run_id, node, name=name)
    session.answer(document_of(version), _draw_version)


@command(group, "promote")
def promote(
    session: Session,
    name: ModelName,
    version: Annotated[str, typer.Argument(help="Version that becomes the champion.", show_default=False)],
) -> None:
    """Make a version the champion."""
    session.answer(document_of(session.bench.models.promote(name, version)), _draw_version)


default_command(group, list_models)


def document_of(value: Any) -> Any:
    """Return the JSON document of a value: itself, or what its `document()` gives; of a list, each one's."""
    if isinstance(value, list | tuple):
        return [document_of(item) for item in value]
    return value.document() if hasattr(value, "document") else value


def _draw_versions(document: Any) -> Any:
    from app.cli.output import stack

    return stack(*(_draw_version(version) for version in document))


def _draw_version(document: Any) -> Any:
    from app.cli.output import columns, facts, moment

    told = {key: document.get(key) for key in ("name", "version", "aliases", "algorithm", "run", "node")}
    signature = {key: columns(document["signature"][key]) for key in ("inputs", "outputs")}
    more = {
        "defaults": _DEFAULTS[document.get("defaults", "stored")],
        **signature,
        "replay": document["replay"],
        **document["metrics"],
    }
    return facts({**told, "created": moment(document.get("created")), **more})


def _draw_list(document: Any) -> Any:
    from app.cli.output import moment, table

    rows = [
        (model["name"], model["version"], model["aliases"], moment(model["created"]), model["metrics"])
        for model in document
    ]
    empty = "No models yet: tandem models register RUN NODE --name NAME"
    return table(["name", "version", "aliases", "created", "metrics"], rows, empty=empty)
