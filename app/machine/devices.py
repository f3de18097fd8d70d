"""The devices of this machine: what they are, how they are, and taking a GPU out of service."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.errors import shown
from app.machine.shares import GIB, amount
from app.pickers import pick
from app.previews import draw_table, table_of
from app.sayings import say
from app.session import about, read_only, workbench
from app.text import t, word

Device = Mapping[str, Any]


def draw_devices(devices: Sequence[Device]) -> None:
    """Draw the CPUs and memory, and each GPU."""
    st.header(t("resources.devices"))
    keys = ("kind", "device", "memory", "taken", "use", "sort", "state", "why")
    rows = [
        (
            device["kind"].upper(), _model(device),
            f"{device['memory'] / GIB:,.1f} GiB" if device.get("memory") else None,
            amount("gpu", device["taken"]), _use(device["use"]),
            t("resources.logical") if device.get("logical") else t("resources.real"),
            word("device_state", device.get("state", "healthy")), _why(device),
        )
        for device in devices
    ]  # fmt: skip
    draw_table(table_of([t(f"resources.{key}") for key in keys], rows), "devices")
    cards = [device for device in devices if device["kind"] != "cpu"]
    if cards:
        _draw_service(cards)
    else:
        st.caption(t("resources.no_gpu"))


def _model(device: Device) -> str:
    if device["kind"] == "cpu":
        return t("resources.cores", count=f"{device['cores']:g}")
    return f"{device['device']}: {device['name']}"


def _use(use: Mapping[str, Any] | None) -> str | None:
    """Return how busy a device is, in words; None where nobody knows."""
    if use is None:
        return None
    parts = [f"{100 * use['busy']:.0f} %", f"{use['memory'] / GIB:,.1f} GiB"]
    return ", ".join([*parts, f"{use['temperature']} °C"] if use["temperature"] is not None else parts)


def _why(device: Device) -> str:
    why = device.get("why")
    return say(why, why["sentence"]) if why else ""


def _draw_service(cards: Sequence[Device]) -> None:
    """Draw the form that takes a GPU out of service, or puts it back."""
    with st.popover(t("resources.service"), icon=":material/build:", disabled=read_only()), shown(stop=False):
        st.caption(t("resources.about_service"))
        names = [card["device"] for card in cards]
        name = str(pick(t("resources.device"), {one: one for one in names}, "resources.drained"))
        why = st.text_input(t("resources.why_drained"), key="resources.why", max_chars=200)
        drained = cards[names.index(name)].get("state") == "drained"
        key = about("resources.drain", name, "back" if drained else "out")
        if st.button(t("resources.put_back") if drained else t("resources.drain"), key=key):
            desk = workbench().devices
            if drained:
                desk.put_back(name)
            else:
                desk.drain(name, why)
            st.rerun()
