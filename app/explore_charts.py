"""Charts of a dataset: one that the reader makes, and those that are worth a look."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from app.choices import choice
from app.errors import shown
from app.explore_drawing import draw_chart
from app.previews import clipped
from app.session import choose, workbench
from app.text import t

KINDS = ("histogram", "bar", "box", "scatter", "line", "correlation", "missing")
AGGREGATES = ("count", "mean", "median", "sum", "min", "max")
_USED = {
    "histogram": ("x", "colour"), "bar": ("x", "y", "aggregate", "colour"), "box": ("x", "y", "colour"),
    "scatter": ("x", "y", "colour"), "line": ("x", "y", "aggregate", "colour"), "correlation": (), "missing": (),
}  # fmt: skip
_NONE = ""
_MOST = 2000


def draw_charts(ref: str) -> None:
    """Draw a chart to be made, and at most six that are suggested."""
    datasets = workbench().datasets
    columns = [column["name"] for column in datasets.show(ref)["columns"]][:_MOST]
    suggested = datasets.charts(ref)
    with st.expander(t("chart.own"), expanded=True, icon=":material/tune:"):
        spec = _draw_choices(columns, suggested)
        with shown(stop=False):
            draw_chart(datasets.chart(ref, spec), "chart")
    st.header(t("chart.suggested"))
    if not suggested:
        st.caption(t("chart.none"))
    for start in range(0, len(suggested), 2):
        for place, number in zip(st.columns(2), range(start, min(start + 2, len(suggested))), strict=False):
            with place.container(border=True, height="stretch"), shown(stop=False):
                load = partial(_load, suggested[number])
                draw_chart(datasets.chart(ref, suggested[number]), f"suggested_{number + 1}", load)


def _draw_choices(columns: Sequence[str], suggested: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Draw what the reader's own chart is made of, which stands in the link; the first suggestion to begin with."""
    first = suggested[0] if suggested else {"kind": "bar", "x": columns[0]}
    places = st.columns(5)
    with places[0]:
        kind = choice(t("chart.kind"), _first(KINDS, first["kind"]), "kind", lambda name: t(f"kind.{name}"))
    used, spec = _USED[kind], {"kind": kind}
    with places[1]:
        if "x" in used:
            spec["x"] = choice(t("chart.x"), _first(columns, first.get("x")), "x", clipped)
    with places[2]:
        if "y" in used:
            spec["y"] = choice(t("chart.y"), _first([_NONE, *columns], first.get("y") or _NONE), "y", _named)
    with places[3]:
        if "aggregate" in used:
            of = choice(
                t("chart.aggregate"), _first(AGGREGATES, first.get("aggregate")), "aggregate",
                lambda name: t(f"aggregate.{name}"),
            )  # fmt: skip
            spec["aggregate"] = of
    with places[4]:
        if "colour" in used:
            spec["colour"] = choice(
                t("chart.colour"), _first([_NONE, *columns], first.get("colour") or _NONE), "colour", _named
            )
    return {name: value for name, value in spec.items() if value != _NONE}


def _load(spec: Mapping[str, Any]) -> None:
    """Make a suggested chart the reader's own."""
    for name in ("kind", "x", "y", "aggregate", "colour"):
        choose(name, str(spec.get(name) or ("count" if name == "aggregate" else _NONE)))


def _first(options: Sequence[str], first: str | None) -> list[str]:
    """Return options with one of them in front, which is then the default."""
    return [*(name for name in options if name == first), *(name for name in options if name != first)]


def _named(name: str) -> str:
    return clipped(name) if name else t("chart.no_column")
