"""The two sides of a comparison: the reference of a model version, and rows of a window or of a file."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from engine.monitoring.values import Selection, Window
from engine.serving.columns import free_names, names_of
from engine.serving.compaction import MANY, capture_files, compact
from engine.serving.sampling import sample
from engine.serving.windows import SAMPLED_ROWS, Answering, Bounds, choose
from engine.stores.models import ModelVersion

_LEFT = 4  # times as many files as are joined at a time
NO_ROWS = "no rows yet"
"""What a report says of a window in which nothing was asked."""


@dataclass(frozen=True)
class Reference:
    """The reference of a model version under the names of its source.

    Args:
        table: Columns of requests, and beside them those of answers.
        answers: Which of them are of answers.
        required: The columns that the model asks for.
    """

    table: pl.DataFrame
    answers: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class CurrentRows:
    """Rows to be compared.

    Args:
        table: Under the names of the source.
        answers: Which columns are of answers.
        selection: How they were chosen.
        text: The same in words.
        until: Until when they were asked.
    """

    table: pl.DataFrame
    answers: tuple[str, ...]
    selection: Selection
    text: str
    until: datetime


def reference_of(file: Path, version: ModelVersion) -> Reference:
    """Return the reference of a version, as older versions of the workbench wrote it, too."""
    stored = pl.read_parquet(file)
    required = tuple(field["name"] for field in version.signature["inputs"])
    names = names_of(stored.columns, required)
    answers = free_names(names.answered, required, "answer")
    table = stored.select(
        *(pl.col(column).alias(name) for name, column in names.asked.items()),
        *(pl.col(column).alias(answers[name]) for name, column in names.answered.items()),
    )
    return Reference(table, tuple(answers.values()), required)


def answering(version: ModelVersion, reference: Reference, history: Sequence[Mapping[str, Any]]) -> Answering:
    """Return whose rows are meant: those of a version, and of older captures those since the service runs its model.

    Args:
        version: What the service runs.
        reference: Its reference.
        history: What the service was asked to run, newest first: `model` and `at` of each.
    """
    since = None
    for entry in history:
        if entry["model"] != version.name:
            return Answering(version.name, version.version, reference.required, since)
        since = datetime.fromtimestamp(entry["at"], UTC)
    return Answering(version.name, version.version, reference.required)


def captured_rows(folder: Path, who: Answering, window: Window, now: datetime | None = None) -> CurrentRows:
    """Return the rows of a window of what a service was asked.

    Args:
        folder: Its captures.
        who: The version that was asked.
        window: Which rows.
        now: The present moment; an aware datetime.
    """
    present = datetime.now(UTC) if now is None else now
    chosen = choose(folder, who, _bounds(window, present))
    selection = Selection(
        source="captures",
        window=window,
        model=who.model,
        version=who.version,
        first=None if chosen.first is None else chosen.first.timestamp(),
        last=None if chosen.last is None else chosen.last.timestamp(),
        of_rows=chosen.rows,
        other_rows=chosen.others,
        days=chosen.days,
    )
    window_text = NO_ROWS if window == Window() else "no rows in that time"
    if chosen.first is not None and chosen.last is not None:
        first, last = (moment.strftime("%Y-%m-%d %H:%M:%S") for moment in (chosen.first, chosen.last))
        window_text = f"{first} to {last} UTC"
    window_text += sample_text(chosen.table.height, chosen.rows)
    return CurrentRows(chosen.table, chosen.answers, selection, window_text, chosen.last or present)


def join_small(folder: Path) -> None:
    """Join small files where replicas of before left many, so that they are read one by one only once."""
    if len(capture_files(folder)) > _LEFT * MANY:
        with suppress(OSError, PolarsError):
            compact(folder)


def file_rows(file: Path, scratch: Path, label: str | None, version: ModelVersion) -> CurrentRows:
    """Return the rows of a file, or a sample of them where there are many.

    Raises:
        UnreadableFileError: The file is no table.
    """
    from engine.data.files import read_table

    folder = Path(tempfile.mkdtemp(prefix="monitor-", dir=scratch))
    try:
        table: pl.LazyFrame = read_table(file.expanduser(), folder).to_native()
        rows = int(table.select(pl.len()).collect().item())
        found = sample(table, SAMPLED_ROWS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    selection = Selection(source="file", model=version.name, version=version.version, of_rows=rows)
    window_text = (label or file.name) + sample_text(found.height, rows)
    return CurrentRows(found, (), selection, window_text, datetime.now(UTC))


def _bounds(window: Window, now: datetime) -> Bounds | None:
    if window == Window():
        return None
    since = window.since
    if window.hours is not None:
        recent = now - timedelta(hours=window.hours)
        since = recent if since is None else max(since, recent)
    return Bounds(since, window.until, window.rows)


def sample_text(rows: int, total: int) -> str:
    """Return what a report says of its rows behind their window where they are a sample; nothing elsewhere."""
    return f", a sample of {rows:,} of {total:,} rows" if rows < total else ""
