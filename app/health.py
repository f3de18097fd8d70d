"""The state of the engine: one line on every page while it is down, and its resources in the sidebar."""

from typing import Any

import streamlit as st

from app.errors import KNOWN, draw_error, shown
from app.live import watched
from app.session import read_only, workbench
from app.text import t
from engine.errors import EngineError


def engine_line() -> None:
    """Say in one line that the engine is down and offer to start it; draw nothing while it is up.

    A page that stays open draws itself anew when the engine comes or goes.
    """
    with shown(stop=False):
        if read_only():
            st.info(t("engine.read_only"), icon=":material/lock:")
            return
        state = workbench().engine.status()
        if state["starting"]:
            watched(_starting, 0.5)
        else:
            if not state["running"]:
                _offer(state["failed"])
            watched(_watch, 2.0, running=state["running"])


def _offer(failed: dict[str, str] | None) -> None:
    line, button = st.columns([5, 1], vertical_alignment="center")
    line.warning(t("engine.down"), icon=":material/power_off:")
    if button.button(t("engine.start"), key="engine.start", type="primary", width="stretch"):
        workbench().engine.ensure()
        st.rerun()
    if failed:
        draw_error(EngineError(failed["sentence"], hint=failed["hint"]))


def _watch(*, running: bool) -> bool:
    """Draw nothing; return whether the engine is no longer as it was."""
    state = workbench().engine.status()
    return bool(state["running"] != running or state["starting"])


def _starting() -> bool:
    """Say that the engine starts; return whether it runs, or has failed to."""
    st.status(t("engine.starting"), state="running")
    return not workbench().engine.status()["starting"]


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
