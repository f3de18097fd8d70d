"""What an operator may ask of the platform, without knowing the platform."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from operators.contract.tables import LazyTable
from operators.contract.values.model import Model

Item = TypeVar("Item")
Result = TypeVar("Result")
ExportFormat = Literal["csv", "parquet", "xlsx"]


@runtime_checkable
class Context(Protocol):
    """Handed to a method whose signature names `context: Context`.

    The engine implements it; `operators.testing.checks.LocalContext` is the one for tests and scripts.
    """

    @property
    def seed(self) -> int:
        """The seed of this run; part of the fingerprint of an operator that takes a context."""

    @property
    def scratch(self) -> Path:
        """An empty folder of this attempt, removed when it ends."""

    @property
    def cancelled(self) -> bool:
        """True once the run was asked to stop; long work should look now and then."""

    def dataset(self, ref: str) -> LazyTable:
        """Return a stored dataset by `name` (its newest version) or `name@version`.

        Raises:
            OperatorError: No such dataset or version.
        """

    def file(self, path: str, **options: Any) -> LazyTable:
        """Read a file the user may read, in the formats that datasets take; `options` are how to read it.

        Raises:
            OperatorError: No such file, or not a table.
        """

    def model(self, ref: str) -> Model:
        """Return a registered model by `name@alias` or `name@version`, with the path from its source before it.

        Raises:
            OperatorError: No such model or version, or it is damaged.
        """

    def export(self, table: LazyTable, name: str, kind: ExportFormat, *, formulas: bool = False) -> int:
        """Write `table` to the file `name.kind` among the workspace's exports and return its rows.

        The file appears complete or not at all, in place of an earlier one.

        Args:
            table: Any number of rows, in order.
            name: A plain name: no folder, no dots.
            kind: Ending and format of the file.
            formulas: Leave text as it is that a spreadsheet would run.

        Raises:
            OperatorError: The name or the format cannot be used for it, or the disk is full.
        """

    def map(self, function: Callable[[Item], Result], items: Sequence[Item], *, share: float = 1.0) -> Iterator[Result]:
        """Yield `function(item)` for each of `items`, in the order they finish.

        Args:
            function: Must be picklable, and must not use the context.
            items: Each must be picklable.
            share: CPUs that one call takes, in (0, 64].
        """

    def report(self, step: int, metrics: Mapping[str, float]) -> None:
        """Record progress: `step` counts up from 0, `metrics` are finite numbers."""

    def step(self) -> AbstractContextManager[None]:
        """Compute inside on the GPU of this node's share: `with context.step(): loss.backward()`.

        Where others share the device, steps take turns whose lengths follow the shares, which may change while the node
        runs; work outside is not held back. A step takes milliseconds best, and nothing waits where nobody shares.
        """

    def checkpoint(self, state: Mapping[str, Any] | None = None) -> Mapping[str, Any] | None:
        """Keep `state` (JSON) durably; without an argument return what an earlier attempt kept, or None."""
