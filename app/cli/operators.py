"""`tandem operators`: the catalogue of what can be done to data."""

from typing import Annotated, Any

import typer

from app.cli.commands import command, default_command, new_group
from app.cli.session import Session

group = new_group("Operators: list, show.")


@command(group, "list")
def list_operators(session: Session) -> None:
    """List the operators by category."""
    from engine.workbench.operators import OperatorDesk

    session.answer(OperatorDesk().list(), _draw_list)


@command(group, "show")
def show(
    session: Session,
    name: Annotated[str, typer.Argument(help="Name of the operator.", show_default=False)],
) -> None:
    """Show what an operator does, its ports and its parameters."""
    from engine.workbench.operators import OperatorDesk

    session.answer(OperatorDesk().show(name), _draw_operator)


default_command(group, list_operators)


def _draw_list(document: Any) -> Any:
    from app.cli.output import table

    rows = [(item["category"], item["name"], item["title"], item["online"]) for item in document]
    return table(["category", "name", "title", "online"], rows)


def _draw_operator(document: Any) -> Any:
    from rich.text import Text

    from app.cli.output import columns, facts, stack, table

    told = {key: document[key] for key in ("name", "version", "category", "online", "engines")}
    ports = {"inputs": columns(document["inputs"]), "outputs": columns(document["outputs"])}
    required = document["schema"].get("required", [])
    fields = [
        (name, "required" if name in required else field.get("default"), field.get("description", ""))
        for name, field in document["schema"].get("properties", {}).items()
    ]
    help_text = Text(document["help"])
    return stack(help_text, facts({**told, **ports}), table(["parameter", "default", "what it is"], fields))
