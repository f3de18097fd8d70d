"""What is preferred, for the screens that follow it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from app.errors import KNOWN
from app.session import workbench
from engine.workbench.preferences import SERVER_ZONE, Preferences

_COMPACT = """<style>
.stMainBlockContainer { padding: 3.5rem 1.5rem 2rem; }
.stMainBlockContainer [data-testid="stVerticalBlock"] { gap: 0.5rem; }
</style>"""


def preferred(name: str) -> Any:
    """Return a preference; its default while the records cannot be read."""
    try:
        return _values(str(workbench().workspace.root))[name]
    except KNOWN:
        return Preferences.model_fields[name].default


def zone() -> dt.tzinfo | None:
    """Return the time zone in which moments are shown; None for that of the server."""
    name = preferred("time_zone")
    return None if name == SERVER_ZONE else ZoneInfo(name)


def density() -> None:
    """Let things stand closer where that is preferred."""
    if preferred("density") == "compact":
        st.html(_COMPACT)


def reread() -> None:
    """Let the screens see a change at once, and not only a second later."""
    _values.clear()


@st.cache_data(ttl=1, show_spinner=False)
def _values(root: str) -> dict[str, Any]:
    """Read them once for all the cells of a page; `root` tells one workspace from another."""
    del root
    return workbench().preferences.values()
