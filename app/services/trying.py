"""Asking a service: about one row in a form, some rows in a table, or the rows of a file."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from app import work
from app.errors import shown
from app.files import draw_files
from app.forms import row_form
from app.pickers import pick
from app.previews import draw_rows
from app.services.answers import draw_answer
from app.session import about, read_only, workbench
from app.text import plain, t
from app.uploads import TABLES, kept

Service = Mapping[str, Any]
Fields = Sequence[Mapping[str, Any]]
_ASK = "ask"
_KINDS: Mapping[str, Any] = {
    "int": pl.Int64, "uint": pl.Int64, "float": pl.Float64, "decimal": pl.Float64, "boolean": pl.Boolean,
}  # fmt: skip
_BEGIN_WITH = 3  # rows of the table to begin with


def fields_of(service: Service) -> Fields:
    """Return what a service asks for: the inputs of its version's signature."""
    versions = workbench().models.show(service["model"])
    version = next((one for one in versions if one["version"] == str(service["version"])), versions[0])
    inputs: Fields = version["signature"].get("inputs", [])
    return inputs


def draw_try(service: Service) -> None:
    """Draw the three ways to ask, one at a time."""
    fields = fields_of(service)
    if not fields:
        st.caption(t("services.no_signature"))
        return
    ways = ("form", "table", "file")
    labels = {name: t(f"services.by_{name}") for name in ways}
    way = pick(t("services.how"), labels, "services.way", kind="radio", horizontal=True, label_visibility="collapsed")
    optional = [plain(field["name"]) for field in fields if field.get("optional")]
    if optional:
        st.caption(t("services.optional", columns=", ".join(optional)))
    {"form": _draw_form, "table": _draw_some, "file": _draw_file}[str(way)](service, fields)


def _draw_form(service: Service, fields: Fields) -> None:
    with st.form(about("try", service["name"]), border=True):
        row = row_form(fields, service["name"])
        asked = st.form_submit_button(t("services.ask"), type="primary", icon=":material/send:")
    if asked:
        with shown(stop=False), st.spinner(t("services.asking")):
            draw_answer(workbench().services.predict(service["name"], [row]), [row])


def _draw_some(service: Service, fields: Fields) -> None:
    st.caption(t("services.about_table"))
    rows = pl.DataFrame([_column(field) for field in fields])
    edited = st.data_editor(rows, num_rows="dynamic", key=f"services.rows.{service['name']}", hide_index=True)
    key = about("services.ask_rows", service["name"])
    if st.button(t("services.ask_rows"), type="primary", key=key, icon=":material/send:"):
        asked = pl.DataFrame(edited).to_dicts()
        with shown(stop=False), st.spinner(t("services.asking")):
            draw_answer(workbench().services.predict(service["name"], asked), asked)


def _column(field: Mapping[str, Any]) -> pl.Series:
    """Return typical values of a field, as the rows to begin with."""
    known = [*(field["top"] or field["examples"])][:_BEGIN_WITH] or [None]
    values = [known[i % len(known)] for i in range(_BEGIN_WITH)]
    kind = _KINDS.get(field["type"].rstrip("0123456789"))
    texts = values if kind is not None else [None if value is None else str(value) for value in values]
    return pl.Series(field["name"], texts, dtype=kind or pl.String, strict=False)


def _draw_file(service: Service, _fields: Fields) -> None:
    name = service["name"]
    st.caption(t("services.about_file"))
    file = about("services.file", name)
    upload = st.file_uploader(t("choice.file"), type=list(TABLES), key=file, disabled=read_only())
    busy = upload is None or work.busy(_ASK, name) or read_only()
    if st.button(
        t("services.ask_file"),
        type="primary",
        key=about("services.ask_file", name),
        icon=":material/send:",
        disabled=busy,
    ):
        assert upload is not None  # noqa: S101 # else the button cannot be pressed
        work.begin(_ASK, {"service": name, "file": str(kept(upload))}, name)
        st.rerun()
    work.followed(_ASK, t("services.asking_file"), partial(_draw_rows, name), subject=name)


def _draw_rows(name: str, result: Mapping[str, Any]) -> None:
    jobs, job = workbench().jobs, result["job"]
    st.success(t("services.file_answered", rows=f"{result['rows']:,}", name=plain(name)), icon=":material/check:")
    draw_files(f"{name}_answers", result["rows"] * result["columns"], partial(jobs.table, job), {"job": job})
    with shown(stop=False):
        draw_rows(jobs.rows(job), f"{name}_answers")
