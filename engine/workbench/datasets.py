"""Datasets as a page or a script sees them: everything is a JSON document."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from engine.config import Workspace
from engine.data.datasets import DatasetStore, read_options
from engine.data.differing import schema_difference
from engine.data.exporting import export
from engine.data.names import split_ref
from engine.data.parsing.parse import peek
from engine.data.parsing.rows import REJECTS_SCHEMA
from engine.data.sampling import spread_sample
from engine.data.several import Part
from engine.data.stopping import Stopping, unstopped
from engine.records.database import Records
from engine.workbench.usage import usage

_COMPARED = 50_000


class DatasetDesk:
    """Adds, lists, describes and queries datasets.

    Args:
        store: Where they are kept.
        workspace: Whose they are.
        records: Where runs are kept, which use them.
        models: Gives the registered model versions.
    """

    def __init__(
        self,
        store: DatasetStore,
        workspace: Workspace,
        records: Records,
        models: Callable[[], Sequence[Mapping[str, Any]]],
    ) -> None:
        self._store = store
        self._workspace = workspace
        self._records = records
        self._models = models

    def add(
        self,
        name: str,
        file: str | Path,
        *,
        label: str | None = None,
        key: str | None = None,
        stopping: Stopping = unstopped,
        **options: Any,
    ) -> dict[str, Any]:
        """Read a file and keep it as the next version of a dataset; `tandem data add` prints what is returned.

        Args:
            name: Of the dataset, new or not.
            file: CSV, TSV, Parquet, Arrow, JSON lines or XLSX.
            label: What the file is called, for people; its own name when None.
            key: Of who asks; the same key gives the version that it gave before.
            stopping: Lets another thread end the parser.
            options: How to read it: `delimiter`, `encoding`, `header`, `sheet`, ...; what is unset is sniffed.

        Raises:
            UnreadableFileError: The file is no table; nothing is kept.
            ConfigError: An option is unknown or cannot be.
            DataError: The disk is full; nothing is kept.
        """
        read = read_options(**options)
        return dict(self._store.add(name, file, read, label=label, key=key, stopping=stopping).document())

    def add_several(
        self,
        name: str,
        files: Sequence[Mapping[str, Any]],
        *,
        key: str | None = None,
        stopping: Stopping = unstopped,
    ) -> dict[str, Any]:
        """Read several files of the same columns and keep their rows, in order, as the next version of a dataset.

        Args:
            name: Of the dataset, new or not.
            files: Each `{"file", "label", "options"}`.
            key: Of who asks; the same key gives the version that it gave before.
            stopping: Lets another thread end the parser.

        Raises:
            UnreadableFileError: A file is no table, or has other columns than the first; nothing is kept.
            ConfigError: An option is unknown or cannot be.
        """
        parts = [Part(Path(f["file"]), f["label"], read_options(**(f.get("options") or {}))) for f in files]
        label = ", ".join(part.label for part in parts)
        return dict(self._store.add_several(name, parts, label=label, key=key, stopping=stopping).document())

    def peek(self, file: str | Path, **options: Any) -> dict[str, Any]:
        """Return how the beginning of a file would be read, before it is: see `engine.data.parsing.peeking.peeked`.

        It is read in a child process, as an import would read it.

        Raises:
            UnreadableFileError: The file is no table, whatever the options.
            ConfigError: An option is unknown or cannot be.
        """
        read = read_options(**options)
        with tempfile.TemporaryDirectory(prefix="peek-", dir=self._workspace.scratch) as folder:
            return peek(Path(file), read, Path(folder))

    def put(
        self, name: str, table: pl.DataFrame | pl.LazyFrame, *, label: str = "code", key: str | None = None
    ) -> dict[str, Any]:
        """Keep a Polars table as the next version of a dataset.

        Args:
            name: Of the dataset, new or not.
            table: Its rows.
            label: Where they come from, for people.
            key: Of who asks; the same key gives the version that it gave before.
        """
        return dict(self._store.put(name, table, label=label, key=key).document())

    def list(self) -> list[dict[str, Any]]:
        """Return the newest version of every dataset, by name."""
        return self._store.list()

    def show(self, ref: str) -> dict[str, Any]:
        """Return what is known of `name` or `name@version`, with all versions of that name."""
        name, _ = split_ref(ref)
        return {**self._store.get(ref).document(), "versions": list(self._store.versions(name))}

    def versions(self, name: str) -> Sequence[dict[str, Any]]:
        """Return all versions of a dataset, newest first."""
        return self._store.versions(name)

    def usage(self, name: str) -> Sequence[dict[str, Any]]:
        """Return the runs that read a dataset, newest first, each with its pipeline and the models it trained."""
        return usage(self._records, split_ref(name)[0], self._models)

    def profile(self, ref: str) -> dict[str, Any]:
        """Return what the columns hold and what is striking about them."""
        return self._store.profile(ref)

    def preview(self, ref: str, rows: int = 50) -> dict[str, Any]:
        """Return the first rows: `{"columns", "rows", "total_rows"}`."""
        return self._store.preview(ref, rows)

    def charts(self, ref: str) -> Sequence[dict[str, Any]]:
        """Return the charts to look at first, at most six, each as `engine.data.charts.spec.ChartSpec` has it."""
        from engine.data.charts.suggest import suggested

        return suggested(self._store.profile(ref))

    def chart(self, ref: str, spec: Mapping[str, Any]) -> dict[str, Any]:
        """Return the few rows of a chart: `{"spec", "columns", "rows", "sampled", "total_rows", "left_out"}`.

        Raises:
            ConfigError: It is no chart.
            QueryError: A column is not there, or cannot be shown so.
        """
        from engine.data.charts.rows import chart_rows
        from engine.data.charts.spec import chart_spec

        version = self._store.get(ref)
        return chart_rows(version.path, chart_spec(dict(spec)), version.rows)

    def difference(self, before: str, after: str) -> dict[str, Any]:
        """Return how the columns of two datasets or versions differ: `{"added", "removed", "changed", "moved"}`."""
        schemas = [[(column.name, column.type) for column in self._store.get(ref).schema] for ref in (before, after)]
        return schema_difference(*schemas)

    def compare(self, before: str, after: str) -> dict[str, Any]:
        """Return which columns hold other values, as a drift report; of large tables from samples of 50,000 rows."""
        from engine.monitoring.drift import drift_report

        samples = []
        for ref in (before, after):
            version = self._store.get(ref)
            names = [column.name for column in version.schema]
            samples.append(spread_sample(version.path, names, version.rows, _COMPARED))
        return dict(drift_report(*samples, service=before, window=after, predictions=()).document())

    def export(self, ref: str, path: Path, kind: str, *, formulas: bool = False) -> None:
        """Write a dataset to a file: `csv`, `parquet` or `xlsx`.

        Raises:
            DataError: A sheet cannot hold it.
        """
        export(self.table(ref), path, kind, formulas=formulas)

    def rejects_table(self, ref: str) -> pl.LazyFrame:
        """Return all rejected lines, lazily: `line`, `column`, `reason`, `raw`."""
        path = self._store.get(ref).rejects_path
        return pl.LazyFrame(schema=REJECTS_SCHEMA) if path is None else pl.scan_parquet(path, glob=False)

    def rejects(self, ref: str, rows: int = 1000) -> dict[str, Any]:
        """Return the lines that are in no row, each with its reason."""
        return self._store.rejects(ref, rows)

    def table(self, ref: str) -> pl.LazyFrame:
        """Return the rows of a dataset, lazily."""
        native: pl.LazyFrame = self._store.table(ref).to_native()
        return native

    def query(self, sql: str, *, limit: int = 1000, timeout: float = 30.0) -> dict[str, Any]:
        """Return the answer of read-only SQL over the datasets by name: `{"columns", "rows", "truncated"}`.

        Raises:
            QueryError: The SQL is wrong, forbidden, or took longer than `timeout` seconds.
        """
        return self._store.query(sql, limit=limit, timeout=timeout)

    def query_into(
        self, path: Path, sql: str, *, limit: int, timeout: float, stopping: Stopping = unstopped
    ) -> dict[str, Any]:
        """Write the answer of such SQL to a Parquet file: `{"columns", "rows": how many, "truncated"}`.

        Raises:
            QueryError: The SQL is wrong, forbidden, took longer than `timeout` seconds, or was stopped.
        """
        return self._store.query_into(path, sql, limit=limit, timeout=timeout, stopping=stopping)
