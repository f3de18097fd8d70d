"""`tandem monitor`: do the rows a service sees still look like those its model was trained on?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.commands import command
from app.cli.errors import UsageError, WorkFailedError
from app.cli.models import document_of
from app.cli.session import Session

FORMATS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
"""How moments are written."""


def register(root: typer.Typer) -> None:
    """Add the command."""
    command(root, "monitor")(monitor)


def monitor(
    session: Session,
    service: Annotated[str, typer.Argument(help="Name of the service.", show_default=False)],
    against: Annotated[
        Path | None, typer.Option(help="File of rows; what the service was asked when left out.", metavar="FILE")
    ] = None,
    hours: Annotated[float | None, typer.Option(help="Only rows of the last hours.", min=0.001, max=876_000)] = None,
    rows: Annotated[int | None, typer.Option(help="Only the newest rows.", min=1)] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Only rows from this moment on, UTC.", formats=list(FORMATS))
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(help="Only rows up to this moment, UTC.", formats=list(FORMATS))
    ] = None,
    fail_on_drift: Annotated[bool, typer.Option("--fail-on-drift", help="Exit 1 where drift is found.")] = False,
) -> None:
    """Compare live rows with the reference that travels with the model.

    Without a choice: the day up to the newest row, and as many days more as it takes until there are 200 rows.
    """
    from engine.monitoring.values import Window

    window = Window(hours=hours, rows=rows, since=_utc(since), until=_utc(until))
    if against is not None and window != Window():
        raise UsageError("A file has no window.", hint="Leave --hours, --rows, --since and --until out, or the file.")
    if against is not None and not against.is_file():
        raise UsageError(f"There is no file {against}.", hint="Check the path.")
    report = document_of(session.bench.monitor.check(service, against=against, window=window))
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
    parts = [verdict, Text(_about(document)), table(keys, rows)]
    return stack(*parts, Text(sentence)) if sentence else stack(*parts)


def _about(document: Any) -> str:
    """Return which rows were compared, and what was left out."""
    others = (document.get("selection") or {}).get("other_rows") or 0
    left_out = f"; {others:,} rows that another model answered were left out" if others else ""
    return f"{document['rows']:,} rows: {document['window']}{left_out}."


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
