"""Asking for a comparison: of a window of what a service was asked, or of a file."""

from typing import Any

import streamlit as st

from app import work
from app.monitoring.windows import draw_window
from app.pickers import pick
from app.previews import moment
from app.session import about, linked, read_only, release, workbench
from app.text import t
from app.uploads import TABLES, kept

_COMPARE = "drift"


def draw_compare(service: str) -> None:
    """Draw the two ways of asking for a report, and follow what was asked for."""
    busy = work.busy(_COMPARE, service) or read_only()
    sources = {"captures": t("drift.of_captures"), "file": t("drift.of_file")}
    with st.container(border=True):
        if pick(t("drift.source"), sources, "drift.source", kind="segments") == "file":
            _draw_file(service, busy=busy)
        else:
            _draw_captures(service, busy=busy)
    work.followed(_COMPARE, t("drift.comparing"), _show_newest, subject=service)


def _draw_captures(service: str, *, busy: bool) -> None:
    window = draw_window(service)
    key = about("drift.captured", service)
    if st.button(t("drift.captured"), type="primary", key=key, icon=":material/sync:", disabled=busy):
        work.begin(_COMPARE, {"service": service, "window": window}, service)
        st.rerun()
    dropped = workbench().monitor.dropped(service)
    if dropped["rows"]:
        told = {"rows": f"{dropped['rows']:,}", "first": moment(dropped["first"]), "last": moment(dropped["last"])}
        st.warning(t("drift.dropped", **told), icon=":material/report:")


def _draw_file(service: str, *, busy: bool) -> None:
    upload = st.file_uploader(
        t("choice.file"), type=list(TABLES), key=about("drift.file", service), disabled=read_only()
    )
    compare = about("drift.compare", service)
    if upload is not None and st.button(t("drift.compare"), type="primary", key=compare, disabled=busy):
        work.begin(_COMPARE, {"service": service, "file": str(kept(upload)), "label": upload.name}, service)
        st.rerun()


def _show_newest(report: Any) -> None:
    """Let the page choose the newest report, which is this one, unless a link asks for another."""
    if not linked("report"):
        release("report")
    work.forget(_COMPARE, report["service"])
