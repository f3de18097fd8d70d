"""Files that runs wrote, for people to take away."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.errors import shown
from app.files import BROWSER
from app.previews import clipped, moment
from app.session import read_only, workbench
from app.text import plain, t

Export = Mapping[str, Any]


def draw_exports() -> None:
    """Draw every file that a run wrote, each with a way to take it away and one to delete it; nothing where none is."""
    with shown(stop=False):
        files = workbench().exports.list()
        if files:
            with st.expander(t("exports.title", count=len(files)), icon=":material/folder_open:", key="exports"):
                for number, one in enumerate(files):
                    _draw(one, number)


def draw_export(name: str) -> None:
    """Draw the one file that a node wrote, where it still is there."""
    for one in workbench().exports.list():
        if one["name"] == name:
            _draw(one, 0)


def _draw(one: Export, number: int) -> None:
    path = workbench().exports.path(one["name"])
    with st.container(horizontal=True, vertical_alignment="center"):
        size = f"{one['bytes'] / 1000:,.1f} kB"
        told = t("exports.about", size=size, written=moment(one["written"]))
        st.markdown(f"**{plain(clipped(one['name']))}** · {told}", width="stretch")
        if one["bytes"] > BROWSER:
            st.caption(t("files.lies", path=plain(path)))
        else:
            st.download_button(
                t("files.download"), path.read_bytes, file_name=one["name"], key=f"exports.take.{number}",
                on_click="ignore", icon=":material/download:",
            )  # fmt: skip
        if st.button(t("exports.remove"), key=f"exports.remove.{number}", type="tertiary", disabled=read_only()):
            with shown():
                workbench().exports.remove(one["name"])
            st.rerun()
