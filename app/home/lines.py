"""Things of the first screen as lines, each a link to its object."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.choices import page_link
from app.errors import shown
from app.live import watched
from app.runs.head import COLOURS
from app.runs.listing import main_metric
from app.sayings import say
from app.sentences import in_words
from app.session import workbench
from app.states import last_seen, run_state, service_state
from app.text import plain, t, word

Document = Mapping[str, Any]
_UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))


def draw_live() -> None:
    """Draw what runs now with how far it is, every second; the whole page once something has ended."""
    with shown():
        live = workbench().runs.live()
    if live:
        st.header(t("home.running"))
        watched(_live, 1.0, [run["id"] for run in live])


def _live(known: Sequence[str]) -> bool:
    """Draw what runs; return whether that is other than what was known."""
    with shown():
        live = workbench().runs.live()
        for run in live:
            left, right = st.columns([2, 3], vertical_alignment="center")
            with left:
                page_link("runs", f"{plain(run['pipeline'])} · {run['id']}", run=run["id"])
            share = run["done"] / max(1, run["total"])
            told = t("runs.nodes_done", done=run["done"], total=run["total"])
            right.progress(share, text=f"{run_state(run)} · {told}")
    return [run["id"] for run in live] != known


def draw_runs(title: str, runs: Sequence[Document]) -> None:
    """Draw runs under a title, a line each: its status, a link, how long it took and when it was."""
    if not runs:
        return
    st.header(title)
    for run in runs:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(run_state(run), color=COLOURS.get(run["status"], "gray"))  # type: ignore[arg-type]
            page_link("runs", f"{plain(run['pipeline'])} · {run['id']}", run=run["id"])
            seconds = "" if run["seconds"] is None else f"{run['seconds']:.1f} s · "
            scored = f"{main_metric(run)} · " if run["metric"] else ""
            st.caption(f"{scored}{seconds}{ago(run['created'])}")


def draw_alarms(lights: Sequence[Document]) -> None:
    """Draw the services whose light is not green, each with its sentence and a link."""
    st.header(t("home.alarms"))
    alarms = [one for one in lights if one["light"] in ("red", "amber")]
    for one in alarms:
        diagnosis = one["report"]["diagnosis"]
        sentence = say(diagnosis.get("told"), diagnosis["sentence"], markdown=True)
        told = f"**{plain(one['service'])}** · {word('light', one['light'])} · {ago(one['at'])}  \n{sentence}"
        (st.error if one["light"] == "red" else st.warning)(told, icon=":material/trending_up:")
        page_link("monitoring", t("home.look", service=plain(one["service"])), service=one["service"])
    if not alarms:
        st.caption(t("home.calm"))


def draw_ill(services: Sequence[Document]) -> None:
    """Draw the services that should answer and do not, each with a link."""
    for one in services:
        if one["status"] in ("unhealthy", "failed", "unknown") and one["wanted"] == "running":
            told = f"**{plain(one['name'])}** · {service_state(one)}"
            why = " ".join(filter(None, (last_seen(one), in_words(one["message"]))))
            draw = st.error if one["known"] else st.warning
            draw(f"{told}  \n{plain(why)}", icon=":material/cloud_off:")
            page_link("services", t("home.look", service=plain(one["name"])), service=one["name"])


def ago(moment: float | None) -> str:
    """Return how long ago a moment was, in its largest unit."""
    if moment is None:
        return ""
    seconds = max(0.0, time.time() - moment)
    for size, unit in _UNITS:
        if seconds >= size:
            return t(f"ago.{unit}", count=int(seconds // size))
    return t("ago.now")
