"""The screens: one table of what there is, in which order, under which name."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from app.text import t

_PAGES = Path(__file__).resolve().parents[1] / "pages"


@dataclass(frozen=True)
class Screen:
    """A page: the name of its file, which also names its title and its place in the URL, and its icon."""

    name: str
    icon: str

    @property
    def path(self) -> Path:
        """Absolute path of its script."""
        return _PAGES / f"{self.name}.py"

    def page(self) -> Page:
        """Return it as Streamlit wants it, with its title in the language of this session."""
        return st.Page(
            self.path,
            title=t(f"page.{self.name}"),
            url_path=self.name,
            default=self is SCREENS[0],
        )


SCREENS = (
    Screen("home", "home"),
    Screen("data", "table"),
    Screen("explore", "query_stats"),
    Screen("features", "build"),
    Screen("pipelines", "account_tree"),
    Screen("runs", "play_circle"),
    Screen("models", "model_training"),
    Screen("services", "cloud_done"),
    Screen("monitoring", "monitoring"),
    Screen("operators", "extension"),
    Screen("resources", "memory"),
    Screen("settings", "settings"),
)


def path_of(name: str) -> Path:
    """Return the script of a screen, for links to it."""
    return next(screen.path for screen in SCREENS if screen.name == name)


def navigation() -> Page:
    """Draw the navigation and return the page that was asked for.

    The links are drawn here and not by `st.navigation`: the icon of a page would be fetched from
    outside, for the tab of the browser.
    """
    pages = [screen.page() for screen in SCREENS]
    current = st.navigation(pages, position="hidden")
    for screen, page in zip(SCREENS, pages, strict=True):
        st.page_link(page, label=page.title, icon=f":material/{screen.icon}:", width="stretch")
    return current
