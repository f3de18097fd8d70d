"""The devices of this machine."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.machine.shares import GIB
from app.previews import draw_table, table_of
from app.text import t


def draw_devices(devices: Sequence[Mapping[str, Any]]) -> None:
    """Draw the CPUs and memory, and each GPU."""
    st.subheader(t("resources.devices"))
    rows = [
        (
            device["kind"].upper(),
            t("resources.cores", count=f"{device['cores']:g}") if device["kind"] == "cpu" else device["name"],
            f"{device['memory'] / GIB:,.1f} GiB" if device.get("memory") else None,
            t("resources.logical") if device.get("logical") else t("resources.real"),
        )
        for device in devices
    ]
    draw_table(table_of([t(f"resources.{key}") for key in ("kind", "device", "memory", "sort")], rows), "devices")
    if not any(device["kind"] == "gpu" for device in devices):
        st.caption(t("resources.no_gpu"))
