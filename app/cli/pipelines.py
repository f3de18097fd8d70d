"""`tandem check`, `run` and `preview`: a pipeline file, checked, run, and looked into."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.commands import command
from app.cli.data import draw_rows
from app.cli.errors import UsageError, WorkFailedError
from app.cli.output import moment
from app.cli.pipeline_files import load
from app.cli.runs import draw_run, follow
from app.cli.session import Session

PipelineFile = Annotated[
    Path, typer.Argument(metavar="PIPELINE", help="Pipeline file: .yaml, .json or .py.", show_default=False)
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Give a parameter of the pipeline a value, or set a field: NODE.FIELD=VALUE; may be repeated.",
    ),
]


def register(group: typer.Typer) -> None:
    """Add the commands to a group."""
    command(group, "check")(check)
    command(group, "run")(run)
    command(group, "preview")(preview)


def check(
    session: Session,
    pipeline: PipelineFile,
    settings: Settings = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="First run scripts on empty tables, where it is not known which columns they give."
        ),
    ] = False,
) -> None:
    """List everything that is wrong with a pipeline, and the columns at every port; exit 2 if anything is."""
    document = _findings(session, pipeline, settings or [], dry_run=dry_run)
    session.answer(document, _draw_findings)
    if document["problems"]:
        raise typer.Exit(2)


def run(  # noqa: PLR0913, PLR0917 - each is an option
    session: Session,
    pipeline: PipelineFile,
    settings: Settings = None,
    environment: Annotated[str, typer.Option(help="Environment it runs in.")] = "train",
    engine: Annotated[str, typer.Option(help="Tables by polars, duckdb or spark.")] = "polars",
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    priority: Annotated[int, typer.Option(help="Higher goes first, and others make room.", min=-1000, max=1000)] = 0,
    alone: Annotated[bool, typer.Option("--alone", help="Share its devices with nobody: a stress test.")] = False,
    when_quiet: Annotated[
        bool, typer.Option("--when-quiet", help="Begin when its environment is expected to have room, within a day.")
    ] = False,
) -> None:
    """Run a pipeline and wait for it; exit 1 if it does not succeed."""
    loaded, values = load(pipeline, settings or [])
    options: dict[str, Any] = {"priority": priority, "alone": alone}
    begin = _quiet(session, loaded, environment, values) if when_quiet else None
    if begin is not None:
        options["not_before"] = begin
    how: dict[str, Any] = {"environment": environment, "engine": engine, "parameters": values}
    handle = session.bench.run(loaded, seed=seed, options=options, **how)
    started = "started" if begin is None else f"begins at {moment(begin)}"
    session.tell(f"Run {handle.id} {started}.{_expected(session, loaded, how)}")
    document = follow(session, handle)
    session.answer(document, draw_run)
    if document["status"] != "succeeded":
        raise WorkFailedError


def preview(
    session: Session,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.", show_default=False)],
    node: Annotated[str, typer.Argument(help="Name of the node, or NODE.PORT.", show_default=False)],
    rows: Annotated[int, typer.Option(help="Rows to show at most.", min=1, max=10_000)] = 50,
) -> None:
    """Show the first rows that a node of a run gave."""
    name, _, port = node.partition(".")
    session.answer(session.bench.runs.preview(run_id, name, port=port or None, rows=rows), draw_rows)


def _quiet(session: Session, loaded: Any, environment: str, values: dict[str, Any]) -> float | None:
    """Return when the environment is expected to have room; None where it has now, or not within a day."""
    found = session.bench.load(environment, loaded, parameters=values)
    if found["room_at"] is None:
        session.tell(f"No room is expected in {environment!r} within a day, so the run waits its turn.")
    return found["room_at"] if (found["room_at"] or 0.0) > time.time() else None


def _expected(session: Session, loaded: Any, how: dict[str, Any]) -> str:
    """Return what the run takes by what earlier ones took; empty where nothing is known."""
    from resources.scheduling.reasons import readable
    from resources.shares import readable_bytes

    found = session.bench.forecast(loaded, **how)
    if found["seconds"] is None:
        return ""
    # Below a mebibyte it is what a warm worker happened to have over: no forecast of the work.
    memory = "" if (found["memory"] or 0) < 1 << 20 else f" and {readable_bytes(found['memory'])} of memory"
    tight = f" More than its share of memory is expected of {', '.join(found['tight'])}." if found["tight"] else ""
    return f" By earlier runs it takes about {readable(found['seconds'])}{memory}.{tight}"


def _findings(session: Session, path: Path, settings: list[str], *, dry_run: bool) -> dict[str, Any]:
    """Return the findings of a check; a file that is no pipeline is a finding too, one with bad usage is not."""
    from engine.errors import PipelineError

    try:
        loaded, values = load(path, settings)
    except UsageError:
        raise
    except PipelineError as error:
        return {"problems": _problems_of(error), "schemas": {}, "parameters": []}
    found = session.bench.learn_columns(loaded, parameters=values)["problems"] if dry_run else []
    document: dict[str, Any] = session.bench.check(loaded, parameters=values)
    instead = {(one["node"], one["field"]) for one in found}  # why it is not known, in place of that it is not
    kept = [one for one in document["problems"] if (one["node"], one["field"]) not in instead]
    return {**document, "problems": [*kept, *found]}


def _problems_of(error: Any) -> list[dict[str, Any]]:
    listed = getattr(error, "problems", None)
    if not listed:
        return [{"node": None, "field": None, "sentence": str(error), "hint": error.hint}]
    keys = ("node", "field", "sentence", "hint")
    return [{key: getattr(problem, key) for key in keys} for problem in listed]


def _draw_findings(document: Any) -> Any:
    from rich.text import Text

    from app.cli.output import columns, facts, stack, table

    if document["problems"]:
        keys = ("node", "field", "sentence", "hint")
        return table(keys, [[problem[key] for key in keys] for problem in document["problems"]])
    ports = {
        f"{node}.{port}": columns(schema)
        for node, outputs in document["schemas"].items()
        for port, schema in outputs.items()
        if schema
    }
    asked = {
        f"--set {one['name']}=": f"{one['takes']}; {one['description'] or 'has to be given with the run'}"
        for one in document["parameters"]
        if one["required"]
    }
    parts = [facts(found) for found in (ports, asked) if found]
    return stack(*parts) if parts else Text("No problems.", style="green")
