"""A drift report on a screen: one sentence, then the columns, then one column then and now."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.charts import draw_histogram
from app.choices import choice
from app.previews import draw_table, moment, table_of
from app.text import plain, t, word

Report = Mapping[str, Any]


def draw_report(report: Report) -> None:
    """Draw the verdict, the faults of the rows, the columns by effect, and a chart of one of them."""
    _draw_verdict(report)
    if report["quality"]:
        st.subheader(t("drift.quality"))
        rows = [(word("severity", f["severity"]), f["column"], f["sentence"]) for f in report["quality"]]
        draw_table(table_of([t(f"drift.{key}") for key in ("severity", "column", "sentence")], rows), "quality")
    if report["columns"]:
        st.subheader(t("drift.columns"))
        _draw_columns(report["columns"])
        _draw_chart(report["columns"])


def draw_history(reports: Sequence[Report]) -> None:
    """Draw what was found until now, newest first."""
    keys = ("at", "window", "rows", "count", "action")
    rows = [
        (
            moment(report["at"]), report["window"], report["rows"],
            sum(column["drifted"] for column in report["columns"]), word("action", report["action"]),
        )
        for report in reports
    ]  # fmt: skip
    draw_table(table_of([t(f"drift.{key}") for key in keys], rows), "reports")


def _draw_verdict(report: Report) -> None:
    drifted = sum(column["drifted"] for column in report["columns"])
    told = {"rows": f"{report['rows']:,}", "window": plain(report["window"])}
    if report["drifted"]:
        st.error(
            t("drift.drifted", count=drifted, columns=len(report["columns"]), **told), icon=":material/trending_up:"
        )
    elif report["action"] != "none":
        st.warning(t("drift.attention", **told), icon=":material/warning:")
    elif any(finding["kind"] == "too_few_rows" for finding in report["quality"]):
        st.info(t("drift.too_few", **told), icon=":material/hourglass:")
    else:
        st.success(t("drift.calm", **told), icon=":material/check_circle:")
    diagnosis = report["diagnosis"]
    slight = any(column["verdict"] == "negligible" for column in report["columns"])
    if diagnosis["stage"] != "none" or slight or report["quality"]:
        st.markdown(plain(diagnosis["sentence"]))
    if diagnosis["stage"] != "none":
        st.caption(t("drift.stage", stage=word("stage", diagnosis["stage"])))
    st.caption(t("drift.promise", share=f"{report['alpha']:.0%}"))


def _draw_columns(columns: Sequence[Report]) -> None:
    keys = ("column", "role", "verdict", "effect", "test", "p", "sentence")
    rows = [
        (
            column["name"], word("role", column["role"]), word("verdict", column["verdict"]),
            round(column["effect"], 3), column["test"], _rounded(column["p_adjusted"]), column["sentence"],
        )
        for column in columns
    ]  # fmt: skip
    draw_table(table_of([t(f"drift.{key}") for key in keys], rows), "drift")


def _draw_chart(columns: Sequence[Report]) -> None:
    charts = {column["name"]: column["histogram"] for column in columns if column["histogram"]}
    if charts:
        name = choice(t("drift.show"), list(charts), "column")
        draw_histogram(charts[name], name)


def _rounded(p: float | None) -> str | None:
    return None if p is None else f"{p:.2g}"
