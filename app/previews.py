"""Rows on a screen: a table, how many of how many, and a file to take away."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from app.downloads import csv_of
from app.preferences import zone
from app.text import t

Document = Mapping[str, Any]


LONGEST_NAME, LONGEST_CELL, WIDEST = 120, 1000, 500
"""Characters of a name and of a cell, and columns, that are shown at most."""


def clipped(text: str, length: int = LONGEST_NAME) -> str:
    """Return text that fits a line of a screen."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def badge(text: str, colour: str = "blue") -> str:
    """Return a badge in Markdown; its text is ours."""
    return f":{colour}-badge[{text}]"


def few_columns(total: int, shown: int = WIDEST) -> list[str]:
    """Return a badge that says how many columns are shown, where not all are."""
    return [badge(t("data.some_columns", shown=f"{shown:,}", total=f"{total:,}"))] if total > shown else []


def few_rows(rows: int, total: int) -> list[str]:
    """Return a badge that says how many rows are shown, where not all are."""
    return [badge(t("rows.some", rows=f"{rows:,}", total=f"{total:,}"))] if total > rows else []


def fitted(document: Document) -> Document:
    """Return a document of `columns` and `rows` with names and cells that fit a screen, and at most 500 columns."""
    names = [column["name"] if isinstance(column, Mapping) else str(column) for column in document["columns"]][:WIDEST]
    taken: dict[str, int] = {}
    short_names = []
    for name in names:
        label = clipped(name) or "·"
        taken[label] = taken.get(label, 0) + 1
        short_names.append(label if taken[label] == 1 else f"{label} ({taken[label]})")
    rows = [
        [clipped(value, LONGEST_CELL) if isinstance(value, str) else value for value in row[:WIDEST]]
        for row in document["rows"]
    ]
    return {**document, "columns": short_names, "rows": rows}


def rows_of(document: Document) -> pl.DataFrame:
    """Return a document of `columns` and `rows` as a table; a column of mixed values becomes text."""
    names = [column["name"] if isinstance(column, Mapping) else str(column) for column in document["columns"]]
    return table_of(names, document["rows"])


def table_of(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Return rows under names as a table; a column of mixed values becomes text."""
    return pl.DataFrame([_series(name, [row[i] for row in rows]) for i, name in enumerate(names)])


def draw_rows(document: Document, name: str) -> None:
    """Draw a document of `columns` and `rows`, say how many there are, and offer it as a file.

    Args:
        document: With `total_rows` or `truncated` where there are more rows than shown.
        name: Name of the file, and of what is shown among others on the page.
    """
    rows, total = len(document["rows"]), document.get("total_rows")
    if total is not None and total > rows:
        st.caption(t("rows.some", rows=f"{rows:,}", total=f"{total:,}"))
    elif document.get("truncated"):
        st.caption(t("rows.more", rows=f"{rows:,}"))
    draw_table(rows_of(document), name)


def draw_table(table: pl.DataFrame, name: str, **options: Any) -> None:
    """Draw a table and offer it as a file."""
    st.dataframe(table, hide_index=True, placeholder="–", key=f"table.{name}", **options)
    draw_download(table, name)


def draw_download(table: pl.DataFrame, name: str) -> None:
    """Offer a table as a CSV file, by a sign at its lower right corner."""
    with st.container(horizontal=True, horizontal_alignment="right", key=f"corner-{name}"):
        st.download_button(
            "CSV",
            lambda: csv_of(table),
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"download.{name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
            help=t("rows.download"),
        )


def draw_records(records: Iterable[Document], keys: Mapping[str, str], name: str) -> None:
    """Draw documents as a table with a column for each key under its label."""
    listed = list(records)
    draw_table(table_of(list(keys.values()), [[shown(entry.get(key)) for key in keys] for entry in listed]), name)


def shown(value: Any) -> Any:
    """Return a value as a cell: numbers and text as they are, the rest in words."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {short(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(short(item)) for item in value)
    return value


def short(value: Any) -> Any:
    """Return a number with four digits, other values as they are."""
    return f"{value:.4g}" if isinstance(value, float) else value


def moment(seconds: float | str | None) -> str | None:
    """Return a point in time, given as seconds since 1970, in the zone that is preferred."""
    if not isinstance(seconds, int | float):
        return seconds
    return dt.datetime.fromtimestamp(seconds).astimezone(zone()).strftime("%Y-%m-%d %H:%M:%S")


def clock(seconds: float) -> str:
    """Return a point in time for a chart: as clocks show it in the zone that is preferred, not in the browser's."""
    return dt.datetime.fromtimestamp(seconds).astimezone(zone()).replace(tzinfo=None).isoformat()


def _series(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool} or kinds <= {str} or kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.Float64 if float in kinds else None, strict=False)
    return pl.Series(name, [None if value is None else str(shown(value)) for value in values], dtype=pl.String)


def size_text(size: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004
            return f"{size:.3g} {unit}"
        size = size / 1000  # type: ignore[assignment]
    return f"{size:.3g} GB"
