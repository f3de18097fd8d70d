"""The head of a service: how it is, and what can be done with it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.choices import page_link
from app.deleting import Subject, draw_delete
from app.errors import shown
from app.live import watched
from app.sentences import in_words
from app.session import about, as_drawn, read_only, workbench
from app.states import last_seen, service_state
from app.text import plain, t

Service = Mapping[str, Any]
COLOURS = {
    "healthy": "green", "starting": "orange", "waiting": "blue", "stopping": "orange", "unhealthy": "red",
    "failed": "red", "stopped": "gray", "unknown": "gray",
}  # fmt: skip
SETTLED = ("healthy", "failed", "stopped")
SLOWLY = 5.0
"""Seconds between two looks at a service that stays as it is."""


def draw_head(name: str) -> None:
    """Draw the state of a service with its buttons, again and again: a page that is left open must not go stale."""
    with shown():
        status = workbench().services.show(name)["status"]
    watched(_draw, SLOWLY if status in SETTLED else 1.0, name, drawn=status)


def _draw(name: str, *, drawn: str) -> bool:
    """Draw the head and its buttons; return whether the list above tells of another state."""
    with shown():
        service = workbench().services.show(name)
        status = f":{COLOURS.get(service['status'], 'gray')}-badge[{service_state(service)}]"
        model = t("services.runs", model=plain(service["model"]), version=plain(service["version"]))
        where = f"{plain(service['environment'])} · {share_of(service)}"
        st.markdown(f"{status} **{plain(service['name'])}** · {model} · {where}")
        if not service["known"]:
            st.caption(last_seen(service))
        if service["message"]:
            st.warning(plain(in_words(service["message"])), icon=":material/warning:")
        line = st.container(horizontal=True, vertical_alignment="center")
        with line:
            _draw_buttons(service)
            page_link("models", t("services.open_model"), model=service["model"], version=str(service["version"]))
            page_link("monitoring", t("services.watch"), service=service["name"])
        seen = as_drawn(f"services.delete.{name}", service["updated"])
        draw_delete(Subject("service", name, revision=seen, pickers=("service",)), t("deleting.delete"), line)
        if service["wanted"] == "stopped":
            st.caption(t("services.stopping"))
    return bool(service["status"] != drawn)


def _draw_buttons(service: Service) -> None:
    desk, name = workbench().services, service["name"]
    if service["wanted"] != "stopped":
        if _button(name, "stop", "stop_circle"):
            desk.stop(name)
            st.rerun()
        if _button(name, "restart", "restart_alt"):
            desk.restart(name)
            st.rerun()
    elif _button(name, "start", "play_circle"):
        desk.restart(name)
        st.rerun()
    former = service["former"]
    if former is None:
        return
    drawn = as_drawn(f"services.roll_back.{name}", former)
    if _button(name, "roll_back", "undo", model=plain(former["model"]), version=plain(former["version"])):
        with shown(stop=False):
            desk.roll_back(name, drawn)
            st.rerun()


def _button(service: str, name: str, icon: str, **values: Any) -> bool:
    key = about(f"services.{name}", service)
    label = t(f"services.{name}", **values)
    return st.button(label, key=key, icon=f":material/{icon}:", disabled=read_only())


def share_of(service: Service) -> str:
    """Return the share of a service in words: CPUs and GPUs."""
    share = service["share"]
    return " · ".join(
        f"{share[name] / 10_000:g} {label}" for name, label in (("cpu", "CPU"), ("gpu", "GPU")) if share.get(name)
    )
