"""The state of the engine: one line on every page while it is down, and its resources in the sidebar."""

from typing import Any

import streamlit as st

from app import work
from app.errors import KNOWN, draw_error, shown
from app.session import workbench
from app.text import t

_START = "engine"


def engine_line() -> None:
    """Say in one line that the engine is down and offer to start it; draw nothing while it is up."""
    with shown(stop=False):
        if not workbench().engine.status()["running"]:
            _offer()


def _offer() -> None:
    if work.busy(_START):
        work.followed(_START, t("engine.starting"), _nothing)
        return
    line, button = st.columns([5, 1], vertical_alignment="center")
    line.warning(t("engine.down"), icon=":material/power_off:")
    if button.button(t("engine.start"), key="engine.start", type="primary", width="stretch"):
        work.begin(_START, workbench().engine.start)
        st.rerun()
    work.followed(_START, t("engine.starting"), _nothing)


def health() -> None:
    """Draw whether the engine runs and what is free."""
    try:
        running = bool(workbench().engine.status()["running"])
        st.markdown(f":green[●] {t('engine.up')}" if running else f":red[●] {t('engine.is_down')}")
        if running:
            _environments(workbench().resources())
    except KNOWN as error:
        draw_error(error)


def _environments(resources: dict[str, Any]) -> None:
    for environment in resources["environments"]:
        free = environment["free"] or {}
        st.caption(
            t(
                "engine.environment",
                name=environment["name"],
                cpu=_cores(free.get("cpu", 0)),
                queued=environment["queued"],
            )
        )


def _cores(share: float) -> str:
    return f"{share / 10_000:g}"


def _nothing(_result: Any) -> None:
    """The page shows by itself that the engine is up."""
