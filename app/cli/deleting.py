"""`tandem ... delete`, `undo`, `deleted`: what users made they can delete, and take that back within half a minute."""

from typing import Annotated, Any

import typer

from app.cli.commands import command, default_command, new_group
from app.cli.data import group as data
from app.cli.models import ModelName
from app.cli.models import group as models
from app.cli.runs import group as runs
from app.cli.services import ServiceName
from app.cli.services import group as services
from app.cli.session import Session

pipelines = new_group("Pipelines that people work on: list, delete.")
reports = new_group("Reports of services: list, delete.")
captures = new_group("What services were asked: list, delete.")

Anyway = Annotated[bool, typer.Option("--anyway", help="Also where something would not work without it.")]


def register(root: typer.Typer) -> None:
    """Add the commands that stand beside the groups, and the groups that are only here."""
    command(root, "undo")(undo)
    command(root, "deleted")(deleted)
    for name, group in (("pipelines", pipelines), ("reports", reports), ("captures", captures)):
        root.add_typer(group, name=name)


@command(data, "delete")
def delete_dataset(
    session: Session,
    name: Annotated[str, typer.Argument(help="Name of the dataset, or NAME@VERSION.", show_default=False)],
    anyway: Anyway = False,
) -> None:
    """Delete a dataset, or one version; refused while a run reads it or a pipeline needs it."""
    called, _, version = name.partition("@")
    _delete(session, "dataset", called, [version] if version else None, anyway=anyway)


@command(runs, "delete")
def delete_run(
    session: Session,
    run_ids: Annotated[list[str], typer.Argument(metavar="RUN...", help="Ids of runs.", show_default=False)],
) -> None:
    """Delete runs that are over, with their logs and the outputs that no other run has; their models stay.

    Of several runs JSON has a list, one document for each; what was deleted before one is refused stays deleted.
    """
    if len(run_ids) == 1:
        _delete(session, "run", run_ids[0])
        return
    gone = [session.bench.deletions.delete("run", run) for run in run_ids]
    session.answer(gone, _draw_deletions)


@command(models, "delete")
def delete_model(
    session: Session,
    name: ModelName,
    version: Annotated[str | None, typer.Argument(help="Version; all when left out.", show_default=False)] = None,
    anyway: Anyway = False,
) -> None:
    """Delete a version of a model, or the model; refused while a service runs it."""
    _delete(session, "model", name, [version] if version else None, anyway=anyway)


@command(services, "delete")
def delete_service(session: Session, name: ServiceName) -> None:
    """Delete a service that was stopped, with its reports and what it was asked."""
    _delete(session, "service", name)


@command(pipelines, "list")
def list_pipelines(session: Session) -> None:
    """List the pipelines that people work on."""
    session.answer(session.bench.pipelines.list(), _draw_pipelines)


@command(pipelines, "delete")
def delete_pipeline(
    session: Session, name: Annotated[str, typer.Argument(help="Name of the pipeline.", show_default=False)]
) -> None:
    """Delete a pipeline that people work on; its runs stay. It can be taken back for 30 days."""
    _delete(session, "pipeline", name)


@command(reports, "list")
def list_reports(session: Session, name: ServiceName) -> None:
    """List the reports of a service, the newest first."""
    keys = ("number", "at", "window", "rows", "drifted")
    found = session.bench.monitor.history(name)
    session.answer([{key: one.get(key) for key in keys} for one in found], _draw_reports)


@command(reports, "delete")
def delete_report(
    session: Session,
    name: ServiceName,
    number: Annotated[int | None, typer.Argument(help="Number; all when left out.", show_default=False)] = None,
) -> None:
    """Delete a report of a service, or all of them."""
    _delete(session, "report", name, None if number is None else [number])


@command(captures, "list")
def list_captures(session: Session) -> None:
    """List the services that were asked, and what the kept rows take."""
    session.answer(session.bench.monitor.captured_services(), _draw_captures)


@command(captures, "delete")
def delete_captures(session: Session, name: ServiceName) -> None:
    """Delete what a service was asked until now; what it is asked later is kept."""
    _delete(session, "captures", name)


default_command(pipelines, list_pipelines)
default_command(captures, list_captures)


def undo(
    session: Session,
    deletion: Annotated[str, typer.Argument(metavar="ID", help="Of the deletion.", show_default=False)],
) -> None:
    """Take a deletion back, as long as no file of it was removed: for 30 seconds at least."""
    session.answer(session.bench.deletions.undo(deletion), lambda document: _said(f"{_named(document)} is back."))


def deleted(session: Session) -> None:
    """List the deletions that can be taken back."""
    session.answer(session.bench.deletions.list(), _draw_deleted)


def _delete(session: Session, kind: str, name: str, parts: list[Any] | None = None, *, anyway: bool = False) -> None:
    session.answer(session.bench.deletions.delete(kind, name, parts, anyway=anyway), _draw_deletion)


def _draw_deletion(document: Any) -> Any:
    from app.cli.output import size, stack, table

    beside = ", ".join(f"{count} {kind}" for kind, count in document["with"].items())
    sentence = f"Deleted {_named(document)}{f' with {beside}' if beside else ''}: {size(document['bytes'])}."
    rows = [(user["kind"], user["name"], _HOW[user["how"]]) for user in document["users"][:_SHOWN]]
    parts = [table(["used by", "", ""], rows)] if rows else []
    return stack(_said(sentence), *parts, _said(f"To take it back within 30 s: tandem undo {document['id']}"))


def _draw_deletions(documents: Any) -> Any:
    from app.cli.output import size, table

    return table(["undo", "deleted", "size"], [(one["id"], _named(one), size(one["bytes"])) for one in documents])


_HOW = {"breaks": "does not work without it", "history": "was made with it", "now": "works with it"}
_SHOWN = 20


def _named(document: Any) -> str:
    parts = document["parts"] if document["kind"] in {"dataset", "model", "report"} else []
    return f"{document['kind']} {document['name']}" + (f" ({', '.join(parts)})" if parts else "")


def _said(sentence: str) -> Any:
    from rich.text import Text

    return Text(sentence)


def _draw_deleted(document: Any) -> Any:
    from app.cli.output import moment, size, table

    rows = [(one["id"], _named(one), size(one["bytes"]), one["actor"], moment(one["until"])) for one in document]
    return table(["id", "what", "size", "by", "can be taken back until"], rows, empty="Nothing can be taken back.")


def _draw_pipelines(document: Any) -> Any:
    from app.cli.output import moment, table

    rows = [(one["name"], one["nodes"], one["problems"], moment(one["updated"])) for one in document]
    return table(["name", "nodes", "problems", "changed"], rows, empty="Nobody works on a pipeline yet.")


def _draw_reports(document: Any) -> Any:
    from app.cli.output import moment, table

    rows = [(one["number"], moment(one["at"]), one["window"], one["rows"], one["drifted"]) for one in document]
    return table(["number", "made", "window", "rows", "drifted"], rows, empty="No reports.")


def _draw_captures(document: Any) -> Any:
    from app.cli.output import size, table

    rows = [(one["service"], one["files"], size(one["bytes"])) for one in document]
    return table(["service", "files", "size"], rows, empty="No service was asked yet.")
