"""What a browser session remembers, which is names only; the one place of `st.session_state`."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.languages import CHINESE_CODE, ENGLISH_CODE, LANGUAGES
from engine import Workbench
from engine.config import Settings

_LANGUAGE = "language"


def workbench() -> Workbench:
    """Return the workbench of the workspace that `TANDEM_WORKSPACE` names.

    Raises:
        ConfigError: The workspace cannot be used.
    """
    return _opened(str(Settings().workspace))


@st.cache_resource(show_spinner=False)
def _opened(root: str) -> Workbench:
    return Workbench.open(root)


def language() -> str:
    """Return the code of the language of this session: as chosen, else as the browser prefers."""
    chosen = st.session_state.get(_LANGUAGE)
    return chosen if chosen in LANGUAGES else _preferred()


def language_switch() -> None:
    """Draw the choice of a language; it stands in the link, so a link keeps its language."""
    st.selectbox(
        "Language / 语言",
        list(LANGUAGES),
        index=list(LANGUAGES).index(_preferred()),
        format_func=LANGUAGES.__getitem__,
        key=_LANGUAGE,
        bind="query-params",
        required=True,
        icon=":material/translate:",
        label_visibility="collapsed",
    )


def _preferred() -> str:
    locale = st.context.locale or ""
    return CHINESE_CODE if locale.lower().startswith("zh") else ENGLISH_CODE


def link(**names: str) -> Mapping[str, str]:
    """Return the query of a link to a page of this workbench: names of things, and the language if chosen."""
    return {**names, **({_LANGUAGE: language()} if language() != _preferred() else {})}


def started(kind: str) -> str | None:
    """Return the id of the work of this kind that this session started and still watches."""
    found = st.session_state.get(f"work.{kind}")
    return str(found) if found else None


def watch(kind: str, identity: str | None) -> None:
    """Remember the id of started work, or forget it."""
    st.session_state[f"work.{kind}"] = identity


def choose(**names: Any) -> None:
    """Set widgets by key before they are drawn."""
    for key, value in names.items():
        st.session_state[key] = value
