"""A drift report on a screen: one sentence, then the columns, then one column then and now."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.charts import draw_histogram
from app.choices import choice
from app.picking import draw_pickable
from app.previews import draw_table, moment, table_of
from app.sayings import say
from app.session import choose
from app.text import plain, t, word
from engine.workbench.current_rows import NO_ROWS, sample_text

Report = Mapping[str, Any]


def draw_report(report: Report) -> None:
    """Draw the verdict, the faults of the rows, the columns by effect, and a chart of one of them."""
    _draw_verdict(report)
    if report["quality"]:
        st.header(t("drift.quality"))
        rows = [
            (word("severity", fault["severity"]), fault["column"], say(fault.get("told"), fault["sentence"]))
            for fault in report["quality"]
        ]
        draw_table(table_of([t(f"drift.{key}") for key in ("severity", "column", "sentence")], rows), "quality")
    if report["columns"]:
        st.header(t("drift.columns"))
        _draw_columns(report["columns"])
        _draw_chart(report["columns"])


def window_of(report: Report) -> str:
    """Return which rows a report looked at, in the language of this session: a file, or from when to when."""
    chosen = report.get("selection")
    if chosen is None:
        window = str(report["window"])
        return t("drift.no_rows_yet") if window == NO_ROWS else window.replace(" to ", " – ")
    return ", ".join([_time_of(report, chosen), *_sampled(report, chosen)])


def _time_of(report: Report, chosen: Report) -> str:
    if chosen["source"] == "file":
        return str(report["window"]).removesuffix(sample_text(report["rows"], chosen["of_rows"]))
    if chosen["first"] is None:
        return t("drift.nothing_between") if any(chosen["window"].values()) else t("drift.no_rows_yet")
    return f"{moment(chosen['first'])} – {moment(chosen['last'])}"


def _sampled(report: Report, chosen: Report) -> list[str]:
    rows, total = report["rows"], chosen["of_rows"]
    return [t("drift.sampled", rows=f"{rows:,}", total=f"{total:,}")] if rows < total else []


def _draw_selection(chosen: Report | None) -> None:
    """Say with which model rows were compared, how far back they go, and which were left out."""
    if chosen is None:
        return
    told = [t("drift.model_compared", model=plain(chosen["model"]), version=plain(chosen["version"]))]
    if (chosen["days"] or 1) > 1:
        told.append(t("drift.days", days=chosen["days"]))
    if chosen["other_rows"]:
        told.append(t("drift.others", rows=f"{chosen['other_rows']:,}"))
    st.caption(t("say.join").join(told))


def _draw_verdict(report: Report) -> None:
    drifted = sum(column["drifted"] for column in report["columns"])
    told = {"rows": f"{report['rows']:,}", "window": plain(window_of(report))}
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
    slight = any(column["verdict"] in ("negligible", "later") for column in report["columns"])
    if diagnosis["stage"] != "none" or slight or report["quality"]:
        st.markdown(say(diagnosis.get("told"), diagnosis["sentence"], markdown=True))
    if diagnosis["stage"] != "none":
        st.caption(t("drift.stage", stage=word("stage", diagnosis["stage"])))
    _draw_selection(report.get("selection"))
    st.caption(t("drift.promise", share=f"{report['alpha']:.0%}"))


def _draw_columns(columns: Sequence[Report]) -> None:
    keys = ("column", "verdict", "effect", "sentence", "role", "test", "p")
    rows = [
        (
            column["name"], word("verdict", column["verdict"]), round(column["effect"], 3),
            say(column.get("told"), column["sentence"]), word("role", column["role"]), word("test", column["test"]),
            _rounded(column["p_adjusted"]),
        )
        for column in columns
    ]  # fmt: skip
    labels = [t(f"drift.{key}") for key in keys]
    config = {labels[2]: st.column_config.ProgressColumn(format="%.3f", min_value=0.0, max_value=1.0)}
    clicked = draw_pickable(
        table_of(labels, rows), [column["name"] for column in columns], "drift", column_config=config
    )
    if clicked and any(column["name"] == clicked and column["histogram"] for column in columns):
        choose("column", clicked)


def _draw_chart(columns: Sequence[Report]) -> None:
    charts = {column["name"]: column["histogram"] for column in columns if column["histogram"]}
    if charts:
        name = choice(t("drift.show"), list(charts), "column")
        draw_histogram(charts[name], name)


def _rounded(p: float | None) -> str | None:
    return None if p is None else f"{p:.2g}"
