"""What Streamlit's widgets say by themselves, such as the button of an upload, in the language of the screen.

Streamlit has no other language than English, so a script of ours puts the words of a table in their places as they
appear. It changes words that are exactly Streamlit's, and none that a user wrote.
"""

import json
from functools import cache
from pathlib import Path

import streamlit as st

from app.languages import CHINESE_CODE
from app.session import language
from app.text.builtin import BEGINNINGS, PATTERNS, WORDS


def builtin_words() -> None:
    """Draw the script; it shows nothing."""
    st.html(_script(language()), unsafe_allow_javascript=True)


@cache
def _script(code: str) -> str:
    chinese = {"words": WORDS, "beginnings": BEGINNINGS, "patterns": list(PATTERNS.items())}
    table = json.dumps(chinese if code == CHINESE_CODE else {}, ensure_ascii=False)
    script = (Path(__file__).parent / "builtin.js").read_text("utf-8")
    return f"<script>{script.replace('TABLE', table)}</script>"
