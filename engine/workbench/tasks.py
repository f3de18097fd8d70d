"""What a job may do: one function per kind, which the engine process calls on a thread of its own.

A task takes desks of the workbench (of who asked), the arguments (JSON) and its `Progress`, and returns JSON. It may be
called again after an engine died over it, so it must be safe to repeat; each says how. What it raises is what its
watchers read: an error of the engine, of an operator or of resources with its sentence and hint, anything else in
general words. To add a kind, write a function and a line in `TASKS`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from engine.errors import NotFoundError, ServingError
from engine.records.jobs import JobRow
from engine.workbench import asking
from engine.workbench.answers import ROWS
from engine.workbench.dataset_tasks import contrast, export_rows, keep_answer
from engine.workbench.desks import Desks
from engine.workbench.progress import Progress

Arguments = Mapping[str, Any]
Task = Callable[[Desks, Arguments, Progress], dict[str, Any]]
Undo = Callable[[Desks, Arguments, str], None]
Lane = Literal["work", "look", "query", "wait"]

START_WITHIN: Final = 600.0
"""Seconds that a service may take to become healthy, the start of Ray included."""
LONGEST_ANSWER: Final = 1_000_000
"""Rows of an answer that are kept at most, unless the asker names another limit."""


def add_dataset(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Keep a file as the next version of a dataset: `name`, `file`, `label`, `options`; or several, `files` of these.

    The version carries the id of the job; a repeated job finds it and adds none.
    """
    progress.report("reading")
    if arguments.get("files"):
        return desks.datasets.add_several(
            arguments["name"], arguments["files"], key=progress.job, stopping=progress.stopping
        )
    return desks.datasets.add(
        arguments["name"],
        arguments["file"],
        label=arguments.get("label"),
        key=progress.job,
        stopping=progress.stopping,
        **arguments.get("options") or {},
    )


def profile(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Return the profile of a dataset: `dataset`. It only reads."""
    progress.report("profiling")
    return desks.datasets.profile(arguments["dataset"])


def query(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Answer SQL and keep the rows for `bench.jobs.rows` and `table`: `sql`, `limit`, `timeout`.

    Returns `{"job", "columns", "rows": number of rows, "truncated"}`. Each attempt writes the file of the rows anew.
    """
    progress.report("asking")
    progress.folder.mkdir(parents=True, exist_ok=True)
    answer = desks.datasets.query_into(
        progress.folder / ROWS,
        arguments["sql"],
        limit=int(arguments.get("limit") or LONGEST_ANSWER),
        timeout=float(arguments.get("timeout") or 60.0),
        stopping=progress.stopping,
    )
    return {"job": progress.job, **answer}


def register(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Register the model of a run's node: `run`, `node`, `name`.

    The version carries the id of the job; a repeated job finds it and makes none.
    """
    progress.report("proving")
    version = desks.models.register(arguments["run"], arguments["node"], name=arguments["name"], key=progress.job)
    return version.document()


def deploy(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Deploy a service and wait until it is healthy: `model`, `name`, `version`, `environment`, `gpu`, `cpu`, `memory`.

    The wish is told as soon as it is written, and then how far it is: `placing` until a replica is begun, `loading`
    until it answers. A repeated job does not write it again (somebody may have wished otherwise since), and only
    waits. Where it is cancelled, `undo` takes the wish back.
    """
    name = progress.told.get("service")
    if name is None:
        asked = {key: value for key, value in arguments.items() if key != "model"}
        name = desks.services.deploy(arguments["model"], key=progress.job, **asked).name
        progress.told |= {"service": name}
        progress.report("starting")
    waited = 0.0
    while waited < START_WITHIN:
        found = desks.services.show(name)
        if found["status"] == "healthy" or found["wanted"] == "stopped":
            return found
        if found["status"] == "failed":
            raise ServingError(f"Service {name!r} failed: {found['message']}", hint="Deploy another version.")
        progress.report("loading" if found["status"] == "starting" else "placing")
        progress.wait(0.2)
        waited += 0.2
    hint = found["message"] or "The engine goes on with it."
    raise ServingError(f"Service {name!r} is {found['status']} after {START_WITHIN:g} seconds.", hint=hint)


def take_back(desks: Desks, arguments: Arguments, job: str) -> None:
    """Take back what a deployment wished for: the service is what it was before, and goes on serving."""
    desks.services.take_back(arguments.get("name") or arguments["model"], job)


def compare(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Compare what a service was asked, or a file, with its reference: `service`, `file`, `label`, `window`.

    `window` is a `Window` as JSON. Returns the report without its columns, with `at`. The report carries the id of the
    job; a repeated job finds it.
    """
    from engine.monitoring.values import Window

    progress.report("comparing")
    return desks.monitor.checked(
        arguments["service"],
        arguments.get("file"),
        label=arguments.get("label"),
        window=Window.model_validate(arguments.get("window") or {}),
        key=progress.job,
    )


def preview(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Return the first rows at a node of a run: `run`, `node`, `port`, `rows`. It only reads."""
    progress.report("computing")
    rows = int(arguments.get("rows") or 50)
    return desks.runs.preview(arguments["run"], arguments["node"], arguments.get("port"), rows=rows)


def ask(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Ask a service about the rows of a file, see `engine.workbench.asking`."""
    return asking.ask(desks, arguments, progress, ROWS)


def learn_columns(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Run users' code on empty tables to learn which columns it gives: `pipeline` (its document), `node`.

    Returns `{"learnt", "problems"}`. What a repeated job finds learnt it does not run again.
    """
    progress.report("trying")
    asked = arguments["pipeline"]
    return desks.learn_columns(asked, node=arguments.get("node"), cancelled=lambda: progress.stopped)


TASKS: Final[Mapping[str, Task]] = {
    "import": add_dataset,
    "sample": add_dataset,
    "profile": profile,
    "query": query,
    "register": register,
    "deploy": deploy,
    "drift": compare,
    "preview": preview,
    "ask": ask,
    "train_sample": asking.train_sample,
    "export": export_rows,
    "keep": keep_answer,
    "contrast": contrast,
    "columns": learn_columns,
}
LANES: Final[Mapping[str, Lane]] = {
    "deploy": "wait", "query": "query", "export": "query", "preview": "look", "profile": "look", "contrast": "look",
    "ask": "look", "train_sample": "look", "columns": "query",
}  # fmt: skip
"""Kinds that somebody looks at a screen for, kinds whose SQL or code may take as long as its user allows, and kinds
that mostly wait: none of them waits behind `work`, and no screen behind a query."""


UNDO: Final[Mapping[str, Undo]] = {"deploy": take_back}
"""What a job that is cancelled leaves to be undone, by kind; safe to repeat, and where the job never began."""


def undo(desks: Desks, job: JobRow) -> None:
    """Undo what a cancelled job has left; of most kinds, nothing is."""
    if job.kind in UNDO:
        UNDO[job.kind](desks, job.arguments, job.id)


def task_of(kind: str) -> Task:
    """Return what does jobs of a kind.

    Raises:
        NotFoundError: There is no such kind.
    """
    if kind not in TASKS:
        raise NotFoundError.among("kind of job", kind, TASKS)
    return TASKS[kind]
