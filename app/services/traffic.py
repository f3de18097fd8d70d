"""How a service does now: requests a second, how long they take, what fails; drawn anew every second.

Each figure says over which time it is: a mean of minutes tells nothing of the moment.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.charts import draw_figure_of
from app.errors import shown
from app.live import watched
from app.previews import clock, draw_download, moment
from app.session import workbench
from app.text import t

Traffic = Mapping[str, Any]
MINUTES = 5.0
_THOUSAND = 1000
_DRAWN = {"at": pl.String, "ms": pl.Float64, "percentile": pl.String}
TIMES = {"p50": "#2b8a3e", "p95": "#f08c00", "p99": "#c92a2a"}


def draw_traffic(name: str) -> None:
    """Draw the figures of the last minutes, every second while the page is open."""
    watched(_draw, 1.0, name)


def _draw(name: str) -> None:
    with shown():
        traffic = workbench().monitor.traffic(name, minutes=MINUTES)
        st.caption(said(traffic))  # first, so that no tile ever stands beside the sentence of another moment
        _draw_tiles(traffic)
        if traffic["requests"]:
            _draw_times(traffic["series"])
            draw_download(pl.DataFrame(list(traffic["series"])), f"{name}_traffic")


def said(traffic: Traffic) -> str:
    """Return in a sentence how much was asked over the time that is drawn, or when something was asked last."""
    if traffic["requests"]:
        return t("traffic.about", requests=f"{traffic['requests']:,}", minutes=f"{MINUTES:g}")
    if traffic["last"] is None:
        return t("traffic.quiet")
    return t("traffic.last", minutes=f"{MINUTES:g}", at=moment(traffic["last"]))


def _draw_tiles(traffic: Traffic) -> None:
    """Draw the figures, each with the time that it is over: those of the moment, and what was counted for longer."""
    series, now = traffic["series"], traffic["now"]
    tiles = [*st.columns(3), *st.columns(3)]
    lately = t("traffic.seconds", count=now["seconds"])
    rates = [round(piece["rate"], 3) for piece in series[:-1]]  # of the last piece, not all has been written
    tiles[0].metric(
        f"{t('traffic.rate')} · {lately}", f"{now['rate']:.2f}", border=True, chart_data=rates, chart_type="area",
        help=t("traffic.about_now", seconds=now["seconds"], minutes=f"{MINUTES:g}"),
    )  # fmt: skip
    for tile, key in zip(tiles[3:], TIMES, strict=True):
        tile.metric(
            f"{key} · {lately}", milliseconds(now[key]), border=True, chart_data=_known(series, key),
            help=t("traffic.about_times", part=key[1:], seconds=now["seconds"], minutes=f"{MINUTES:g}"),
        )  # fmt: skip
    for tile, key in zip(tiles[1:3], ("refused", "failed"), strict=True):
        label = f"{t(f'traffic.{key}')} · {t('traffic.minutes', count=f'{MINUTES:g}')}"
        tile.metric(label, f"{traffic[key]:,}", border=True, height="stretch", help=t(f"traffic.about_{key}"))


def milliseconds(seconds: float | None) -> str:
    """Return a duration in milliseconds, to three digits; a dash for none."""
    if seconds is None:
        return "–"
    value = seconds * 1000
    return f"{value:.3g} ms" if value < _THOUSAND else f"{value:,.0f} ms"


def _known(series: Sequence[Traffic], key: str) -> list[float]:
    """Return the times of a series in milliseconds for a small chart; where nothing was asked there is none."""
    return [round(piece[key] * 1000, 3) for piece in series if piece[key] is not None]


def _draw_times(series: Sequence[Traffic]) -> None:
    rows = [  # a piece without requests breaks the line
        {"at": clock(piece["at"]), "ms": None if piece[key] is None else piece[key] * 1000, "percentile": key}
        for piece in series
        for key in TIMES
    ]
    scale = alt.Scale(domain=list(TIMES), range=list(TIMES.values()))
    chart = alt.Chart(pl.DataFrame(rows, schema=_DRAWN)).mark_line(point={"size": 18}).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(format="%H:%M:%S")),
        y=alt.Y("ms:Q", title=t("traffic.milliseconds"), scale=alt.Scale(zero=True)),
        color=alt.Color("percentile:N", title=None, scale=scale, legend=alt.Legend(orient="top")),
        tooltip=[alt.Tooltip("at:T", format="%H:%M:%S"), "percentile:N", alt.Tooltip("ms:Q", format=".3~g")],
    )  # fmt: skip
    draw_figure_of(chart.properties(height=220), t("traffic.alt"))
