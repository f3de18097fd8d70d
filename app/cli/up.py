"""`tandem up` and `down`: the engine and the screens of one workspace."""

import contextlib
import signal
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from app.cli.commands import command
from app.cli.errors import WorkFailedError
from app.cli.screens import Screens
from app.cli.session import Session

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def register(root: typer.Typer) -> None:
    """Add the commands."""
    command(root, "up")(up)
    command(root, "down")(down)


def up(
    session: Session,
    port: Annotated[
        int | None, typer.Option(help="Port of the screens; 8501 unless TANDEM_PORT.", min=1, max=65535)
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
) -> None:
    """Start the engine and the screens, print the URL, and stop on Ctrl-C what was started.

    Read-only, the screens alone are started, and nothing is noted down about them.
    """
    screens = Screens.planned(session.bench, port)
    engine, read_only = session.bench.engine, session.bench.workspace.read_only
    started_engine = not read_only and not engine.status()["running"]
    with _ended_by_signals():
        try:
            pid = screens.start()
            if not read_only:
                engine.note(pid, "screens")
            if started_engine:
                session.tell("Starting the engine...")
                engine.start()
            screens.wait_healthy()
            session.answer({"url": screens.url, "workspace": str(session.bench.workspace.root)}, _draw_url)
            if not no_browser:
                screens.open_browser()
            screens.wait()
        except KeyboardInterrupt:
            session.tell("Stopping...")
        finally:
            screens.stop()
            if started_engine:
                engine.stop()
    if screens.failed:
        session.tell(f"The screens ended by themselves; see {screens.log}.")
        raise WorkFailedError


def down(session: Session) -> None:
    """Stop the engine, its services and the screens of this workspace, and nothing else."""
    document = session.bench.engine.stop()
    session.answer(document, _draw_stopped)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let every ending signal raise, also SIGINT where a shell in the background has it ignored."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _draw_url(document: Any) -> Any:
    from rich.text import Text

    return Text(f"The workbench is at {document['url']} (Ctrl-C stops it).")


def _draw_stopped(document: Any) -> Any:
    from app.cli.output import facts

    return facts(document)
