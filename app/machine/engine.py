"""The engine process, its Ray and their parts."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.home.lines import ago
from app.machine.shares import GIB
from app.previews import draw_table, moment, table_of
from app.text import t, word

Resources = Mapping[str, Any]


def draw_engine(resources: Resources) -> None:
    """Draw whether the engine runs, since when, where its Ray is, and the processes of both."""
    engine, disk = resources["engine"], resources["disk"]
    st.header(t("resources.engine"))
    tiles = st.columns(4)
    state = "ready" if engine["running"] and engine["ready"] else "starting" if engine["running"] else "down"
    tiles[0].metric(t("resources.engine"), word("engine_is", state), border=True)
    tiles[1].metric(t("resources.since"), ago(engine["started"]) or "–", border=True)
    tiles[2].metric(t("resources.disk"), f"{disk['free'] / GIB:,.1f} GiB", border=True)
    tiles[3].metric(t("resources.version"), resources["version"], border=True)
    if engine["ray"]:
        address = engine["ray"]
        owned = engine["owned"]
        st.caption(t("resources.ray_own", address=address) if owned else t("resources.ray_foreign", address=address))
    if engine["parts"]:
        with st.expander(t("resources.processes", count=len(engine["parts"])), icon=":material/memory:"):
            rows = [(word("process", one["name"]), one["pid"], moment(one["since"])) for one in engine["parts"]]
            draw_table(table_of([t(f"resources.{key}") for key in ("process", "pid", "since")], rows), "processes")
