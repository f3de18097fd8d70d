"""One line on how the house is: the engine, what is free, the disk, the version."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.text import t

Resources = Mapping[str, Any]
_GIB = 2**30
_LITTLE = 5 * _GIB


def draw_health(resources: Resources) -> None:
    """Draw the line."""
    st.caption(" · ".join(parts(resources)))
    if resources["disk"]["free"] < _LITTLE:
        st.warning(t("home.little_disk", free=gibibytes(resources["disk"]["free"])), icon=":material/hard_drive:")


def parts(resources: Resources) -> list[str]:
    """Return the pieces of the line."""
    engine = resources["engine"]
    up = t("engine.up") if engine["running"] else t("engine.is_down")
    told = [f":green[●] {up}" if engine["running"] else f":red[●] {up}"]
    for name in ("cpu", "gpu"):
        quota = sum(one["quota"].get(name, 0) for one in resources["environments"])
        if quota:
            free = sum(one["free"][name] for one in resources["environments"])
            told.append(t(f"home.{name}_free", free=f"{free / 10_000:g}", total=f"{quota / 10_000:g}"))
    told.append(t("home.disk_free", free=gibibytes(resources["disk"]["free"])))
    told.append(t("home.version", version=resources["version"]))
    return told


def gibibytes(size: float) -> str:
    """Return bytes as GiB, to a tenth."""
    return f"{size / _GIB:,.1f}"
