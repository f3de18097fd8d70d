"""Figures of operators, which are data, drawn by Altair in the colours and the language of the screen."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.charts import draw_figure_of
from app.previews import draw_download, short
from app.session import language
from app.text import plain, word

Figure = Mapping[str, Any]
Layer = alt.Chart | alt.LayerChart
_FLAT = 8  # categories whose names have room side by side
GREY = "#868e96"
COLOURS = ("#1971c2", "#d9480f", "#2b8a3e", "#862e9c", "#e67700", "#0b7285")


def draw_figure(figure: Figure, name: str) -> None:
    """Draw a figure with its facts and its note, and offer its numbers as a file.

    Args:
        figure: The JSON of `operators.contract.values.figure.Figure`.
        name: Of what is shown among others on the page, and of the file.
    """
    st.markdown(f"**{plain(said(figure['title']))}**")
    facts = " · ".join(f"{_fact(key)} {plain(short(value))}" for key, value in (figure.get("facts") or {}).items())
    if facts:
        st.caption(facts)
    layers: list[Layer] = [_reference(line, figure) for line in figure.get("references") or ()]
    layers += [layer for series in reversed(figure["series"]) for layer in _series(series, figure)]
    if layers:
        chart = alt.layer(*layers).resolve_scale(color="independent").properties(height=360)
        draw_figure_of(chart, said(figure["title"]))
    if figure.get("note"):
        st.caption(plain(said(figure["note"])))
    table = numbers(figure)
    if table.height:
        draw_download(table, name)


def _fact(key: str) -> str:
    """Return the name of a figure of merit, and the label that it is about: `auc.yes`."""
    metric, _, label = key.partition(".")
    return f"{word('metric', metric)} {plain(label)}".strip()


def said(words: Mapping[str, str]) -> str:
    """Return a text of a figure in the language of this session; in English where it has no other."""
    return str(words.get(language()) or words.get("en") or "")


def numbers(figure: Figure) -> pl.DataFrame:
    """Return all points of a figure: `series`, `x`, `y` and `value`, as text where a side has categories."""
    tables = [_points(series, figure).select("series", "x", "y", "value") for series in figure["series"]]
    return pl.concat(tables, how="vertical_relaxed") if tables else pl.DataFrame()


def _points(series: Mapping[str, Any], figure: Figure) -> pl.DataFrame:
    count = len(series["x"])
    kinds = {side: pl.String if figure[side]["kind"] == "category" else pl.Float64 for side in ("x", "y")}
    return pl.DataFrame(
        {
            "series": [said(series["name"])] * count,
            **{
                side: pl.Series([_point(value, kinds[side]) for value in series[side]], dtype=kinds[side])
                for side in "xy"
            },
            "value": pl.Series(list(series.get("value") or [None] * count), dtype=pl.Float64),
            "order": list(range(count)),
        }
    )


def _point(value: Any, kind: Any) -> Any:
    return str(value) if kind == pl.String else float(value)


def _axis(side: str, figure: Figure) -> Any:
    axis = figure[side]
    made = alt.X if side == "x" else alt.Y
    if axis["kind"] == "category":
        categories = list(axis.get("categories") or [])
        angle = 0 if side == "x" and 0 < len(categories) <= _FLAT else alt.Undefined
        return made(f"{side}:N", title=said(axis["label"]), sort=categories or None, axis=alt.Axis(labelAngle=angle))
    domain = {name: axis.get(name) for name in ("low", "high")}
    scale = alt.Scale(domainMin=_or_undefined(domain["low"]), domainMax=_or_undefined(domain["high"]), zero=False)
    return made(f"{side}:Q", title=said(axis["label"]), scale=scale)


def _or_undefined(value: Any) -> Any:
    return alt.Undefined if value is None else value


def _series(series: Mapping[str, Any], figure: Figure) -> list[Layer]:
    table = _points(series, figure)
    labels = [said(one["name"]) for one in figure["series"]]
    colour = alt.Color(
        "series:N",
        title=None,
        scale=alt.Scale(domain=labels, range=[COLOURS[i % len(COLOURS)] for i in range(len(labels))]),
        legend=alt.Legend(orient="top") if len(labels) > 1 and series is figure["series"][0] else None,  # one for all
    )
    base = alt.Chart(table).encode(x=_axis("x", figure), y=_axis("y", figure), order="order:Q", tooltip=_tips(series))
    kind = series["kind"]
    if kind == "cells":
        return _cells(base, series)
    if kind == "points":
        size = alt.Size("value:Q", legend=None) if series.get("value") else alt.value(60)
        return [base.mark_point(filled=True).encode(color=colour, size=size)]
    if kind == "bars":
        return [base.mark_bar(opacity=0.85).encode(color=colour)]
    line = base.mark_line(interpolate="step-after") if kind == "step" else base.mark_line()
    return [line.encode(color=colour)]


def _cells(base: alt.Chart, series: Mapping[str, Any]) -> list[Layer]:
    """Return a table of cells, each with its number on it."""
    title = said(series.get("value_label") or {}) or None
    most = max((value for value in series.get("value") or () if value is not None), default=1.0) or 1.0
    shade = alt.Color("value:Q", title=title, scale=alt.Scale(scheme="blues", domain=[0, most]), legend=None)
    ink = alt.condition(f"datum.value > {most * 0.55}", alt.value("white"), alt.value("#212529"))
    return [
        base.mark_rect().encode(color=shade),
        base.mark_text(fontSize=14).encode(text=alt.Text("value:Q", format=",.4~g"), color=ink),
    ]


def _tips(series: Mapping[str, Any]) -> list[Any]:
    tips: list[Any] = ["series:N", "x", "y"]
    return [*tips, alt.Tooltip("value:Q", format=",.4~g")] if series.get("value") else tips


def _reference(line: Mapping[str, Any], figure: Figure) -> alt.Chart:
    table = pl.DataFrame({"x": list(line["x"]), "y": list(line["y"]), "name": [said(line["name"])] * 2})
    drawn: alt.Chart = alt.Chart(table).mark_line(strokeDash=[5, 4], color=GREY)
    return drawn.encode(x=_axis("x", figure), y=_axis("y", figure), tooltip=["name:N"])
