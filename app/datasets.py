"""One dataset on a screen: rows, profile, rejected lines."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app.errors import shown
from app.previews import draw_rows, draw_table, moment, short, table_of
from app.session import workbench
from app.text import plain, t

ICONS = {"info": ":material/info:", "warning": ":material/warning:", "error": ":material/error:"}


def draw_datasets(datasets: list[dict[str, Any]]) -> None:
    """Draw the datasets as a table."""
    keys = ("dataset", "version", "rows", "columns", "rejected", "size", "source", "created")
    rows = [
        (
            entry["name"], entry["version"], entry["rows"], entry["column_count"], entry["rejected"], entry["size"],
            entry["source"], moment(entry["created"]),
        )
        for entry in datasets
    ]  # fmt: skip
    draw_table(table_of([t(f"data.{key}") for key in keys], rows), "datasets")


def draw_dataset(ref: str, view: str) -> None:
    """Draw one view of a dataset."""
    with shown():
        VIEWS[view](ref)


def _preview(ref: str) -> None:
    draw_rows(workbench().datasets.preview(ref, rows=200), ref)


def _profile(ref: str) -> None:
    profile = workbench().datasets.profile(ref)
    for warning in profile["warnings"]:
        st.markdown(f"{ICONS[warning['severity']]} {plain(warning['sentence'])}")
    keys = ("column", "type", "missing", "distinct", "min", "max", "mean", "std", "top")
    rows = [_profile_row(column) for column in profile["columns"]]
    draw_table(table_of([t(f"data.{key}") for key in keys], rows), f"{ref}_profile")


def _profile_row(column: Mapping[str, Any]) -> tuple[Any, ...]:
    ends = [None if column[key] is None else str(short(column[key])) for key in ("min", "max", "mean", "std")]
    top = ", ".join(f"{value} ({count})" for value, count in (column["top"] or [])[:3])
    return (column["name"], column["type"], column["missing"], column["distinct"], *ends, top)


def _rejects(ref: str) -> None:
    rejects = workbench().datasets.rejects(ref)
    if rejects["rows"]:
        draw_rows(rejects, f"{ref}_rejects")
    else:
        st.caption(t("data.no_rejects"))


def _query(ref: str) -> None:
    with st.form("query", border=False):
        sql = st.text_area(t("data.sql"), f'SELECT * FROM "{ref}" LIMIT 100', key=f"data.sql.{ref}")  # noqa: S608 - a suggestion for the box, which is locked
        asked = st.form_submit_button(t("data.ask"), type="primary")
    if asked:
        draw_rows(workbench().datasets.query(sql), "query")


VIEWS: dict[str, Callable[[str], None]] = {
    "preview": _preview, "profile": _profile, "rejects": _rejects, "query": _query,
}  # fmt: skip
