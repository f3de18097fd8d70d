"""The rows of a window of what a service was asked and answered, for monitoring.

However many rows there are, few are in memory: files are looked at one by one, the newest first, and of a window
with more rows than are compared a sample is read, each row as likely as any other.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from engine.serving.columns import AT, Names, free_names, names_of
from engine.serving.compaction import CaptureFile, capture_files, steadily

SAMPLED_ROWS = 50_000
"""Rows of a window that are compared at most; of more, a sample."""
SAMPLED_CELLS = 20_000_000
"""Cells that are read at most, so that wide rows take no more memory."""
ENOUGH_ROWS = 200
"""Rows that make a day enough to compare: of fewer, the days before are looked at, too."""
SEED = 0
"""Chooses the rows of a sample."""
_DAY: Final = timedelta(days=1)
_SOME_ROWS = 1_000


@dataclass(frozen=True)
class Answering:
    """The model whose rows are meant.

    Args:
        model: Its name.
        version: Its version.
        required: The columns it asks for.
        alone_since: From when on rows that carry no name of a model are its own; older captures have none.
    """

    model: str
    version: str
    required: Collection[str]
    alone_since: datetime | None = None

    def rows(self, names: Names) -> pl.Expr:
        """Return the condition that a row was answered by this model."""
        if names.version is None:
            return pl.lit(value=False)
        version = pl.col(names.version) == self.version
        if names.model is not None:
            return version & (pl.col(names.model) == self.model)
        if self.alone_since is None or names.at is None:
            return version
        return version & (pl.col(names.at) >= self.alone_since)


@dataclass(frozen=True)
class Chosen:
    """Rows of a window.

    Args:
        table: Their columns as they were asked and answered, without time and model; a sample where there are many.
        answers: Which of these are columns of the answer.
        rows: How many there are in the window.
        others: How many rows other models answered in the same time.
        first: When the first of the window was asked; None without rows.
        last: When the last was.
        days: How many days were looked at; None where a window was chosen.
    """

    table: pl.DataFrame
    answers: tuple[str, ...] = ()
    rows: int = 0
    others: int = 0
    first: datetime | None = None
    last: datetime | None = None
    days: int | None = None


@dataclass(frozen=True)
class Bounds:
    """What is wanted of the rows: the closed interval of time in which they were asked, and how many at most."""

    since: datetime | None = None
    until: datetime | None = None
    newest: int | None = None

    def rows(self, at: str) -> pl.Expr:
        """Return the condition that a row lies between."""
        inside = pl.lit(value=True)
        if self.since is not None:
            inside &= pl.col(at) >= self.since
        return inside if self.until is None else inside & (pl.col(at) <= self.until)


def choose(folder: Path, who: Answering, bounds: Bounds | None = None) -> Chosen:
    """Return rows that a model was asked and answered.

    Args:
        folder: The captures of a service.
        who: The model.
        bounds: Which rows; by default those of the day up to the newest, and of as many days more as it takes until
            there are `ENOUGH_ROWS`.

    Raises:
        OSError: A file cannot be read.
        PolarsError: A file is no table.
    """
    return steadily(lambda: _chosen(folder, who, bounds))


def _chosen(folder: Path, who: Answering, bounds: Bounds | None) -> Chosen:
    files = capture_files(folder)
    days = None
    if bounds is None:
        bounds, days = _enough_days(files, who)
    elif bounds.newest is not None:
        bounds = _newest(files, who, bounds)
    parts = _parts(files, who, bounds)
    rows, others = (sum(part.counts[number] for part in parts) for number in (0, 1))
    if bounds.newest is not None:
        rows = min(rows, bounds.newest)
    table, answers = _read(parts, who, bounds)
    moments = [moment for part in parts for moment in part.span if moment is not None]
    return Chosen(table, answers, rows, others, min(moments, default=None), max(moments, default=None), days)


@dataclass(frozen=True)
class _Part:
    """A file with rows of a window: how many of the model and of others, and when the first and last were asked."""

    path: Path
    names: Names
    condition: pl.Expr
    counts: tuple[int, int]
    span: tuple[datetime | None, datetime | None]


def _parts(files: Sequence[CaptureFile], who: Answering, bounds: Bounds) -> list[_Part]:
    found = []
    for file in files:
        if bounds.since is not None and file.until < bounds.since:
            continue
        names = _names(file, who)
        if names.at is None:
            continue
        inside, own = bounds.rows(names.at), who.rows(names)
        at = pl.col(names.at).filter(own)
        counted = (
            pl.scan_parquet(file.path)
            .filter(inside)
            .select(own.sum().alias("own"), pl.len().alias("all"), at.min().alias("first"), at.max().alias("last"))
        )
        mine, every, first, last = counted.collect().row(0)
        found.append(_Part(file.path, names, inside & own, (mine or 0, every - (mine or 0)), (first, last)))
    return found


def _enough_days(files: Sequence[CaptureFile], who: Answering) -> tuple[Bounds, int | None]:
    """Return the days up to the newest row that have enough rows, or all rows where they never have."""
    newest = _newest_moment(files, who)
    if newest is None:
        return Bounds(), None
    days: Counter[int] = Counter()
    for file in reversed(files):
        enough = _enough(days)
        if enough is not None and file.until <= newest - enough * _DAY:
            break
        age = (pl.lit(newest) - pl.col("at")).dt.total_microseconds() // (_DAY // timedelta(microseconds=1))
        days.update(dict(_moments(file, who).select(age.alias("day")).to_series().value_counts().iter_rows()))
    wanted = _enough(days) or max(days) + 1
    return Bounds(since=newest - wanted * _DAY + timedelta(microseconds=1), until=newest), wanted


def _enough(days: Mapping[int, int]) -> int | None:
    rows = 0
    for day in sorted(days):
        rows += days[day]
        if rows >= ENOUGH_ROWS:
            return day + 1
    return None


def _newest_moment(files: Sequence[CaptureFile], who: Answering) -> datetime | None:
    found: datetime | None = None
    for file in reversed(files):
        if found is not None and file.until <= found:
            break
        latest = _moments(file, who)["at"].max()
        if isinstance(latest, datetime) and (found is None or latest > found):
            found = latest
    return found


def _newest(files: Sequence[CaptureFile], who: Answering, bounds: Bounds) -> Bounds:
    """Return bounds that hold the newest rows, whole requests."""
    wanted = bounds.newest or 0
    moments = pl.Series("at", [], pl.Datetime("us", "UTC"))
    for file in reversed(files):
        if len(moments) == wanted and file.until < moments[-1]:
            break
        found = _moments(file, who).filter(bounds.rows("at"))["at"]
        moments = pl.concat([moments, found.cast(moments.dtype)]).sort(descending=True).head(wanted)
    since = moments[-1] if len(moments) else bounds.since
    return Bounds(since, bounds.until, bounds.newest)


def _moments(file: CaptureFile, who: Answering) -> pl.DataFrame:
    names = _names(file, who)
    if names.at is None:
        return pl.DataFrame(schema={"at": pl.Datetime("us", "UTC")})
    return pl.scan_parquet(file.path).filter(who.rows(names)).select(pl.col(names.at).alias("at")).collect()


def _names(file: CaptureFile, who: Answering) -> Names:
    return names_of(list(pl.read_parquet_schema(file.path)), who.required)


def _read(parts: Sequence[_Part], who: Answering, bounds: Bounds) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the rows of a window, oldest first, or a sample of them, and which columns are of the answer."""
    answers = free_names(dict.fromkeys(name for part in parts for name in part.names.answered), who.required, "answer")
    at = free_names([AT], {*who.required, *answers.values()}, "service")[AT]
    counts = np.array([part.counts[0] for part in parts], dtype=np.int64)
    most = min(SAMPLED_ROWS, max(SAMPLED_CELLS // (len(who.required) + len(answers) + 1), _SOME_ROWS))
    sampled = counts.sum() > most and (bounds.newest is None or bounds.newest > most)
    if sampled:
        counts = np.random.default_rng(SEED).multivariate_hypergeometric(counts, most, method="marginals")
    tables = [
        _rows_of(part, answers, at, int(count) if sampled else None)
        for part, count in zip(parts, counts, strict=True)
        if count
    ]
    if not tables:
        return pl.DataFrame(), ()
    table = pl.concat(tables, how="diagonal_relaxed").sort(at, maintain_order=True)
    if bounds.newest is not None:
        table = table.tail(bounds.newest)
    return table.drop(at), tuple(answers.values())


def _rows_of(part: _Part, answers: Mapping[str, str], at: str, count: int | None) -> pl.DataFrame:
    asked = [pl.col(stored).alias(name) for name, stored in part.names.asked.items()]
    answered = [pl.col(stored).alias(answers[name]) for name, stored in part.names.answered.items()]
    moment = pl.col(part.names.at or "").alias(at)
    rows = pl.scan_parquet(part.path).filter(part.condition).select(*asked, *answered, moment).collect()
    return rows if count is None else rows.sample(count, seed=SEED)
