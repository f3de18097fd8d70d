"""Runs as a page or a script sees them."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.config import Workspace
from engine.data.values import page
from engine.errors import NotFoundError, RunError
from engine.graph.binding import BoundPipeline
from engine.graph.node import Link
from engine.graph.pipeline import Pipeline
from engine.material import Material
from engine.records import events, runs, traces
from engine.records.database import Records
from engine.runs import report, requests
from engine.runs.outputs import kept_outputs
from engine.stores.outputs import OutputStore

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

    def list(self, limit: int = 1000) -> list[dict[str, Any]]:
        """Return runs, newest first: `[{"id", "pipeline", "status", "started", "seconds"}]`."""
        return report.listing(self._records, limit=limit)

    def show(self, run: str) -> dict[str, Any]:
        """Return the document of a run; `NotFoundError` if there is none."""
        return report.document(self._records, run)

    def summary(self, run: str) -> dict[str, Any]:
        """Return a run as it stands in a list."""
        with self._records.read() as connection:
            return report.summary(runs.get(connection, run))

    def handle(self, run: str) -> RunHandle:
        """Return a handle of a run that exists."""
        self.summary(run)
        return RunHandle(self, run)

    def why(self, run: str, node: str) -> dict[str, Any]:
        """Return why a node ran again, or which run it was reused from."""
        return report.why(self._records, run, node)

    def logs(self, run: str, *, node: str | None = None, after: int = 0) -> Sequence[dict[str, Any]]:
        """Return the log of a run: `[{"id", "at", "node", "level", "text"}]`, oldest first."""
        with self._records.read() as connection:
            lines = traces.logs(connection, run, node=node, after=after)
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
        """Return the pipeline of a run, as it was asked to run."""
        with self._records.read() as connection:
            return Pipeline.from_valid(runs.get(connection, run).document)

    def preview(self, run: str, node: str, port: str | None = None, rows: int = 50) -> dict[str, Any]:
        """Return the first rows of a table at a node: `{"columns", "rows", "total_rows"}`.

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
            return {"columns": [], "rows": [], "total_rows": 0, "value": _plain(kept)}
        kept_ref = material.outputs.get(node, {}).get(name)
        total = kept_ref.rows if kept_ref else None
        return page(material.value(Link(node, name)), rows=rows, total=total)

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


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return value if isinstance(value, Mapping) else repr(value)
