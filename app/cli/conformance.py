"""`tandem conformance`: whether shares hold on this machine."""

from typing import Any

import typer

from app.cli.commands import command
from app.cli.errors import WorkFailedError
from app.cli.session import Session

_MARKS = {True: "held", False: "NOT HELD", None: "not here"}


def register(root: typer.Typer) -> None:
    """Add the command."""
    command(root, "conformance")(conformance)


def conformance(session: Session) -> None:
    """Ask for shares, try to take more, and tell what happened; exit 1 if something did not hold."""
    from engine.conformance import conform
    from resources.conformance.check import passed

    checks = []
    for check in conform(session.bench.settings):
        checks.append(check)
        session.tell(f"{_MARKS[check.held]}: {check.name}")
    document = {"passed": passed(checks), "checks": [check.document() for check in checks]}
    session.answer(document, _draw)
    if not document["passed"]:
        raise WorkFailedError


def _draw(document: Any) -> Any:
    from app.cli.output import table

    rows = [
        [_MARKS[check["held"]], check["name"], check["level"], f"{check['asked']} / {check['tried']}", check["message"]]
        for check in document["checks"]
    ]
    return table(["", "check", "level", "asked / tried", "what happened"], rows)
