"""Which of the rows that a service was asked are compared: by time or by number."""

import datetime as dt
from typing import Any

import streamlit as st

from app.pickers import pick
from app.preferences import zone
from app.session import about
from app.text import t

KINDS = ("recent", "hours", "rows", "span", "all")
HOURS, ROWS = 24.0, 1000
"""What is offered to begin with."""
_BEGINNING = "1970-01-01T00:00:00+00:00"


def draw_window(service: str) -> dict[str, Any]:
    """Draw the choice of a window and return it as JSON, see `engine.monitoring.values.Window`."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    labels = {kind: t(f"window.{kind}") for kind in KINDS}
    kind = pick(t("drift.window"), labels, about("drift.window", service), place=left)
    if kind == "hours":
        key = about("drift.hours", service)
        return {"hours": right.number_input(t("window.of_hours"), 0.1, 87_600.0, HOURS, step=1.0, key=key)}
    if kind == "rows":
        key = about("drift.rows", service)
        return {"rows": int(right.number_input(t("window.of_rows"), 1, 10_000_000, ROWS, step=100, key=key))}
    if kind == "span":
        return _draw_span(service, right)
    right.caption(t(f"window.about_{kind}"))
    return {"since": _BEGINNING} if kind == "all" else {}


def _draw_span(service: str, place: Any) -> dict[str, Any]:
    """Draw two days, of the zone that is preferred; the second one is within the window."""
    today = dt.datetime.now(zone()).date() if zone() else dt.datetime.now().astimezone().date()
    first = today - dt.timedelta(days=6)
    key = about("drift.span", service)
    days = place.date_input(t("window.of_span"), (first, today), format="YYYY-MM-DD", key=key)
    begin, end = (days[0], days[-1]) if days else (first, today)
    return {"since": _midnight(begin).isoformat(), "until": _midnight(end + dt.timedelta(days=1)).isoformat()}


def _midnight(day: dt.date) -> dt.datetime:
    moment = dt.datetime.combine(day, dt.time())
    return moment.replace(tzinfo=zone()) if zone() else moment.astimezone()
