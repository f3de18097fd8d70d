"""What a service was asked and answered, read back for people and scripts.

Columns of a request keep their names. The others are called `prediction` and so on, `at`, `model` and `model_version`,
with `(answer)` or `(service)` behind where a request has that name. Versions of a model that ask for other columns
leave nulls in each other's.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from engine.serving.columns import free_names, names_of
from engine.serving.compaction import capture_files, steadily

COUNTED = 1_000
"""Files of captures whose rows are counted for a look at the newest."""
_OWN = ("at", "model", "model_version")


def newest(captures: Path, service: str, rows: int) -> tuple[pl.DataFrame, int | None]:
    """Return the newest rows that a service was asked and answered, the newest first, and how many there are in all.

    Only the files that hold them are read; the whole is not counted (None) where that would take many files.

    Args:
        captures: The workspace's folder of captures.
        service: Name of the service.
        rows: How many at most.
    """

    def read() -> tuple[pl.DataFrame, int | None]:
        files = capture_files(captures / service)
        tables: list[pl.DataFrame] = []
        for file in reversed(files):
            tables.append(pl.read_parquet(file.path))
            if sum(map(len, tables)) >= rows:
                break
        if not tables:
            return pl.DataFrame(), 0
        shown = _Shown.of([table.columns for table in reversed(tables)])
        renamed = [shown.named(table.lazy()) for table in reversed(tables)]
        table = pl.concat(renamed, how="diagonal_relaxed").collect()
        counted = None
        if len(files) <= COUNTED:
            counted = sum(int(pl.scan_parquet(file.path).select(pl.len()).collect().item()) for file in files)
        return table.sort(shown.at, descending=True, maintain_order=True).head(rows), counted

    return steadily(read)


def captured(captures: Path, service: str, since: datetime | None = None) -> pl.LazyFrame:
    """Return what a service was asked and answered, oldest first, lazily; no columns when there is nothing.

    Args:
        captures: The workspace's folder of captures.
        service: Name of the service.
        since: Only rows from this moment on; an aware datetime.
    """
    by_columns: dict[tuple[tuple[str, pl.DataType], ...], list[Path]] = defaultdict(list)
    for file in capture_files(captures / service):
        if since is None or file.until >= since:
            schema: Mapping[str, pl.DataType] = pl.read_parquet_schema(file.path)
            by_columns[tuple(schema.items())].append(file.path)
    if not by_columns:
        return pl.LazyFrame()
    shown = _Shown.of([[name for name, _ in columns] for columns in by_columns])
    scans = [shown.named(pl.scan_parquet(paths)) for paths in by_columns.values()]
    rows = pl.concat(scans, how="diagonal_relaxed").sort(shown.at, maintain_order=True)
    return rows if since is None else rows.filter(pl.col(shown.at) >= since)


@dataclass(frozen=True)
class _Shown:
    """What the columns that a service added are called beside those of the requests."""

    answers: Mapping[str, str]
    own: Mapping[str, str]

    @classmethod
    def of(cls, layouts: Sequence[Sequence[str]]) -> "_Shown":
        found = [names_of(columns) for columns in layouts]
        asked = dict.fromkeys(name for names in found for name in names.asked)
        answers = free_names(dict.fromkeys(name for names in found for name in names.answered), asked, "answer")
        return cls(answers, free_names(_OWN, {*asked, *answers.values()}, "service"))

    @property
    def at(self) -> str:
        return self.own["at"]

    def named(self, table: pl.LazyFrame) -> pl.LazyFrame:
        names = names_of(table.collect_schema().names())
        own = zip(_OWN, (names.at, names.model, names.version), strict=True)
        return table.select(
            *(pl.col(stored).alias(name) for name, stored in names.asked.items()),
            *(pl.col(stored).alias(self.answers[name]) for name, stored in names.answered.items()),
            *(pl.col(stored).alias(self.own[name]) for name, stored in own if stored is not None),
        )
