"""The rows a service was asked lately, with its answers."""

from typing import Any

import streamlit as st

from app.previews import draw_rows
from app.session import workbench
from app.text import t


def draw_captured(name: str) -> None:
    """Draw the newest captured rows of a service, the newest first."""
    page: dict[str, Any] = workbench().monitor.captured(name, rows=100)
    if not page["rows"]:
        st.caption(t("services.no_captured"))
        return
    st.caption(t("services.about_captured"))
    draw_rows(page, f"{name}_captured")
