"""`tandem backup` and `tandem restore`: a workspace in one file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.commands import command
from app.cli.errors import WorkFailedError
from app.cli.session import Session


def register(root: typer.Typer) -> None:
    """Add the commands."""
    command(root, "backup")(backup)
    command(root, "restore")(restore)


def backup(
    session: Session,
    file: Annotated[Path, typer.Argument(help="The file to write; there must be none yet.", show_default=False)],
) -> None:
    """Write everything that is kept into one file, while the workspace is worked in.

    The file can be read by you alone, and holds the workspace's secret: keep it like a key. Files that wait for
    jobs, logs and temporary files are not in it.
    """
    document = session.bench.backup(file)
    session.answer(document, _draw)
    if not document["verified"]:
        session.tell(f"Damaged in the workspace already: {', '.join(document['damaged'][:20])}.")
        raise WorkFailedError


def restore(
    session: Session,
    file: Annotated[Path, typer.Argument(help="A file that `tandem backup` wrote.", show_default=False)],
    into: Annotated[
        Path | None, typer.Option(help="Folder of the new workspace; the one of --workspace when left out.")
    ] = None,
) -> None:
    """Make a workspace of a backup: in a folder that is empty or not there, every file verified.

    Models in a backup run code when they are used: restore only backups that you trust. Services that ran start
    again with the engine.
    """
    from engine import Workbench
    from engine.config import Settings

    session.answer(Workbench.restore(file, into or session.workspace or Settings().workspace), _draw)


def _draw(document: Any) -> Any:
    from app.cli.output import facts

    return facts(document)
