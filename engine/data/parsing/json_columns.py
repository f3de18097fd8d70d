"""The rows of a JSON file as columns of text, and what kinds of values each column held."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

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
            self.zeros += int(series.str.contains("\0", literal=True).sum())
        return series


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

    def add(self, numbers: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
        """Take in rows, and the numbers of their lines."""
        if not rows:
            return
        for row in rows:
            if not self.seen.keys() >= row.keys():
                for name in row:
                    self.seen.setdefault(name, Seen(f"c{len(self.seen)}"))
        columns = [seen.texts([row.get(name) for row in rows]) for name, seen in self.seen.items()]
        lines = pl.Series(LINE, numbers, dtype=pl.Int64)
        part = pl.DataFrame([*columns, lines]).with_columns(pl.lit(1, dtype=pl.Int32).alias(SPAN))
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
