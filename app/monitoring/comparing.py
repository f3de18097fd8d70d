"""Asking for a comparison: of what a service was asked, or of a file."""

from typing import Any

import streamlit as st

from app import work
from app.session import about, linked, read_only, release
from app.text import t
from app.uploads import TABLES, kept

_COMPARE = "drift"


def draw_compare(service: str) -> None:
    """Draw the two ways of asking for a report, and follow what was asked for."""
    busy = work.busy(_COMPARE, service) or read_only()
    with st.container(horizontal=True):
        key = about("drift.captured", service)
        if st.button(t("drift.captured"), type="primary", key=key, icon=":material/sync:", disabled=busy):
            work.begin(_COMPARE, {"service": service}, service)
            st.rerun()
        with st.popover(t("drift.file"), icon=":material/upload_file:"):
            file = about("drift.file", service)
            upload = st.file_uploader(t("choice.file"), type=list(TABLES), key=file, disabled=read_only())
            compare = about("drift.compare", service)
            if upload is not None and st.button(t("drift.compare"), key=compare, disabled=busy):
                work.begin(_COMPARE, {"service": service, "file": str(kept(upload)), "label": upload.name}, service)
                st.rerun()
    work.followed(_COMPARE, t("drift.comparing"), _show_newest, subject=service)


def _show_newest(report: Any) -> None:
    """Let the page choose the newest report, which is this one, unless a link asks for another."""
    if not linked("report"):
        release("report")
    work.forget(_COMPARE, report["service"])
