"""Which version is the champion, who decided that, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.deleting import Subject, draw_delete
from app.errors import shown
from app.previews import draw_table, moment, table_of
from app.session import about, as_drawn, read_only, workbench
from app.text import plain, t, word

Version = Mapping[str, Any]
ALIASES = ("champion", "challenger")


def draw_aliases(version: Version, versions: Sequence[str]) -> None:
    """Draw the buttons that give this version an alias or bring the former champion back, and who did so before.

    Args:
        version: That is shown.
        versions: Of this model that are listed, all of which can be deleted together.
    """
    name = version["name"]
    former = workbench().models.former(name)
    line = st.container(horizontal=True, vertical_alignment="center")
    with line:
        for alias in version["aliases"]:
            st.badge(word("alias", alias), icon=":material/trophy:", color="green" if alias == "champion" else "blue")
        if "champion" not in version["aliases"]:
            _draw_promote(version, "champion", "trophy")
            if "challenger" not in version["aliases"]:
                _draw_promote(version, "challenger", "swords")
        if former is not None:
            label = t("models.roll_back", version=former)
            key, drawn = about("models.roll_back", name), as_drawn(f"models.roll_back.{name}", former)
            if st.button(label, key=key, icon=":material/undo:", disabled=read_only()):
                with shown(stop=False):
                    workbench().models.roll_back(name, drawn)
                    st.toast(t("models.is_champion", name=plain(name), version=former))
                    st.rerun()
    one = Subject("model", name, (version["version"],), pickers=("version",))
    draw_delete(one, t("deleting.version"), line)
    if len(versions) > 1:
        every = Subject("model", name, tuple(versions), pickers=("model", "version"), whole=True)
        draw_delete(every, t("deleting.all", count=len(versions)), line)
    _draw_history(name)


def _draw_promote(version: Version, alias: str, icon: str) -> None:
    key = about(f"models.promote.{alias}", version["name"], version["version"])
    if st.button(t(f"models.make_{alias}"), key=key, icon=f":material/{icon}:", disabled=read_only()):
        with shown():
            workbench().models.promote(version["name"], version["version"], alias)
        st.rerun()


def _draw_history(name: str) -> None:
    changes = workbench().models.history(name)
    if not changes:
        return
    with st.expander(t("models.history"), icon=":material/history:"):
        keys = ("at", "actor", "alias", "version", "before")
        rows = [
            (moment(one["at"]), one["actor"], word("alias", one["alias"]), one["version"], one["before"])
            for one in changes
        ]
        draw_table(table_of([t(f"models.{key}") for key in keys], rows), "aliases")
