"""`tandem runs`: what ran, how it went, and why."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.commands import command, default_command, new_group
from app.cli.errors import WorkFailedError
from app.cli.session import Session

if TYPE_CHECKING:
    from engine import RunHandle

group = new_group("Runs: list, show, resume, cancel, why.")

RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.", show_default=False)]


@command(group, "list")
def list_runs(session: Session) -> None:
    """List the runs, newest first."""
    session.answer(session.bench.runs.list(), _draw_list)


@command(group, "show")
def show(session: Session, run_id: RunId) -> None:
    """Show how a run went, or goes."""
    session.answer(session.bench.runs.show(run_id), draw_run)


@command(group, "resume")
def resume(session: Session, run_id: RunId) -> None:
    """Go on with a run from what is done, and wait for it; exit 1 if it does not succeed."""
    document = follow(session, session.bench.runs.resume(run_id))
    session.answer(document, draw_run)
    if document["status"] != "succeeded":
        raise WorkFailedError


@command(group, "cancel")
def cancel(session: Session, run_id: RunId) -> None:
    """Cancel a run."""
    session.answer(session.bench.runs.cancel(run_id), _draw_facts)


@command(group, "why")
def why(
    session: Session,
    run_id: RunId,
    node: Annotated[str, typer.Argument(help="Name of the node.", show_default=False)],
) -> None:
    """Say why a node ran again, or which run it was reused from."""
    session.answer(session.bench.runs.why(run_id, node), _draw_why)


default_command(group, list_runs)


def follow(session: Session, handle: "RunHandle") -> dict[str, Any]:
    """Wait for a run, tell on stderr what its nodes do, and return its document.

    An interruption leaves the run to the engine, and says so.
    """
    seen: dict[str, str] = {}

    def tell(document: Mapping[str, Any]) -> None:
        for name, node in document["nodes"].items():
            if seen.get(name) != node["status"] and node["status"] != "waiting":
                session.tell(f"  {name}: {node['status']}")
            seen[name] = node["status"]

    try:
        handle.wait(on_progress=tell)
    except KeyboardInterrupt:
        session.tell(f"Run {handle.id} goes on without this terminal. To stop it: tandem runs cancel {handle.id}")
        raise
    return handle.document()


def draw_run(document: Any) -> Any:
    """Return a run as its facts, its nodes and its metrics."""
    from rich.text import Text

    from app.cli.output import duration, facts, shown, stack, table

    told = {"id": document["id"], "status": _status(document), "engine": document["engine"]}
    told |= {"parameters": document["parameters"]} if document["parameters"] else {}
    loaded = {ref: label for ref, label in document["sources"].items() if ref.startswith("model:")}
    told |= {ref: f"version {label.rpartition('@')[2]}" for ref, label in loaded.items()}
    nodes = [
        (name, node["status"], duration(node["seconds"]), node["rows"], node.get("reason") or node.get("reused_from"))
        for name, node in document["nodes"].items()
    ]
    metrics = {name: shown(values).plain for name, values in document["metrics"].items()}
    parts = [
        facts({**told, "seconds": duration(document["seconds"])}),
        table(["node", "status", "time", "rows", "reason"], nodes),
    ]
    lost = [(name, one["sentence"]) for name, node in document["nodes"].items() for one in node.get("losses") or ()]
    parts += [table(["node", "what was lost"], lost)] if lost else []
    parts += [facts(metrics)] if metrics else []
    parts += [Text(_sentence(document["error"]), style="red")] if document["error"] else []
    return stack(*parts)


def _status(run: Any) -> str:
    return str(run["status"]) if run["known"] else f"{run['status']} when an engine was last there"


def _metric(run: Any) -> str | None:
    found = run["metric"]
    return f"{found['name']} {found['value']:.4g}" if found else None


def _sentence(error: Any) -> str:
    """Return the error of a run as text: a sentence, or a document with a sentence and a hint."""
    if not isinstance(error, dict):
        return str(error)
    return " ".join(str(error[key]) for key in ("sentence", "hint") if error.get(key))


def _draw_list(document: Any) -> Any:
    from app.cli.output import duration, moment, table

    rows = [
        (run["id"], run["pipeline"], _status(run), moment(run["started"]), duration(run["seconds"]), _metric(run))
        for run in document
    ]
    return table(
        ["id", "pipeline", "status", "started", "time", "metric"], rows, empty="Nothing has run yet: tandem run FILE"
    )


def _draw_facts(document: Any) -> Any:
    from app.cli.output import facts

    return facts(document)


def _draw_why(document: Any) -> Any:
    from app.cli.output import facts, stack, table

    changed = [(part["part"], part["before"], part["after"]) for part in document["changed"]]
    empty = "Nothing has changed." if document["compared_with"] else "There is no earlier run to compare with."
    return stack(
        facts({"node": document["node"], "reused from": document["reused_from"], "reason": document.get("reason")}),
        table(["changed", "before", "after"], changed, empty=empty),
    )
