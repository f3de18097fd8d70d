"""Questions in SQL: what can be asked, the question, what came of it, and what was asked before."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app import work
from app.choices import page_link
from app.errors import shown
from app.files import draw_files
from app.pickers import pick
from app.previews import clipped, few_columns, few_rows, fitted, moment, rows_of, short
from app.session import choose, prefill, read_only, workbench
from app.text import plain, t, word

_WORK, _KEEP = "query", "keep"
_TIMEOUTS = (10, 30, 60, 300)
_SHOWN, _BEFORE = 1000, 20
_TABLES, _COLUMNS = 50, 60


def draw_sql(ref: str) -> None:
    """Draw the box for SQL over all datasets; it begins with a question about this one."""
    name = ref.partition("@")[0]
    asked, tables = st.columns([3, 1])
    with tables:
        _draw_tables()
    with asked:
        sql = _draw_box(name)
        work.followed(_WORK, t("sql.asking"), lambda result: _draw_answer(result, sql), subject="sql")
        _draw_before()


def _draw_box(name: str) -> str:
    suggestion = f"SELECT *\nFROM {quoted(name)}\nLIMIT 100"
    prefill("sql", st.query_params.get("sql") or suggestion)
    sql = str(st.text_area(t("sql.question"), key="sql", height=160, max_chars=100_000))
    left, middle = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        labels = {seconds: t("sql.seconds", seconds=seconds) for seconds in _TIMEOUTS}
        timeout = pick(t("sql.timeout"), labels, "sql.timeout", first=_TIMEOUTS[1])
    busy = work.busy(_WORK, "sql")
    pressed = middle.button(
        t("sql.ask"),
        type="primary",
        key="sql.ask",
        shortcut="Ctrl+Enter",
        disabled=busy or not sql.strip() or read_only(),
    )
    if pressed:
        work.begin(_WORK, {"sql": sql, "timeout": timeout}, "sql")
        st.rerun()
    return sql


def quoted(name: str) -> str:
    """Return a name as SQL takes any name."""
    return '"' + name.replace('"', '""') + '"'


def _draw_tables() -> None:
    datasets = workbench().datasets.list()
    st.markdown(f"**{t('sql.tables')}**")
    for entry in datasets[:_TABLES]:
        with st.expander(f"{plain(entry['name'])} :gray[{entry['rows']:,}]", key=f"sql.table.{entry['name']}"):
            columns = workbench().datasets.show(entry["name"])["columns"]
            st.code(quoted(entry["name"]), language=None)
            lines = [f"{quoted(clipped(column['name'], 60))}  {word('type', column['type'])}" for column in columns]
            st.code("\n".join(lines[:_COLUMNS]), language=None)
            if badges := few_columns(len(columns), _COLUMNS):
                st.markdown(" ".join(badges))
    if len(datasets) > _TABLES:
        st.caption(t("sql.more_tables", count=len(datasets) - _TABLES))


def _draw_answer(result: Mapping[str, Any], sql: str) -> None:
    job = result["job"]
    with shown(stop=False):
        page = workbench().jobs.rows(job, limit=_SHOWN)
        asked = workbench().jobs.show(job)
        counts = {"rows": f"{result['rows']:,}", "columns": len(result["columns"])}
        told = t("sql.answer", **counts, seconds=short(asked["seconds"]))
        badges = [*few_rows(len(page["rows"]), page["total_rows"]), *few_columns(len(page["columns"]))]
        st.markdown(" ".join([f":green[:material/check:] {told}", *badges]))
        if result["truncated"]:
            st.warning(t("sql.truncated", rows=f"{result['rows']:,}"), icon=":material/warning:")
        if asked["arguments"]["sql"].strip() != sql.strip():
            st.caption(t("sql.of_before"))
            st.code(clipped(asked["arguments"]["sql"], 2000), language="sql")
        st.dataframe(rows_of(fitted(page)), hide_index=True, placeholder="–", alt=t("sql.answer_alt"))
        cells = result["rows"] * len(result["columns"])
        with st.container(horizontal=True):
            draw_files(f"query_{job}", cells, lambda: workbench().jobs.table(job), {"job": job})
            _draw_keep(asked["arguments"]["sql"])
        work.followed(_KEEP, t("sql.keeping"), _draw_kept, subject="sql")


def _draw_keep(sql: str) -> None:
    with st.popover(t("sql.keep"), icon=":material/save:", type="tertiary"):
        name = st.text_input(t("data.name"), "answer", key="sql.keep.name", max_chars=64)
        busy = work.busy(_KEEP, "sql")
        pressed = st.button(
            t("sql.keep"), type="primary", key="sql.keep.go", disabled=busy or not name.strip() or read_only()
        )
        if pressed:
            work.begin(_KEEP, {"name": name, "sql": sql}, "sql")
            st.rerun()


def _draw_kept(kept: Mapping[str, Any]) -> None:
    told = t("sql.kept", name=plain(kept["name"]), version=kept["version"], rows=f"{kept['rows']:,}")
    st.success(told, icon=":material/check:")
    page_link("data", t("page.data"), dataset=kept["name"])


def _draw_before() -> None:
    """Draw what was asked before, to be asked again."""
    jobs = workbench().jobs
    before = [jobs.show(job["id"]) for job in jobs.list(_WORK, "sql", limit=_BEFORE)]
    with st.expander(t("sql.before", count=len(before)), icon=":material/history:", key="sql.before"):
        if not before:
            st.caption(t("sql.nothing_before"))
        for job in _different(before):
            line, button = st.columns([6, 1], vertical_alignment="center")
            with line:
                st.caption(f"{moment(job['created'])} · {word('status', job['status'])} · {short(job['seconds'])} s")
                st.code(clipped(job["arguments"]["sql"], 400), language="sql")
            button.button(
                t("sql.again"), key=f"sql.again.{job['id']}", on_click=choose, args=("sql", job["arguments"]["sql"]),
                type="tertiary", icon=":material/edit:",
            )  # fmt: skip


def _different(jobs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the newest job of each question."""
    seen: dict[str, Mapping[str, Any]] = {}
    for job in jobs:
        seen.setdefault(job["arguments"]["sql"].strip(), job)
    return list(seen.values())
