"""What a service was asked and what it answered, as Parquet files that monitoring reads.

`captures/<service>/<time>-<process>-<number>.parquet`: the signature's columns with their training types, the
columns of the answer, `at` (UTC) and `model_version`. Files appear complete or not at all. Serving
never waits for them: when they cannot be written or the queue is full, rows are dropped and counted.
"""

import logging
import os
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

_Asked = tuple[datetime, pl.DataFrame, pl.DataFrame]
_LOG = logging.getLogger(__name__)
AT = "at"
VERSION = "model_version"
FLUSH_ROWS = 5_000
"""Rows after which a file is written."""
FLUSH_SECONDS = 2.0
"""Seconds after which what has come in is written."""
COUNTED = 1_000
"""Files of captures whose rows are counted for a look at the newest."""
QUEUE = 1_000
"""Requests that may wait to be written."""


class CaptureLog:
    """Writes requests and answers of one replica, on a thread of its own.

    Args:
        folder: The folder of the service's captures; made where it is missing.
        version: Version of the model that answers.
        flush_rows: Rows after which a file is written.
        flush_seconds: Seconds after which what has come in is written.
    """

    def __init__(
        self,
        folder: Path,
        version: str,
        *,
        flush_rows: int = FLUSH_ROWS,
        flush_seconds: float = FLUSH_SECONDS,
    ) -> None:
        self.folder = folder
        self.dropped = 0
        self._version = version
        self._flush_rows = flush_rows
        self._flush_seconds = flush_seconds
        self._files = 0
        self._waiting: queue.Queue[_Asked | None] = queue.Queue(QUEUE)
        self._thread = threading.Thread(target=self._write_all, name="captures", daemon=True)
        self._thread.start()

    def add(self, asked: pl.DataFrame, answered: pl.DataFrame) -> None:
        """Keep rows and their answers at some time; full queues drop them."""
        try:
            self._waiting.put_nowait((datetime.now(UTC), asked, answered))
        except queue.Full:
            self.dropped += len(asked)

    def close(self, timeout: float = 10.0) -> None:
        """Write what is not written yet, and end; within `timeout` seconds."""
        try:
            self._waiting.put(None, timeout=timeout)
        except queue.Full:
            return
        self._thread.join(timeout)

    def _write_all(self) -> None:
        ended = False
        while not ended:
            rows, ended = self._gathered()
            if rows:
                self._write(rows)

    def _gathered(self) -> tuple[list[_Asked], bool]:
        """Wait for rows, and then for more until it is time to write; True when closed."""
        rows: list[_Asked] = []
        first = self._waiting.get()
        deadline = time.monotonic() + self._flush_seconds
        while first is not None:
            rows.append(first)
            left = deadline - time.monotonic()
            if sum(len(asked) for _, asked, _ in rows) >= self._flush_rows or left <= 0:
                return rows, False
            try:
                first = self._waiting.get(timeout=left)
            except queue.Empty:
                return rows, False
        return rows, True

    def _write(self, rows: Sequence[_Asked]) -> None:
        self._files += 1
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        target = self.folder / f"{moment}-{os.getpid()}-{self._files}.parquet"
        partial = target.with_suffix(".partial")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            pl.concat([self._table(*asked) for asked in rows]).write_parquet(partial)
            partial.replace(target)
        except (OSError, PolarsError) as error:
            self.dropped += sum(len(asked) for _, asked, _ in rows)
            _LOG.warning("Captured rows were dropped, %d until now: %s", self.dropped, error)
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def _table(self, moment: datetime, asked: pl.DataFrame, answered: pl.DataFrame) -> pl.DataFrame:
        return asked_and_answered(asked, answered).with_columns(
            pl.lit(moment, pl.Datetime("us", "UTC")).alias(AT), pl.lit(self._version).alias(VERSION)
        )


def asked_and_answered(asked: pl.DataFrame, answered: pl.DataFrame) -> pl.DataFrame:
    """Return rows with their answers beside them, as captures and references hold them.

    A column of the source that is called like one of the answer, or like `at` and `model_version`,
    is written as `<name>_asked`.
    """
    taken = {*answered.columns, AT, VERSION}
    renamed = {name: f"{name}_asked" for name in asked.columns if name in taken}
    return pl.concat([asked.rename(renamed), answered], how="horizontal")


def newest(captures: Path, service: str, rows: int) -> tuple[pl.DataFrame, int | None]:
    """Return the newest rows that a service was asked and answered, the newest first, and how many there are in all.

    Only the files that hold them are read; the whole is not counted (None) where that would take many files.

    Args:
        captures: The workspace's folder of captures.
        service: Name of the service.
        rows: How many at most.
    """
    paths = sorted((captures / service).glob("*.parquet"))
    tables: list[pl.DataFrame] = []
    for path in reversed(paths):
        tables.append(pl.read_parquet(path))
        if sum(map(len, tables)) >= rows:
            break
    if not tables:
        return pl.DataFrame(), 0
    counted = None
    if len(paths) <= COUNTED:
        counted = sum(int(pl.scan_parquet(path).select(pl.len()).collect().item()) for path in paths)
    table = pl.concat(tables, how="diagonal_relaxed").sort(AT, descending=True, maintain_order=True)
    return table.head(rows), counted


def captured(captures: Path, service: str, since: datetime | None = None) -> pl.LazyFrame:
    """Return what a service was asked and answered, oldest first; no columns when there is nothing.

    Versions of a model that ask for other columns leave nulls in each other's.

    Args:
        captures: The workspace's folder of captures.
        service: Name of the service.
        since: Only rows from this moment on; an aware datetime.
    """
    by_columns: dict[tuple[tuple[str, pl.DataType], ...], list[Path]] = defaultdict(list)
    for path in sorted((captures / service).glob("*.parquet")):
        schema: Mapping[str, pl.DataType] = pl.read_parquet_schema(path)
        by_columns[tuple(schema.items())].append(path)
    if not by_columns:
        return pl.LazyFrame()
    rows = pl.concat([pl.scan_parquet(paths) for paths in by_columns.values()], how="diagonal_relaxed").sort(
        AT, maintain_order=True
    )
    return rows if since is None else rows.filter(pl.col(AT) >= since)
