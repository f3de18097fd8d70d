"""`tandem monitor`: do the rows a service sees still look like those its model was trained on?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.commands import command
from app.cli.errors import UsageError, WorkFailedError
from app.cli.models import document_of
from app.cli.session import Session


def register(root: typer.Typer) -> None:
    """Add the command."""
    command(root, "monitor")(monitor)


def monitor(
    session: Session,
    service: Annotated[str, typer.Argument(help="Name of the service.", show_default=False)],
    against: Annotated[
        Path | None, typer.Option(help="File of rows; what the service was asked when left out.", metavar="FILE")
    ] = None,
    fail_on_drift: Annotated[bool, typer.Option("--fail-on-drift", help="Exit 1 where drift is found.")] = False,
) -> None:
    """Compare live rows with the reference that travels with the model."""
    if against is not None and not against.is_file():
        raise UsageError(f"There is no file {against}.", hint="Check the path.")
    report = document_of(session.bench.monitor.check(service, against=against))
    session.answer(report, draw_report)
    if fail_on_drift and report["drifted"]:
        raise WorkFailedError


def draw_report(document: Any) -> Any:
    """Return a drift report as a verdict and a table of columns."""
    from rich.text import Text

    from app.cli.output import stack, table

    verdict = (
        Text("Drift was found.", style="red") if document["drifted"] else Text("No drift was found.", style="green")
    )
    keys = ("name", "test", "statistic", "p", "effect", "drifted")
    rows = [[column.get(key) for key in keys] for column in document["columns"]]
    sentence = (document.get("diagnosis") or {}).get("sentence")
    parts = [verdict, table(keys, rows)]
    return stack(*parts, Text(sentence)) if sentence else stack(*parts)
