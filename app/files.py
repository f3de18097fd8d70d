"""Tables to take away: small ones at once, large ones as a job that writes a file."""

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from app import work
from app.session import read_only, workbench
from app.text import plain, t
from engine.data.exporting import FORMATS, export

Table = Callable[[], pl.LazyFrame]

AT_ONCE = {"csv": 2_000_000, "parquet": 5_000_000, "xlsx": 200_000}
"""Cells up to which a file is made while the browser waits for it: about a second."""
BROWSER = 512 << 20
"""Bytes up to which a browser is handed a file; a larger one is told where it lies."""
_MIMES = {
    "csv": "text/csv", "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def draw_files(name: str, cells: int, table: Table, source: Mapping[str, Any]) -> None:
    """Offer a table as CSV, Parquet and XLSX.

    Args:
        name: What the file is called, and of its widgets.
        cells: How large the table is.
        table: Gives it, when a file is asked for.
        source: The same for the job that writes large files: `dataset`, with `rejects` or not, or `job`.
    """
    with st.popover(t("files.download"), icon=":material/download:", type="tertiary"):
        formulas = st.toggle(t("files.formulas"), help=t("files.formulas_help"), key=f"formulas.{name}")
        for kind in FORMATS:
            if cells <= AT_ONCE[kind]:
                _draw_button(name, kind, partial(_file_of, table, kind, formulas=formulas))
            elif st.button(
                t("files.prepare", kind=kind.upper()),
                key=f"prepare.{kind}.{name}",
                disabled=read_only(),
                width="stretch",
            ):
                work.begin("export", {**source, "format": kind, "formulas": formulas}, f"{name}.{kind}")
                st.rerun()
    for kind in FORMATS:
        if cells > AT_ONCE[kind]:
            done = partial(_draw_prepared, name)
            work.followed("export", t("files.writing", kind=kind.upper()), done, subject=f"{name}.{kind}")


def _draw_prepared(name: str, result: Mapping[str, Any]) -> None:
    path = workbench().jobs.folder(result["job"]) / result["file"]
    if not path.is_file():
        return
    if result["bytes"] > BROWSER:
        st.info(t("files.lies", path=plain(path)), icon=":material/folder:")
    else:
        _draw_button(name, result["format"], path.read_bytes)


def _draw_button(name: str, kind: str, data: Callable[[], bytes]) -> None:
    st.download_button(
        kind.upper(), data, file_name=f"{name}.{kind}", mime=_MIMES[kind], key=f"file.{kind}.{name}", on_click="ignore",
        icon=":material/download:", width="stretch",
    )  # fmt: skip


def _file_of(table: Table, kind: str, *, formulas: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{kind}"
        export(table(), path, kind, formulas=formulas)
        return path.read_bytes()
