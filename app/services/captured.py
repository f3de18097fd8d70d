"""The rows a service was asked lately, with its answers."""

import time
from typing import Any

import streamlit as st

from app.deleting import Subject, draw_delete
from app.previews import draw_rows
from app.session import as_drawn, workbench
from app.text import t


def draw_captured(name: str) -> None:
    """Draw the newest captured rows of a service, the newest first."""
    until = as_drawn(f"captured.{name}", time.time())
    page: dict[str, Any] = workbench().monitor.captured(name, rows=100)
    if not page["rows"]:
        st.caption(t("services.no_captured"))
        return
    st.caption(t("services.about_captured"))
    draw_rows(page, f"{name}_captured")
    draw_delete(Subject("captures", name, (repr(until),), whole=True), t("deleting.captures"))
