"""How answers look on a terminal: tables and lists of facts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

MARKS = {
    "done": "green", "succeeded": "green", "healthy": "green", "reused": "cyan", "running": "yellow",
    "waiting": "dim", "failed": "red", "cancelled": "red", "unhealthy": "red",
}  # fmt: skip


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str = "Nothing here yet.") -> RenderableType:
    """Return rows under headers, or the sentence `empty` where there are none."""
    drawn = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for header in headers:
        drawn.add_column(header, overflow="fold")
    for row in rows:
        drawn.add_row(*(shown(value) for value in row))
    return drawn if drawn.row_count else Text(empty, style="dim")


def facts(pairs: Mapping[str, Any]) -> RenderableType:
    """Return one line for each name and value; values that are None are left out."""
    drawn = Table(box=None, show_header=False, pad_edge=False)
    for name, value in pairs.items():
        if value is not None:
            drawn.add_row(Text(name, style="dim"), shown(value))
    return drawn


def stack(*parts: RenderableType) -> RenderableType:
    """Return the parts one below the other, a blank line between them."""
    spaced: list[RenderableType] = []
    for part in parts:
        spaced += [Text(""), part] if spaced else [part]
    return Group(*spaced)


def shown(value: Any) -> Text:
    """Return a value as text: numbers short, lists by commas, known words in their colour."""
    if value is None:
        return Text("-", style="dim")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, float):
        return Text(f"{value:.4g}" if abs(value) < 1e6 else f"{value:,.0f}")  # noqa: PLR2004 - readable digits
    if isinstance(value, Mapping):
        return Text(", ".join(f"{name} {shown(item).plain}" for name, item in value.items()))
    if isinstance(value, list | tuple):
        return Text(", ".join(shown(item).plain for item in value))
    return Text(str(value), style=MARKS.get(str(value), ""))


def columns(listed: Iterable[Mapping[str, Any]]) -> str:
    """Return `name type` of each column."""
    return ", ".join(f"{column['name']} {column['type']}" for column in listed)


def moment(seconds: float | str | None) -> str | None:
    """Return a point in time, given as seconds since 1970, in local time."""
    if not isinstance(seconds, int | float):
        return seconds
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def duration(seconds: float | None) -> str | None:
    """Return a length of time in seconds."""
    return None if seconds is None else f"{seconds:.2f} s"


def size(count: int) -> str:
    """Return bytes in the largest unit in which they are at least one."""
    units = ("B", "KiB", "MiB", "GiB", "TiB")
    step = min(len(units) - 1, max(0, (count.bit_length() - 1) // 10))
    return f"{count} B" if not step else f"{count / 1024**step:.1f} {units[step]}"
