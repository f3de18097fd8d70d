"""What the page adds to the canvas by a script, so that choosing a step sends no picture: its mark, view and keys."""

import json
from functools import cache
from pathlib import Path

import streamlit as st

from app.canvas.faces import theme_of_page

PLACE = "pipelines-canvas"
"""The key of the container that the script finds the canvas in."""


def attend(chosen: str | None, *, link: bool = False, full: bool = False) -> None:
    r"""Mark what is chosen on the canvas that was drawn last, and bring it into view.

    Args:
        chosen: The node, or `target\nport` of the link.
        link: It is a link.
        full: The canvas may fill the window.
    """
    wish = {"chosen": chosen or "", "link": link, "full": full, "colour": theme_of_page().chosen}
    st.html(f"<script>{_script().replace('WISH', safe(wish), 1)}</script>", unsafe_allow_javascript=True)


def safe(value: object) -> str:
    """Return a value as JSON that can stand in a script of a page: nothing in it ends the script."""
    return json.dumps(value).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _script() -> str:
    return (Path(__file__).parent / "canvas.js").read_text("utf-8")
