"""The settings screen beside the preferences: language and looks, what the environment sets, versions and checks."""

import json
from collections.abc import Callable, Mapping

import streamlit as st

from app.languages import LANGUAGES
from app.previews import draw_table, table_of
from app.sayings import say
from app.session import choose, language, workbench
from app.settings_form import draw_preferences
from app.text import t, word
from engine.workbench.diagnostics import settings_told, versions


def draw_looks() -> None:
    """Draw the choice of a language, and where light and dark are chosen."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{t('settings.language')}**")
        with st.container(horizontal=True, gap="small"):
            for code, name in LANGUAGES.items():
                spoken, key = code == language(), f"settings.language.{code}"
                st.button(name, key=key, disabled=spoken, on_click=choose, args=("language", code))
    with right:
        st.markdown(f"**{t('settings.theme')}**")
        shown = "dark" if st.context.theme.type == "dark" else "light"
        st.markdown(t(f"settings.theme_{shown}"))
        st.caption(t("settings.theme_how"))


def draw_first() -> None:
    """Draw the preferences, then language and looks."""
    draw_preferences()
    st.divider()
    draw_looks()


def draw_variables() -> None:
    """Draw the settings that only the environment can change."""
    st.caption(t("settings.variables_about"))
    heads = ("variable", "value", "origin", "meaning")
    rows = [
        [
            entry["variable"],
            t("settings.unset") if entry["value"] is None else entry["value"],
            word("origin", entry["origin"]),
            t(f"settings.variable_{entry['name']}"),
        ]
        for entry in settings_told(workbench().settings)
    ]
    draw_table(table_of([t(f"settings.{key}") for key in heads], rows), "settings")


def draw_versions() -> None:
    """Draw the versions of the parts."""
    rows = list(versions().items())
    draw_table(table_of([t("settings.part"), t("settings.version")], rows), "versions")


def draw_checks() -> None:
    """Draw what the doctor says, and a document for those who help."""
    found = workbench().doctor()
    if found["ok"]:
        st.success(t("settings.all_well"), icon=":material/check_circle:")
    rows = [
        [
            t(f"settings.check_{check['name']}"),
            t("settings.well") if check["ok"] else t("settings.ill"),
            say(check["told"], check["message"]),
        ]
        for check in found["checks"]
    ]
    draw_table(table_of([t("settings.check"), t("settings.state"), t("settings.told")], rows), "checks")
    st.caption(t("settings.bundle_about"))
    st.download_button(
        t("settings.bundle"),
        json.dumps(workbench().diagnostics(), ensure_ascii=False, indent=2, default=str),
        file_name="tandem-diagnostics.json",
        mime="application/json",
        key="settings.bundle",
        on_click="ignore",
        icon=":material/download:",
    )


VIEWS: Mapping[str, Callable[[], None]] = {
    "preferences": draw_first,
    "variables": draw_variables,
    "parts": draw_versions,
    "checks": draw_checks,
}
"""What the screen shows, by the name in its link."""
