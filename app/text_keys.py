"""Keys in a text are the text's: Ctrl+Z undoes the typing, and no step of a pipeline or recipe."""

from functools import cache
from pathlib import Path

import streamlit as st


def text_keys() -> None:
    """Draw the script; it shows nothing."""
    st.html(_script(), unsafe_allow_javascript=True)


@cache
def _script() -> str:
    return f"<script>{(Path(__file__).parent / 'text_keys.js').read_text('utf-8')}</script>"
