"""The text of a pipeline, where it comes from, and what is found in it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.charts import draw_graph
from app.choices import choice
from app.errors import shown
from app.previews import draw_table, table_of
from app.samples import templates
from app.session import workbench
from app.text import t
from engine import Pipeline

_RUN = "run "


def draw_text() -> str:
    """Draw where a pipeline comes from and its text, and return the text."""
    with shown():
        runs = workbench().runs.list()[:10]
    sources = [*templates(), *(f"{_RUN}{run['id']}" for run in runs)]
    source = choice(t("pipelines.start_from"), sources, "start", _source_label)
    upload = st.file_uploader(t("pipelines.file"), type=["yaml", "yml", "json"], key="pipelines.file")
    if upload is not None:
        begun, key = upload.getvalue().decode("utf-8", errors="replace"), upload.file_id
    else:
        begun, key = _begun(source), source
    return st.text_area(t("pipelines.text"), begun, height=360, key=f"pipelines.text.{key}", persist_state="session")


def draw_findings(text: str, findings: Mapping[str, Any]) -> None:
    """Draw every problem; where there is none, the graph and the columns at every port."""
    problems = findings["problems"]
    if problems:
        st.warning(t("pipelines.problems", count=len(problems)), icon=":material/warning:")
        keys = ("node", "field", "sentence", "hint")
        draw_table(table_of([t(f"pipelines.{k}") for k in keys], [[p[k] for k in keys] for p in problems]), "problems")
        return
    st.success(t("pipelines.fine"), icon=":material/check_circle:")
    draw_graph(Pipeline.from_text(text).document()["nodes"])
    with st.expander(t("pipelines.schemas")):
        rows = [
            (node, port, ", ".join(f"{column['name']} {column['type']}" for column in schema))
            for node, ports in findings["schemas"].items()
            for port, schema in ports.items()
            if schema
        ]
        draw_table(table_of([t("pipelines.node"), t("pipelines.port"), t("data.columns")], rows), "schemas")


def settings() -> dict[str, Any]:
    """Draw where and how a pipeline is run, and return what was chosen."""
    columns = st.columns(3)
    with shown():
        environments = [environment["name"] for environment in workbench().resources()["environments"]]
    return {
        "environment": columns[0].selectbox(t("pipelines.environment"), environments, key="pipelines.environment"),
        "engine": columns[1].selectbox(t("pipelines.engine"), ["polars", "duckdb", "spark"], key="pipelines.engine"),
        "seed": int(columns[2].number_input(t("pipelines.seed"), 0, key="pipelines.seed")),
    }


def _source_label(source: str) -> str:
    return t("pipelines.last_run", run=source.removeprefix(_RUN)) if source.startswith(_RUN) else source


def _begun(source: str) -> str:
    if not source.startswith(_RUN):
        return templates()[source]
    with shown():
        return workbench().runs.pipeline(source.removeprefix(_RUN)).to_yaml()
