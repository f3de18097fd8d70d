"""Runs as a page or a script sees them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.config import Workspace
from engine.data.values import page
from engine.errors import NotFoundError, RunError
from engine.graph.binding import BoundPipeline
from engine.graph.node import Link
from engine.graph.pipeline import Pipeline
from engine.material import Material
from engine.records import engine_lock, events, runs, traces
from engine.records.database import Records
from engine.runs import report, requests
from engine.runs.comparison import compare
from engine.runs.headline import Headline, headlines
from engine.runs.outputs import kept_outputs
from engine.stores.outputs import OutputStore
from operators.contract.values.model import Model

_ENDED = frozenset(runs.ENDED)
_POLL = 0.05  # seconds between two looks at a run that is waited for


class RunHandle:
    """A run that was asked for; it goes on whether or not anybody waits.

    Args:
        desk: Where runs are looked up.
        id: Of the run.
    """

    def __init__(self, desk: "RunDesk", id: str) -> None:  # noqa: A002 - the name users know
        self.id = id
        self._desk = desk

    def wait(
        self,
        timeout: float | None = None,
        *,
        on_progress: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> "RunHandle":
        """Wait until the run has ended, and return this handle.

        Args:
            timeout: Seconds; without one, as long as it takes.
            on_progress: Is given the run's document whenever it has changed.

        Raises:
            RunError: The time is over; the run goes on.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        seen: Any = None
        while True:
            document = self.document() if on_progress else self._desk.summary(self.id)
            if on_progress and document["nodes"] != seen:
                seen = document["nodes"]
                on_progress(document)
            if document["status"] in _ENDED:
                return self
            if deadline is not None and time.monotonic() > deadline:
                raise RunError(f"Run {self.id} has not ended after {timeout} s.", hint="It goes on; wait again.")
            self._desk.keep_driven(self.id)
            time.sleep(_POLL)

    def document(self) -> dict[str, Any]:
        """Return the run as `tandem run --json` prints it, as it stands now."""
        return self._desk.show(self.id)

    @property
    def status(self) -> str:
        """`queued`, `running`, `succeeded`, `failed` or `cancelled`."""
        return str(self._desk.summary(self.id)["status"])

    @property
    def metrics(self) -> dict[str, Any]:
        """Figures of merit by node."""
        return dict(self.document()["metrics"])

    def cancel(self) -> None:
        """Ask the run to stop."""
        self._desk.cancel(self.id)

    def __repr__(self) -> str:
        return f"RunHandle({self.id!r})"


class RunDesk:
    """Looks up runs, and asks for their end or their resumption.

    Args:
        workspace: Whose runs.
        records: Its records.
        drive: Sees to it that an engine drives what was asked for.
    """

    def __init__(self, workspace: Workspace, records: Records, drive: Callable[[], None]) -> None:
        self._workspace = workspace
        self._records = records
        self._drive = drive
        self._headlines: dict[tuple[str, float | None], Headline | None] = {}

    def list(
        self, limit: int = 1000, *, pipeline: str | None = None, statuses: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        """Return runs, newest first: `[{"id", "pipeline", "status", "known", "started", "seconds", "metric"}]`.

        `known` is as in `show`; `metric` is the main figure of merit, `{"node", "name", "value"}` or None.

        Args:
            limit: At most so many.
            pipeline: Only of this pipeline, if given.
            statuses: Only with one of these, if any are given.
        """
        found = report.listing(self._records, pipeline=pipeline, statuses=statuses, limit=limit)
        return [{**run, "metric": self._headline(run)} for run in self._scored(_with_known(self._records, found))]

    def _scored(self, found: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """Look up the main figures of runs; of one that has ended only once."""
        asked = [run["id"] for run in found if (run["id"], run["ended"]) not in self._headlines]
        told = headlines(self._records, asked)
        self._headlines |= {(run["id"], run["ended"]): told[run["id"]] for run in found if run["id"] in told}
        return found

    def _headline(self, run: Mapping[str, Any]) -> Headline | None:
        key = (run["id"], run["ended"])
        return self._headlines[key] if run["status"] in _ENDED else self._headlines.pop(key)

    def live(self) -> Sequence[dict[str, Any]]:
        """Return the runs that are not over, oldest first, each with `done` of `total` nodes."""
        return _with_known(self._records, report.live(self._records))

    def pipelines(self) -> Sequence[str]:
        """Return the names of all pipelines that were ever asked to run."""
        with self._records.read() as connection:
            return runs.pipelines(connection)

    def show(self, run: str) -> dict[str, Any]:
        """Return the document of a run; `NotFoundError` if there is none.

        `known` is false of one that was running when an engine was last there: it goes on only with the next one.
        """
        return _with_known(self._records, [report.document(self._records, run)])[0]

    def summary(self, run: str) -> dict[str, Any]:
        """Return a run as it stands in a list."""
        with self._records.read() as connection:
            row = runs.get(connection, run)
        return _with_known(self._records, [report.summary(row)])[0]

    def handle(self, run: str) -> RunHandle:
        """Return a handle of a run that exists."""
        self.summary(run)
        return RunHandle(self, run)

    def why(self, run: str, node: str) -> dict[str, Any]:
        """Return why a node ran again, or which run it was reused from."""
        return report.why(self._records, run, node)

    def timeline(self, run: str) -> dict[str, Any]:
        """Return when each stage waited and worked, in seconds since the run was asked for, and the critical path.

        `{"seconds", "stages": [{"stage", "nodes", "critical", "bars": [{"attempt", "what", "from", "to"}]}]}`.
        """
        return report.chart(self._records, run)

    def compare(self, identities: Sequence[str]) -> dict[str, Any]:
        """Return runs side by side: parameters that differ, metrics with the best one named, seconds by node."""
        return compare(self._records, [*identities])

    def logs(
        self,
        run: str,
        *,
        node: str | None = None,
        after: int = 0,
        levels: Sequence[str] = (),
        last: int | None = None,
    ) -> Sequence[dict[str, Any]]:
        """Return the log of a run: `[{"id", "at", "node", "level", "text"}]`, oldest first.

        Args:
            run: Whose log.
            node: Only what this node wrote, if given.
            after: Only lines after the one with this id.
            levels: Only lines of these levels, if any are given.
            last: Only so many, the newest, if given.
        """
        with self._records.read() as connection:
            lines = traces.logs(connection, run, node=node, after=after, levels=levels, last=last)
        return [{key: value for key, value in vars(line).items() if key != "run"} for line in lines]

    def cancel(self, run: str) -> dict[str, Any]:
        """Ask a run to stop: `{"id", "status"}`."""
        row = requests.cancel(self._records, run)
        return {"id": row.id, "status": row.status}

    def resume(self, run: str) -> RunHandle:
        """Go on with a failed or cancelled run from what is done; of a live or finished one, return its handle."""
        row = requests.resume(self._records, run)
        if row.status not in _ENDED:
            self._drive()
        return RunHandle(self, row.id)

    def pipeline(self, run: str) -> Pipeline:
        """Return the pipeline of a run, as it was asked to run, with the folder of its file where it came from one."""
        with self._records.read() as connection:
            row = runs.get(connection, run)
        folder = row.options.get("folder")
        return replace(Pipeline.from_valid(row.document), folder=Path(folder) if folder else None)

    def preview(self, run: str, node: str, port: str | None = None, rows: int = 50) -> dict[str, Any]:
        """Return the first rows of a table at a node: `{"columns", "rows", "total_rows", "losses"}`.

        `losses` are what the node lost when it ran, see `operators.contract.losses.told`.

        A node that was fused away is computed again, as far as the rows that are shown need it.

        Raises:
            NotFoundError: There is no such run, node or output.
            StoreError: The node has not run yet.
        """
        material = self.material(run)
        if node not in material.bound.operators:
            raise NotFoundError.among("node", node, material.bound.operators)
        ports = {found.name: found.type for found in material.bound.operators[node].output_ports()}
        name = port or next(iter(ports))
        if name not in ports:
            raise NotFoundError.among("output", name, ports)
        if ports[name] != "Table":
            kept = material.value(Link(node, name))
            return {"columns": [], "rows": [], "total_rows": 0, "value": _plain(kept), "kind": ports[name]}
        kept_ref = material.outputs.get(node, {}).get(name)
        total = kept_ref.rows if kept_ref else None
        losses = report.document(self._records, run)["nodes"][node]["losses"]
        return {**page(material.value(Link(node, name)), rows=rows, total=total), "losses": losses}

    def material(self, run: str) -> Material:
        """Return the values of a run."""
        with self._records.read() as connection:
            row = runs.get(connection, run)
            happened = events.of(connection, run)
        bound = BoundPipeline.of(Pipeline.from_valid(row.document))
        store = OutputStore(self._workspace.outputs, self._workspace.key)
        return Material(bound, store, kept_outputs(happened), row.engine)

    def keep_driven(self, run: str) -> None:
        """See to it that an engine is there while a run is waited for."""
        del run
        self._drive()


def _with_known(records: Records, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return runs, each with whether its status is known: none is running where no engine is."""
    going = any(run["status"] == runs.RUNNING for run in found)
    watched = going and engine_lock.status(records).running
    return [{**run, "known": watched or run["status"] != runs.RUNNING} for run in found]


def _plain(value: Any) -> Any:
    """Return a value of a port as JSON; of a model, what is known of it without asking it anything."""
    if isinstance(value, Model):
        return {
            "task": value.task,
            "target": value.target,
            "algorithm": value.algorithm,
            "features": [{"name": column.name, "type": column.type} for column in value.features],
            "classes": [str(label) for label in value.classes],
        }
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return dict(value) if isinstance(value, Mapping) else repr(value)
