"""How a service does now: requests a second, how long they take, what fails; drawn anew every second."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.errors import shown
from app.previews import clock, draw_download, moment
from app.session import workbench
from app.text import t

Traffic = Mapping[str, Any]
MINUTES = 5.0
_THOUSAND = 1000
TIMES = {"p50": "#2b8a3e", "p95": "#f08c00", "p99": "#c92a2a"}


def draw_traffic(name: str) -> None:
    """Draw the figures of the last minutes, every second while the page is open."""
    watched = st.fragment(_draw, run_every=1.0)
    watched(name)


def _draw(name: str) -> None:
    with shown():
        traffic = workbench().monitor.traffic(name, minutes=MINUTES)
        series = traffic["series"]
        tiles = st.columns(6)
        rates = [round(piece["rate"], 3) for piece in series]
        tiles[0].metric(t("traffic.rate"), f"{traffic['rate']:.2f}", border=True, chart_data=rates, chart_type="area")
        for tile, key in zip(tiles[1:4], TIMES, strict=True):
            tile.metric(key, milliseconds(traffic[key]), border=True, chart_data=_filled(series, key))
        tiles[4].metric(
            t("traffic.refused"),
            f"{traffic['refused']:,}",
            border=True,
            height="stretch",
            help=t("traffic.about_refused"),
        )
        tiles[5].metric(
            t("traffic.failed"), f"{traffic['failed']:,}", border=True, height="stretch", help=t("traffic.about_failed")
        )
        if not traffic["requests"]:
            st.caption(t("traffic.quiet") if traffic["last"] is None else t("traffic.last", at=moment(traffic["last"])))
            return
        _draw_times(series)
        st.caption(t("traffic.about", requests=f"{traffic['requests']:,}", minutes=f"{MINUTES:g}"))
        draw_download(pl.DataFrame(list(series)), f"{name}_traffic")


def milliseconds(seconds: float | None) -> str:
    """Return a duration in milliseconds, to three digits; a dash for none."""
    if seconds is None:
        return "–"
    value = seconds * 1000
    return f"{value:.3g} ms" if value < _THOUSAND else f"{value:,.0f} ms"


def _filled(series: Sequence[Traffic], key: str) -> list[float]:
    """Return the times of a series in milliseconds for a small chart, where a gap counts as nothing."""
    return [round((piece[key] or 0.0) * 1000, 3) for piece in series]


def _draw_times(series: Sequence[Traffic]) -> None:
    rows = [
        {"at": clock(piece["at"]), "ms": piece[key] * 1000, "percentile": key}
        for piece in series
        for key in TIMES
        if piece[key] is not None
    ]
    scale = alt.Scale(domain=list(TIMES), range=list(TIMES.values()))
    chart = alt.Chart(pl.DataFrame(rows)).mark_line(point={"size": 18}).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(format="%H:%M:%S")),
        y=alt.Y("ms:Q", title=t("traffic.milliseconds"), scale=alt.Scale(zero=True)),
        color=alt.Color("percentile:N", title=None, scale=scale, legend=alt.Legend(orient="top")),
        tooltip=[alt.Tooltip("at:T", format="%H:%M:%S"), "percentile:N", alt.Tooltip("ms:Q", format=".3~g")],
    )  # fmt: skip
    st.altair_chart(chart.properties(height=220), width="stretch", alt=t("traffic.alt"))
