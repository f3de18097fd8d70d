"""The platform as an operator sees it, inside a worker."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from engine.config import Workspace
from engine.data.files import read_table
from engine.data.integrity import require_whole
from engine.data.names import dataset_name
from engine.errors import EngineError
from engine.records import runs, traces
from engine.records.database import Records
from engine.runs.exports import export_to
from engine.runs.orders import WorkOrder, mark_of
from engine.stores.outputs import OutputRef, OutputStore
from engine.stores.slices import registered_model
from operators.contract.context import ExportFormat
from operators.contract.errors import OperatorError, ParameterError
from operators.contract.tables import LazyTable
from operators.contract.values.model import Model
from resources.enforcement.turns import step

Item = TypeVar("Item")
Result = TypeVar("Result")
Spread = Callable[[Callable[[Any], Any], Sequence[Any], float], Iterator[Any]]

_LOOK_EVERY = 0.5  # seconds between two looks at the records for a cancellation


class WorkerContext:
    """Implements `operators.contract.context.Context` for one attempt at one stage.

    Args:
        order: What the worker was asked to do.
        workspace: The run's workspace.
        store: Where outputs are kept.
        spread: Runs a function over items on the cluster; one after the other in this process when None.
    """

    def __init__(
        self, order: WorkOrder, workspace: Workspace, store: OutputStore, spread: Spread | None = None
    ) -> None:
        self._order = order
        self._workspace = workspace
        self._store = store
        self._spread = spread
        self._scratch: Path | None = None
        self._handed: list[tuple[Any, OutputRef]] = []
        self._looked = 0.0
        self._cancelled = False

    @property
    def seed(self) -> int:
        """The seed of the run."""
        return self._order.seed

    @property
    def scratch(self) -> Path:
        """An empty folder of this attempt, removed when it ends."""
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix=mark_of(self._order.token), dir=self._workspace.scratch))
        return self._scratch

    @property
    def cancelled(self) -> bool:
        """True once the run was asked to stop."""
        if not self._cancelled and time.monotonic() - self._looked > _LOOK_EVERY:
            self._looked = time.monotonic()
            with self._records().read() as connection:
                self._cancelled = runs.get(connection, self._order.run).cancel_requested
        return self._cancelled

    def dataset(self, ref: str) -> LazyTable:
        """Return the dataset version that was pinned when the run was asked for."""
        source = self._order.sources.get(f"dataset:{ref}")
        if source is None or source.table is None:
            raise ParameterError(f"There is no dataset {ref!r}.", hint="Add it first.", field="dataset")
        require_whole(self._store.path(source.table), source.table.hash, source.label or ref)
        table = self._store.table(source.table, self._order.engine)
        self._handed.append((table.to_native(), source.table))
        return table

    def file(self, path: str, **options: Any) -> LazyTable:
        """Read a file of this machine as it was when the run was asked for."""
        source = self._order.sources.get(f"file:{path}")
        if source is None:
            raise ParameterError(f"There is no file {path!r}.", hint="Check the path.", field="path")
        file = Path(source.path)
        if not file.is_file() or file_hash(file) != source.hash:
            raise OperatorError(f"{path} changed since the run was asked for.", hint="Run again.", field="path")
        return read_table(file, self.scratch, self._order.engine, **options)

    def model(self, ref: str) -> Model:
        """Return the model version that its alias meant when the run was asked for, with its path before it."""
        source = self._order.sources.get(f"model:{ref}")
        if source is None:
            raise ParameterError(f"There is no model {ref!r}.", hint="Register it first.", field="model")
        folder = self._workspace.mlflow / source.path
        try:
            return registered_model(folder, self._workspace.key)
        except EngineError as error:
            sentence = f"The model {source.label} cannot be loaded: {error}"
            raise ParameterError(sentence, hint=error.hint, field="model") from error

    def export(self, table: LazyTable, name: str, kind: ExportFormat, *, formulas: bool = False) -> int:
        """Write `table` to a file among the workspace's exports, complete or not at all, and return its rows."""
        return export_to(
            self._workspace.exports, table, dataset_name(name, "file"), kind, self.scratch, formulas=formulas
        )

    def map(self, function: Callable[[Item], Result], items: Sequence[Item], *, share: float = 1.0) -> Iterator[Result]:
        """Yield `function(item)` for each of `items`, in the order they finish."""
        if self._spread is None:
            return map(function, items)
        return self._spread(function, items, share)

    def report(self, step: int, metrics: Mapping[str, float]) -> None:
        """Record progress of the stage."""
        with self._records().write() as connection:
            traces.report(connection, self._order.run, self._order.stage, step, metrics)

    def step(self) -> AbstractContextManager[None]:
        """Compute inside when it is this node's turn at its device."""
        return step()

    def checkpoint(self, state: Mapping[str, Any] | None = None) -> Mapping[str, Any] | None:
        """Keep `state`, or return what an earlier attempt kept."""
        if state is None:
            with self._records().read() as connection:
                return traces.checkpoint(connection, self._order.run, self._order.stage)
        with self._records().write() as connection:
            traces.keep_checkpoint(connection, self._order.run, self._order.stage, state)
        return state

    def kept(self, table: LazyTable) -> OutputRef | None:
        """Return where a table stands already, if it was handed out here and comes back untouched."""
        native = table.to_native()
        return next((ref for handed, ref in self._handed if handed is native), None)

    def close(self) -> None:
        """Remove the scratch folder."""
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _records(self) -> Records:
        return Records.open(self._workspace)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
