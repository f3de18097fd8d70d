"""One dataset on a screen: its rows, columns, versions, rejected lines, and who uses it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.choices import choice, page_link
from app.deleting import Subject, draw_delete
from app.errors import shown
from app.files import draw_files
from app.findings import draw_findings
from app.picking import draw_pickable
from app.preferences import preferred
from app.previews import clipped, draw_table, few_columns, few_rows, fitted, moment, rows_of, size_text, table_of
from app.session import choose, workbench
from app.text import plain, t, word

Dataset = Mapping[str, Any]


def draw_datasets(datasets: Sequence[Dataset]) -> None:
    """Draw the datasets as a table; a click on a row chooses that dataset."""
    keys = ("dataset", "version", "rows", "columns", "rejected", "size", "source", "created")
    rows = [
        (
            entry["name"], entry["version"], entry["rows"], entry["column_count"], entry["rejected"],
            size_text(entry["size"]), clipped(entry["source"]), moment(entry["created"]),
        )
        for entry in datasets
    ]  # fmt: skip
    table = table_of([t(f"data.{key}") for key in keys], rows)
    counts = {t(f"data.{key}"): st.column_config.NumberColumn(format="localized") for key in ("rows", "rejected")}
    picked = draw_pickable(table, [entry["name"] for entry in datasets], "datasets", column_config=counts)
    if picked is not None:
        choose("dataset", picked)


def choose_dataset(datasets: Sequence[Dataset]) -> str:
    """Draw the choice of a dataset and of one of its versions, and return `name@version`."""
    left, right = st.columns(2)
    with left:
        name = choice(t("data.dataset"), [entry["name"] for entry in datasets], "dataset", of="")
    with right:
        return _version(name)


def draw_dataset(ref: str, view: str) -> None:
    """Draw the head and one view of a version of a dataset."""
    with shown():
        dataset = workbench().datasets.show(ref)
        _draw_head(dataset)
        VIEWS[view](dataset)


def _version(name: str) -> str:
    versions = {f"{name}@{entry['version']}": entry for entry in workbench().datasets.versions(name)}
    told = {
        ref: t("data.version_label", version=v["version"], rows=f"{v['rows']:,}", at=moment(v["created"]))
        for ref, v in versions.items()
    }
    return choice(t("data.version"), list(versions), "version", told.__getitem__, of=name)


def _draw_head(dataset: Dataset) -> None:
    ref = f"{dataset['name']}@{dataset['version']}"
    told = t(
        "data.head",
        rows=f"{dataset['rows']:,}",
        columns=f"{len(dataset['columns']):,}",
        size=size_text(dataset["size"]),
        version=dataset["version"],
        at=moment(dataset["created"]),
        actor=plain(dataset["actor"]),
        source=plain(clipped(dataset["source"])),
    )
    st.markdown(f"**{plain(dataset['name'])}** · {told}")
    if dataset["rejected"]:
        st.warning(
            t("data.rejected_some", count=f"{dataset['rejected']:,}", loaded=f"{dataset['rows']:,}"),
            icon=":material/warning:",
        )
    line = st.container(horizontal=True, vertical_alignment="center")
    with line:
        page_link("explore", t("data.explore"), dataset=dataset["name"], version=ref)
        cells = dataset["rows"] * len(dataset["columns"])
        draw_files(ref.replace("@", "_v"), cells, lambda: workbench().datasets.table(ref), {"dataset": ref})
    _draw_delete(dataset, line)


def _draw_delete(dataset: Dataset, line: DeltaGenerator) -> None:
    """Draw the buttons that delete the version that is shown, and all versions that are listed."""
    name, versions = dataset["name"], [str(entry["version"]) for entry in dataset["versions"]]
    one = Subject("dataset", name, (str(dataset["version"]),), pickers=("version",))
    draw_delete(one, t("deleting.version"), line)
    if len(versions) > 1:
        every = Subject("dataset", name, tuple(versions), pickers=("dataset", "version"), whole=True)
        draw_delete(every, t("deleting.all", count=len(versions)), line)


def _preview(dataset: Dataset) -> None:
    page = workbench().datasets.preview(f"{dataset['name']}@{dataset['version']}", rows=preferred("preview_rows"))
    badges = [*few_rows(len(page["rows"]), page["total_rows"]), *few_columns(len(page["columns"]))]
    if badges:
        st.markdown(" ".join(badges))
    if not page["rows"]:
        st.info(t("data.no_rows"), icon=":material/lightbulb:")
    st.dataframe(rows_of(fitted(page)), hide_index=True, placeholder="–", key="data.rows", alt=t("view.preview"))


def _columns(dataset: Dataset) -> None:
    rows = [(clipped(column["name"]), word("type", column["type"])) for column in dataset["columns"][:5000]]
    draw_table(table_of([t("data.column"), t("data.type")], rows), "columns")
    if dataset["warnings"]:
        st.header(t("data.noticed"))
        draw_findings(dataset["warnings"], "dataset", dataset["name"])


def _versions(dataset: Dataset) -> None:
    keys = ("version", "created", "actor", "rows", "columns", "rejected", "size", "source", "content_hash")
    name, versions = dataset["name"], dataset["versions"]
    rows = [
        (
            entry["version"], moment(entry["created"]), entry["actor"], entry["rows"], entry["column_count"],
            entry["rejected"], size_text(entry["size"]), entry["source"], entry["content_hash"][:12],
        )
        for entry in versions
    ]  # fmt: skip
    draw_table(table_of([t(f"data.{key}") for key in keys], rows), "versions")
    others = [f"{name}@{entry['version']}" for entry in versions if entry["version"] != dataset["version"]]
    if not others:
        st.caption(t("data.one_version"))
        return
    st.header(t("data.differences"))
    other = choice(t("data.against"), others, "against")
    draw_difference(workbench().datasets.difference(other, f"{name}@{dataset['version']}"))
    page_link("explore", t("data.compare_values"), dataset=name, explore_view="compare", against=other)


def draw_difference(difference: Mapping[str, Any]) -> None:
    """Draw how the columns of two datasets differ, or that they do not."""
    rows = [
        *((clipped(c["name"]), t("data.is_new"), None, word("type", c["type"])) for c in difference["added"]),
        *((clipped(c["name"]), t("data.is_gone"), word("type", c["type"]), None) for c in difference["removed"]),
        *(
            (clipped(c["name"]), t("data.is_changed"), word("type", c["before"]), word("type", c["after"]))
            for c in difference["changed"]
        ),
    ]
    if rows:
        labels = [t("data.column"), t("data.what"), t("data.before"), t("data.after")]
        draw_table(table_of(labels, rows), "difference")
    else:
        st.caption(t("data.moved") if difference["moved"] else t("data.same_columns"))


def _rejects(dataset: Dataset) -> None:
    ref = f"{dataset['name']}@{dataset['version']}"
    rejects = workbench().datasets.rejects(ref)
    if not rejects["rows"]:
        st.caption(t("data.no_rejects"))
        return
    if badges := few_rows(len(rejects["rows"]), rejects["total_rows"]):
        st.markdown(" ".join(badges))
    labels = [t(f"data.reject_{name}") for name in rejects["columns"]]
    table = rows_of({**fitted(rejects), "columns": labels})
    st.dataframe(table, hide_index=True, placeholder="–", key="data.rejects", alt=t("view.rejects"))
    cells = rejects["total_rows"] * len(rejects["columns"])
    source = {"dataset": ref, "rejects": True}
    draw_files(f"{ref.replace('@', '_v')}_rejected", cells, lambda: _rejects_table(ref), source)


def _rejects_table(ref: str) -> pl.LazyFrame:
    return workbench().datasets.rejects_table(ref)


def _usage(dataset: Dataset) -> None:
    used = workbench().datasets.usage(dataset["name"])
    if not used:
        st.info(t("data.unused"), icon=":material/lightbulb:")
        page_link("pipelines", t("page.pipelines"))
        return
    keys = ("pipeline", "run", "version", "status", "created", "models")
    rows = [
        (
            clipped(entry["pipeline"]), entry["run"], entry["version"], word("status", entry["status"]),
            moment(entry["created"]), ", ".join(entry["models"]),
        )
        for entry in used
    ]  # fmt: skip
    draw_table(table_of([t(f"used.{key}") for key in keys], rows), "usage")
    page_link("runs", t("page.runs"), run=used[0]["run"])


VIEWS: dict[str, Callable[[Dataset], None]] = {
    "preview": _preview, "columns": _columns, "versions": _versions, "rejects": _rejects, "usage": _usage,
}  # fmt: skip
