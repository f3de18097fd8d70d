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
    keys = ("light", "service", "model", "version", "count", "rows", "looked")
    rows = [
        (
            light_text(one["light"], one.get("stale")), one["service"], one["model"], one["version"],
            None if one["report"] is None else one["report"]["drifted_columns"], one["rows"], moment(one["at"]),
        )
        for one in services
    ]  # fmt: skip
    table = table_of([t(f"drift.{key}") for key in keys], rows)
    clicked = draw_pickable(table, [one["service"] for one in services], "lights")
    if clicked:
        choose("service", clicked)


def light_text(light: str, stale: str | None = None) -> str:
    """Return a light as its sign and its word, or why it is not known any more."""
    return f"{SIGNS[light]} {word('light', light) if stale is None else t(f'stale.{stale}')}"


def draw_stale(service: Service) -> None:
    """Say that nobody has looked at a service since, where that is so."""
    if service["stale"]:
        told = t(f"stale.{service['stale']}")
        st.info(t("drift.stale", at=moment(service["at"]), why=told), icon=":material/history:")
