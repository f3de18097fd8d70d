"""What a service was asked and what it answered, written as Parquet files that monitoring reads.

`captures/<service>/<time>-<process>-<number>.parquet`: the columns of the request with their training types, those of
the answer, when (UTC), and which model and version answered, under the names of `engine.serving.columns`. Files appear
complete or not at all; many small ones are joined (`engine.serving.compaction`). Serving never waits for them: when
they cannot be written or the queue is full, rows are dropped and counted, and the count is written beside them as
`dropped-<process>.json`.
"""

import json
import logging
import os
import queue
import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from engine.serving.columns import AT, MODEL, VERSION, asked_and_answered
from engine.serving.compaction import MANY, compact, stamp

_Asked = tuple[datetime, pl.DataFrame, pl.DataFrame]
_LOG = logging.getLogger(__name__)
FLUSH_ROWS = 5_000
"""Rows after which a file is written."""
FLUSH_SECONDS = 2.0
"""Seconds after which what has come in is written."""
QUEUE = 1_000
"""Requests that may wait to be written."""
DROPPED = "dropped-"
"""Files that say how many rows were dropped begin so."""
_FORGOTTEN = 7 * 86_400.0  # seconds after which dropped rows are told no more


class CaptureLog:
    """Writes requests and answers of one replica, on a thread of its own.

    Args:
        folder: The folder of the service's captures; made where it is missing.
        version: Version of the model that answers.
        model: Name of the model.
        flush_rows: Rows after which a file is written.
        flush_seconds: Seconds after which what has come in is written.
    """

    def __init__(
        self,
        folder: Path,
        version: str,
        *,
        model: str | None = None,
        flush_rows: int = FLUSH_ROWS,
        flush_seconds: float = FLUSH_SECONDS,
    ) -> None:
        self.folder = folder
        self.dropped = 0
        self._answers = {VERSION: version} if model is None else {MODEL: model, VERSION: version}
        self._flush_rows = flush_rows
        self._flush_seconds = flush_seconds
        self._files = 0
        self._told = 0
        self._name = f"{os.getpid()}-{secrets.token_hex(3)}"
        self._since = datetime.now(UTC)
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
                self._tidy()
            self._tell_dropped()

    def _gathered(self) -> tuple[list[_Asked], bool]:
        """Wait for rows, and then for more until it is time to write; True when closed."""
        rows: list[_Asked] = []
        first, count = self._waiting.get(), 0
        deadline = time.monotonic() + self._flush_seconds
        while first is not None:
            rows.append(first)
            count += len(first[1])
            left = deadline - time.monotonic()
            if count >= self._flush_rows or left <= 0:
                return rows, False
            try:
                first = self._waiting.get(timeout=left)
            except queue.Empty:
                return rows, False
        return rows, True

    def _write(self, rows: Sequence[_Asked]) -> None:
        self._files += 1
        target = self.folder / f"{stamp(datetime.now(UTC))}-{os.getpid()}-{self._files}.parquet"
        partial = target.with_suffix(".partial")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._table(rows).write_parquet(partial)
            partial.replace(target)
        except (OSError, PolarsError) as error:
            self.dropped += sum(len(asked) for _, asked, _ in rows)
            _LOG.warning("Captured rows were dropped, %d until now: %s", self.dropped, error)
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def _table(self, rows: Sequence[_Asked]) -> pl.DataFrame:
        asked, answered = _stacked([one[1] for one in rows]), _stacked([one[2] for one in rows])
        moments = pl.Series(AT, [moment for moment, _, _ in rows], pl.Datetime("us", "UTC"))
        request = pl.Series([number for number, one in enumerate(rows) for _ in range(len(one[1]))], dtype=pl.UInt32)
        answers = [pl.lit(value).alias(name) for name, value in self._answers.items()]
        return asked_and_answered(asked, answered).with_columns(moments.gather(request), *answers)

    def _tell_dropped(self) -> None:
        """Write how many rows were dropped until now, where that has changed; next time if it cannot be written."""
        dropped = self.dropped
        if dropped == self._told:
            return
        document = {"rows": dropped, "first": self._since.timestamp(), "last": time.time()}
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = self.folder / f"{DROPPED}{self._name}.partial"
            partial.write_text(json.dumps(document), "utf-8")
            partial.replace(partial.with_suffix(".json"))
            self._told = dropped

    def _tidy(self) -> None:
        """Join small files, now and then; what fails is tried again later."""
        if self._files % MANY != 1:
            return
        try:
            compact(self.folder)
        except (OSError, PolarsError) as error:
            _LOG.warning("Captures were not joined: %s", error)


def dropped_rows(folder: Path) -> dict[str, Any]:
    """Return how many rows of a service's requests were dropped lately: `{"rows", "first", "last"}`.

    `first` and `last` are seconds since 1970, None if none was dropped within a week.
    """
    found = []
    for path in sorted(folder.glob(f"{DROPPED}*.json")):
        with suppress(OSError, ValueError):
            found.append(json.loads(path.read_text("utf-8")))
    recent = [one for one in found if time.time() - one["last"] < _FORGOTTEN]
    return {
        "rows": sum(one["rows"] for one in recent),
        "first": min((one["first"] for one in recent), default=None),
        "last": max((one["last"] for one in recent), default=None),
    }


def _stacked(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    same = all(table.schema == tables[0].schema for table in tables)
    return pl.concat(tables, how="vertical" if same else "diagonal_relaxed")
