"""A dataset beside another, or one version beside another: which columns differ, and in which values."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import work
from app.charts import draw_histogram
from app.choices import choice, page_link
from app.datasets import draw_difference
from app.previews import clipped, draw_table, table_of
from app.sayings import say
from app.session import about, read_only, workbench
from app.text import t, word

_WORK = "contrast"


def draw_compare(ref: str) -> None:
    """Draw what differs between another dataset or version and this one."""
    others = [other for other in _every() if other != ref]
    if not others:
        st.info(t("contrast.alone"), icon=":material/lightbulb:")
        page_link("data", t("explore.open_data"))
        return
    name = ref.partition("@")[0]
    others.sort(key=lambda other: other.partition("@")[0] != name)
    other = choice(t("contrast.other"), others, "against")
    st.header(t("data.differences"))
    draw_difference(workbench().datasets.difference(other, ref))
    st.header(t("contrast.values"))
    subject = f"{other} {ref}"
    key, busy = about("contrast.begin", subject), work.busy(_WORK, subject)
    pressed = st.button(t("contrast.begin"), type="primary", key=key, disabled=busy or read_only())
    if pressed:
        work.begin(_WORK, {"before": other, "after": ref}, subject)
        st.rerun()
    work.followed(_WORK, t("contrast.working"), _draw, subject=subject)


def _draw(report: Mapping[str, Any]) -> None:
    columns = sorted(report["columns"], key=lambda column: (not column["drifted"], -(column["effect"] or 0.0)))
    if not columns:
        st.caption(t("contrast.nothing_shared"))
        return
    drifted = sum(column["drifted"] for column in columns)
    counts = {"count": drifted, "columns": len(columns)}
    if drifted:
        st.warning(t("contrast.differ", **counts), icon=":material/difference:")
    else:
        st.success(t("contrast.alike", **counts), icon=":material/check_circle:")
    st.caption(t("contrast.promise", share=f"{report['alpha']:.0%}"))
    rows = [
        (
            clipped(column["name"]), word("verdict", column["verdict"]), column["effect"],
            clipped(say(column.get("told"), column["sentence"]), 300),
        )
        for column in columns
    ]  # fmt: skip
    labels = [t(f"contrast.{key}") for key in ("column", "verdict", "effect", "sentence")]
    config = {labels[2]: st.column_config.ProgressColumn(format="%.2f", min_value=0, max_value=1)}
    draw_table(table_of(labels, rows), "contrast", column_config=config)
    charts = {column["name"]: column["histogram"] for column in columns if column["histogram"]}
    if charts:
        name = choice(t("contrast.show"), list(charts), "contrasted", clipped)
        draw_histogram(charts[name], clipped(name))


def _every() -> list[str]:
    datasets = workbench().datasets
    return [
        f"{entry['name']}@{version['version']}"
        for entry in datasets.list()
        for version in (datasets.versions(entry["name"]) if entry["version"] > 1 else [entry])
    ]
