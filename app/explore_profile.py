"""The profile of a dataset: what is striking, every column in one table, one column closely, and what goes together."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from app.choices import choice
from app.errors import shown
from app.explore_drawing import draw_chart
from app.explore_report import report_of
from app.findings import draw_findings
from app.picking import draw_pickable
from app.previews import clipped, draw_table, few_columns, short, table_of
from app.session import choose, workbench
from app.text import t, word
from engine.data.charts.suggest import names_rows

Profile = Mapping[str, Any]
Column = Mapping[str, Any]

_MOST = 1000
_WIDTH = 20


def draw_profile(ref: str) -> None:
    """Draw the profile of a dataset and offer it as a document."""
    profile = workbench().datasets.profile(ref)
    _draw_head(ref, profile)
    if not profile["columns"]:
        return
    if profile["warnings"]:
        draw_findings(profile["warnings"], "profile", ref.partition("@")[0])
    else:
        st.caption(t("explore.calm"))
    st.header(t("explore.columns"))
    names = [column["name"] for column in profile["columns"][:_MOST]]
    if badges := few_columns(len(profile["columns"]), _MOST):
        st.markdown(" ".join(badges))
    picked = draw_pickable(table_of_columns(profile), names, "profile", column_config=_config(), alt=t("view.profile"))
    if picked is not None:
        choose("column", picked)
    name = choice(t("explore.column"), names, "column", clipped)
    _draw_column(ref, next(column for column in profile["columns"] if column["name"] == name), profile["rows"])
    _draw_pairs(profile)


def _draw_head(ref: str, profile: Profile) -> None:
    counts = {"rows": f"{profile['rows']:,}", "columns": f"{len(profile['columns']):,}"}
    counts |= {"duplicates": f"{profile['duplicate_rows']:,}"}
    line, buttons = st.columns([3, 2], vertical_alignment="center")
    line.markdown(t("explore.head", **counts))
    with buttons.container(horizontal=True, horizontal_alignment="right"):
        name = f"{ref.replace('@', '_v')}_profile"
        for kind, data, mime in (
            ("json", lambda: json.dumps(profile, ensure_ascii=False, indent=1), "application/json"),
            ("html", lambda: report_of(ref, profile), "text/html"),
        ):
            st.download_button(
                t(f"explore.as_{kind}"), data, file_name=f"{name}.{kind}", mime=mime, key=f"profile.{kind}",
                on_click="ignore", type="tertiary", icon=":material/download:",
            )  # fmt: skip


def table_of_columns(profile: Profile) -> pl.DataFrame:
    """Return a row for each column: type, gaps, different values, ends, mean, and a small histogram."""
    rows = profile["rows"]
    listed = [_row(column, rows) for column in profile["columns"][:_MOST]]
    keys = ("column", "type", "missing", "distinct", "min", "mean", "max", "top")
    table = table_of([t(f"explore.{key}") for key in keys], listed)
    bars = [_bars(column) for column in profile["columns"][:_MOST]]
    return table.with_columns(pl.Series(t("explore.histogram"), bars, dtype=pl.List(pl.Float64)))


def _config() -> dict[str, Any]:
    return {
        t("explore.missing"): st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
        t("explore.histogram"): st.column_config.BarChartColumn(width="medium", color="blue", y_min=0, y_max=1),
        t("explore.distinct"): st.column_config.NumberColumn(format="localized"),
    }


def _row(column: Column, rows: int) -> tuple[Any, ...]:
    ends = [None if column[key] is None else clipped(str(short(column[key])), 40) for key in ("min", "mean", "max")]
    top = ", ".join(clipped(str(short(value)), 24) for value, _ in (column["top"] or [])[:3])
    missing = column["missing"] / rows if rows else 0.0
    return (clipped(column["name"]), word("type", column["type"]), missing, column["distinct"], *ends, top)


def _bars(column: Column) -> list[float] | None:
    """Return the heights of a small chart, in [0, 1]: the histogram, or how often the most frequent values are."""
    counts = column["histogram"]["counts"] if column["histogram"] else [count for _, count in column["top"]]
    return [count / max(counts) for count in counts] if counts else None


def _draw_column(ref: str, column: Column, rows: int) -> None:
    drawn, told = st.columns([3, 2])
    ordered = column["histogram"] is not None
    with drawn, shown(stop=False):
        if names_rows(column, rows):
            st.caption(t("explore.names_rows"))
        elif column["distinct"]:
            spec = {"kind": "histogram" if ordered else "bar", "x": column["name"]}
            draw_chart(workbench().datasets.chart(ref, spec), "column")
        else:
            st.caption(t("explore.no_value"))
        if column["top"] and not names_rows(column, rows):
            top = [(clipped(str(value), 80), count) for value, count in column["top"]]
            draw_table(table_of([t("explore.top"), t("explore.rows")], top), "top", height=_height(top))
    with told:
        facts = _facts(column, rows)
        draw_table(table_of([t("explore.figure"), t("explore.value")], facts), "facts", height=_height(facts))


def _facts(column: Column, rows: int) -> list[tuple[str, str]]:
    told = {key: column.get(key) for key in ("min", "max", "mean", "std", "skewness", "outliers")}
    quantiles = {f"{float(share):.0%}": value for share, value in (column["quantiles"] or {}).items()}
    present = rows - column["missing"]
    facts = [(t("explore.present"), f"{present:,}"), (t("explore.distinct"), f"{column['distinct']:,}")]
    facts += [(t(f"explore.{key}"), clipped(str(short(v)), 60)) for key, v in told.items() if v is not None]
    return facts + [(t("explore.quantile", share=share), str(short(value))) for share, value in quantiles.items()]


def _draw_pairs(profile: Profile) -> None:
    found = profile.get("associations") or {"pairs": [], "rows": 0}
    st.header(t("explore.together"))
    if not found["pairs"]:
        st.caption(t("explore.nothing_together"))
        return
    st.caption(t("explore.together_of", rows=f"{found['rows']:,}", columns=found["columns"]))
    rows = [
        (clipped(pair["a"]), clipped(pair["b"]), pair["value"], _direction(pair), t(f"measure.{pair['measure']}"))
        for pair in found["pairs"]
    ]
    labels = [t(f"explore.{key}") for key in ("one", "other", "strength", "direction", "measure")]
    config = {labels[2]: st.column_config.ProgressColumn(format="%.2f", min_value=0, max_value=1)}
    draw_table(table_of(labels, rows), "together", column_config=config)


def _direction(pair: Mapping[str, Any]) -> str | None:
    if pair["measure"] != "spearman":
        return None
    return t("explore.rises") if pair["signed"] > 0 else t("explore.falls")


def _height(rows: Sequence[Any]) -> int:
    """Return the height of a table that shows all of a few rows, in pixels."""
    return min(35 * (len(rows) + 1) + 3, 600)
