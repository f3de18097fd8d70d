"""`tandem clean`: free what need not be kept any longer, or tell what that would be."""

import re
from typing import Annotated, Any

import typer

from app.cli.commands import command
from app.cli.errors import UsageError
from app.cli.session import Session

_SECONDS = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 7 * 86_400.0}
_NAMES = {
    "deleted": "what was deleted",
    "outputs": "outputs of runs",
    "captures": "what services were asked",
    "jobs": "files of jobs",
}


def register(root: typer.Typer) -> None:
    """Add the command."""
    command(root, "clean")(clean)


def clean(
    session: Session,
    older: Annotated[
        str | None,
        typer.Option(help="Also what nobody used for so long: 30d, 12h, 2w; 0d for all that nothing needs."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would free.")] = False,
) -> None:
    """Free what was deleted, and what is older or more than is kept: outputs of runs, captures, files of jobs.

    What stays whatever its age: outputs that an unfinished run, a registered model or a pipeline that somebody works on
    needs. A run that finds an output gone computes it again.
    """
    seconds = None if older is None else _seconds(older)
    session.answer(session.bench.clean(older=seconds, dry_run=dry_run), _draw)


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([mhdw])", text.strip())
    if match is None:
        raise UsageError(f"--older {text!r} is no length of time.", hint="Write 30d, 12h, 90m or 2w.")
    return float(match[1]) * _SECONDS[match[2]]


def _draw(document: Any) -> Any:
    from rich.text import Text

    from app.cli.output import size, stack, table

    verb = "would be freed" if document["dry_run"] else "freed"
    rows = [
        (_NAMES[kind["kind"]], kind["items"], size(kind["bytes"]), kind["kept"], size(kind["kept_bytes"]))
        for kind in document["kinds"]
    ]
    heads = ["", "items", verb, "kept", "size"]
    return stack(table(heads, rows), Text(f"{size(document['bytes'])} {verb}."))
