"""What a step lost, on a screen: a line for each loss, which stands out where nothing is left."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.sentences import in_words
from app.text import plain

Loss = Mapping[str, Any]


def draw_losses(losses: Sequence[Loss], node: str = "") -> None:
    """Draw what a step lost, the worst first: an error where all values went, a warning for many, else a note.

    Args:
        losses: As the engine tells them.
        node: Said before each, where the screen shows several.
    """
    for loss in sorted(losses, key=lambda one: _ORDER.index(one["severity"])):
        told = plain(in_words(loss["sentence"]))
        text = f"**{plain(node)}** · {told}" if node else told
        if loss["severity"] == "alarm":
            st.error(text, icon=":material/error:")
        elif loss["severity"] == "warning":
            st.warning(text, icon=":material/warning:")
        else:
            st.caption(f":material/info: {text}")


def worst(losses: Sequence[Loss]) -> str:
    """Return the severity of the worst loss; empty where there is none above a note."""
    found = {one["severity"] for one in losses}
    return next((kind for kind in _ORDER[:2] if kind in found), "")


_ORDER = ("alarm", "warning", "note")
