"""The rows of a JSON file as columns of text, and what kinds of values each column held."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.parsing.json_flat import Alike, texts
from engine.data.parsing.json_values import Digits, Gap, encoded, holds_gap
from engine.data.parsing.rows import LINE, SPAN

KINDS: Final[Mapping[type, str]] = {
    str: "text", int: "whole", Digits: "fraction", bool: "boolean", dict: "object", list: "list", Gap: "gap",
}  # fmt: skip


@dataclass
class Seen:
    """What a column held.

    Args:
        column: Its internal name.
        kinds: How many values of each of `KINDS`; null is none.
        nested_gaps: Objects and lists with NaN or an infinity inside.
        zeros: Texts with a NUL character.
    """

    column: str
    kinds: Counter[str] = field(default_factory=Counter)
    nested_gaps: int = 0
    zeros: int = 0

    def texts(self, values: Sequence[Any]) -> pl.Series:
        """Return values of the column as text, and count them."""
        found = Counter(map(type, values))
        found.pop(type(None), None)
        for kind, count in found.items():
            self.kinds[KINDS[kind]] += count
        if dict in found or list in found:
            self.nested_gaps += sum(1 for value in values if isinstance(value, dict | list) and holds_gap(value))
        texts = values if found.keys() <= {str} else [_TEXTS[type(value)](value) for value in values]
        series = pl.Series(self.column, texts, dtype=pl.String)
        if str in found:
            self._count_zeros(series)
        return series

    def written(self, values: pl.Series) -> pl.Series:
        """Return values that are texts, numbers, true, false or null as JSON has them as text, and count them."""
        series, counts = texts(values)
        self.kinds.update(counts)
        if counts["text"]:
            self._count_zeros(series)
        return series.alias(self.column)

    def _count_zeros(self, series: pl.Series) -> None:
        self.zeros += int(series.str.contains("\0", literal=True).sum())


@dataclass(frozen=True)
class Part:
    """Some rows.

    Args:
        numbers: The numbers of the lines of `rows`.
        rows: Values by name.
        records: More rows, which are alike.
        first: The number of the line that has place 0 among those of `records`.
    """

    numbers: Sequence[int]
    rows: Sequence[Mapping[str, Any]]
    records: Sequence[Alike] = ()
    first: int = 1


@dataclass
class JsonColumns:
    """The rows so far.

    Args:
        scratch: A folder for them.
        spill: Whether they go there rather than stay in memory.
        seen: The columns by name, in the order in which they first stood in a row.
    """

    scratch: Path
    spill: bool
    seen: dict[str, Seen] = field(default_factory=dict)
    rows: int = 0
    _parts: list[pl.LazyFrame] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """Take in the rows of a part, in the order of their lines."""
        self._name(part)
        frames = [self._of_alike(one, part.first) for one in part.records]
        if part.rows:
            columns = [seen.texts([row.get(name) for row in part.rows]) for name, seen in self.seen.items()]
            frames.append(pl.DataFrame([*columns, pl.Series(LINE, part.numbers, dtype=pl.Int64)]))
        if frames:
            self._keep(frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal").sort(LINE))

    def _name(self, part: Part) -> None:
        """Make a column of each name that stands in a row for the first time, in the order of the lines."""
        firsts = [(part.first + one.places[0], one.record.names) for one in part.records]
        for number, row in zip(part.numbers, part.rows, strict=True):
            if not self.seen.keys() >= row.keys():
                firsts.append((number, tuple(row)))
        for _, names in sorted(firsts, key=lambda one: one[0]):
            for name in names:
                self.seen.setdefault(name, Seen(f"c{len(self.seen)}"))

    def _of_alike(self, records: Alike, first: int) -> pl.DataFrame:
        columns = [
            self.seen[name].written(records.values[str(place)]) for place, name in enumerate(records.record.names)
        ]
        return pl.DataFrame([*columns, (records.places.cast(pl.Int64) + first).alias(LINE)])

    def _keep(self, rows: pl.DataFrame) -> None:
        part = rows.with_columns(pl.lit(1, dtype=pl.Int32).alias(SPAN))
        self.rows += len(rows)
        if not self.spill:
            self._parts.append(part.lazy())
            return
        path = self.scratch / f"part-{len(self._parts)}.arrow"
        part.write_ipc(path, compression="lz4")
        self._parts.append(pl.scan_ipc(path))

    def table(self) -> pl.LazyFrame:
        """Return all rows as text, in columns `c0`, `c1`, ... with `LINE` and `SPAN`."""
        return pl.concat(self._parts, how="diagonal")


_TEXTS: Final[Mapping[type, Any]] = {
    type(None): lambda _: None,
    Gap: lambda _: None,
    str: lambda text: text,
    int: str,
    Digits: str,
    bool: lambda value: "true" if value else "false",
    dict: encoded,
    list: encoded,
}
