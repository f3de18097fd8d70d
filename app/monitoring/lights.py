"""One light for each service: in colour and in words, those that need looking at first."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.picking import draw_pickable
from app.previews import moment, table_of
from app.session import choose
from app.text import t, word

Service = Mapping[str, Any]
SIGNS = {"red": "▲", "amber": "◆", "green": "●", "grey": "○"}
"""A sign for each light, told apart by its shape too; words stand beside it."""
COLOURS = {"red": "red", "amber": "orange", "green": "green", "grey": "gray"}


def draw_lights(services: Sequence[Service]) -> None:
    """Draw the services with their lights; the row that is clicked becomes the service of the page."""
    counts = {light: sum(one["light"] == light for one in services) for light in SIGNS}
    with st.container(horizontal=True):
        for light, count in counts.items():
            if count:
                st.markdown(
                    f":{COLOURS[light]}-badge[{SIGNS[light]} {count} · {word('light', light)}]", width="content"
                )
    keys = ("light", "service", "model", "version", "count", "rows", "at")
    rows = [
        (
            light_text(one["light"]), one["service"], one["model"], one["version"],
            None if one["report"] is None else one["report"]["drifted_columns"], one["rows"], moment(one["at"]),
        )
        for one in services
    ]  # fmt: skip
    table = table_of([t(f"drift.{key}") for key in keys], rows)
    clicked = draw_pickable(table, [one["service"] for one in services], "lights")
    if clicked:
        choose("service", clicked)


def light_text(light: str) -> str:
    """Return a light as its sign and its word."""
    return f"{SIGNS[light]} {word('light', light)}"
