"""The context for tests and scripts: everything in this process, nothing kept."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import polars as pl

from operators.contract.card import Engine
from operators.contract.context import ExportFormat
from operators.contract.conversion import as_engine
from operators.contract.errors import ParameterError
from operators.contract.tables import LazyTable, collected
from operators.contract.values.model import Model

Item = TypeVar("Item")
Result = TypeVar("Result")


class LocalContext:
    """Implements `operators.contract.context.Context` without a platform.

    `map` works one item after the other; reports are kept in `reports`, what is exported in `exported` by file name,
    the last checkpoint in memory. Used in a `with` statement, it removes its scratch folder at the end.

    Args:
        datasets: What `dataset` gives, by name.
        files: What `file` gives, by path; other paths are read from disk (CSV, Parquet, JSON lines).
        models: What `model` gives, by name.
        engine: The engine of those tables.
        seed: The seed of the run.
    """

    def __init__(
        self,
        datasets: Mapping[str, pl.DataFrame] | None = None,
        files: Mapping[str, pl.DataFrame] | None = None,
        *,
        models: Mapping[str, Model] | None = None,
        engine: Engine = "polars",
        seed: int = 0,
    ) -> None:
        self.reports: list[tuple[int, dict[str, float]]] = []
        self.exported: dict[str, pl.DataFrame] = {}
        self.cancel_requested = False
        self._datasets = dict(datasets or {})
        self._files = dict(files or {})
        self._models = dict(models or {})
        self._engine = engine
        self._seed = seed
        self._scratch: Path | None = None
        self._kept: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    @property
    def seed(self) -> int:
        """The seed of the run."""
        return self._seed

    @property
    def scratch(self) -> Path:
        """An empty temporary folder."""
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="tandem-local-"))
        return self._scratch

    @property
    def cancelled(self) -> bool:
        """True once `cancel_requested` was set."""
        return self.cancel_requested

    def dataset(self, ref: str) -> LazyTable:
        """Return the dataset called `ref`, whatever version it names.

        Raises:
            ParameterError: There is none.
        """
        name = ref.split("@", maxsplit=1)[0]
        if name not in self._datasets:
            raise ParameterError(
                f"No dataset {name!r}.", hint=f"There are {', '.join(sorted(self._datasets))}.", field="dataset"
            )
        return as_engine(self._datasets[name], self._engine)

    def file(self, path: str, **options: Any) -> LazyTable:
        """Return the file at `path`; `delimiter`, `encoding`, `decimal`, `thousands` and `header_row` are the options.

        Raises:
            ParameterError: There is none, or it is no table.
        """
        if path in self._files:
            return as_engine(self._files[path], self._engine)
        readers: dict[str, Callable[[], pl.DataFrame]] = {
            ".parquet": lambda: pl.read_parquet(path),
            ".jsonl": lambda: pl.read_ndjson(path),
        }
        try:
            read = readers.get(Path(path).suffix, lambda: _csv(path, **options))
            return as_engine(read(), self._engine)
        except (OSError, pl.exceptions.PolarsError, UnicodeError) as error:
            raise ParameterError(
                f"No table can be read from {path!r}.", hint="Check the path.", field="path"
            ) from error

    def model(self, ref: str) -> Model:
        """Return the model called `ref`, whatever alias or version it names.

        Raises:
            ParameterError: There is none.
        """
        name = ref.split("@", maxsplit=1)[0]
        if name not in self._models:
            raise ParameterError(
                f"No model {name!r}.", hint=f"There are {', '.join(sorted(self._models))}.", field="model"
            )
        return self._models[name]

    def export(self, table: LazyTable, name: str, kind: ExportFormat, *, formulas: bool = False) -> int:
        """Keep the rows in `exported` as `name.kind`."""
        del formulas
        rows = collected(table)
        self.exported[f"{name}.{kind}"] = rows
        return rows.height

    def map(self, function: Callable[[Item], Result], items: Sequence[Item], *, share: float = 1.0) -> Iterator[Result]:
        """Yield `function(item)` for each of `items`, in order."""
        del share
        return map(function, items)

    def report(self, step: int, metrics: Mapping[str, float]) -> None:
        """Keep what is reported in `reports`."""
        self.reports.append((step, dict(metrics)))

    def step(self) -> AbstractContextManager[None]:
        """Compute at once: nobody shares the device."""
        return nullcontext()

    def checkpoint(self, state: Mapping[str, Any] | None = None) -> Mapping[str, Any] | None:
        """Keep `state` in memory, or return what was kept."""
        if state is not None:
            self._kept = dict(state)
        return self._kept


def _csv(
    path: str,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    decimal: str = ".",
    thousands: str | None = None,
    header_row: int = 1,
) -> pl.DataFrame:
    text = Path(path).read_text(encoding=encoding)
    if thousands is not None:
        text = re.sub(rf"(?<=\d){re.escape(thousands)}(?=\d{{3}}(?!\d))", "", text)
    return pl.read_csv(
        text.encode(),
        separator=delimiter,
        decimal_comma=decimal == ",",
        skip_rows=header_row - 1,
        try_parse_dates=True,
    )
