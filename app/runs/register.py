"""Registering the model of a run, once batch and online answers agree."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app import work
from app.choices import choice, page_link
from app.previews import short
from app.session import about, read_only, workbench
from app.text import plain, t

Run = Mapping[str, Any]
_REGISTER = "register"


def draw_register(run: Run) -> None:
    """Draw the form that registers a node's model, and follow that."""
    trainers = trainers_of(run)
    if not trainers:
        st.caption(t("runs.no_trainer"))
        return
    node = choice(t("runs.trainer"), trainers, "trainer")
    name = st.text_input(
        t("runs.model_name"), workbench().models.name_for(run["pipeline"]), key=f"runs.model_name.{run['id']}"
    )
    st.caption(t("runs.about_register"))
    busy = work.busy(_REGISTER, run["id"]) or read_only()
    if st.button(t("runs.register"), type="primary", key=about("runs.register", run["id"]), disabled=busy):
        work.begin(_REGISTER, {"run": run["id"], "node": node, "name": name}, run["id"])
        st.rerun()
    work.followed(_REGISTER, t("runs.registering"), _draw_registered, subject=run["id"])


def trainers_of(run: Run) -> Sequence[str]:
    """Return the nodes of a run that gave a model."""
    return [
        name
        for name, node in run["nodes"].items()
        if any(output["kind"] == "Model" for output in (node.get("outputs") or {}).values())
    ]


def _draw_registered(version: Any) -> None:
    difference = short(float(version["replay"]["max_abs_difference"]))
    told = t("runs.registered", name=plain(version["name"]), version=version["version"], difference=difference)
    st.success(told, icon=":material/check:")
    about = {"model": version["name"], "version": version["version"]}
    with st.container(horizontal=True):
        page_link("models", t("runs.open_model"), **about)
        page_link("models", t("models.deploy"), icon="rocket_launch", model_view="deploy", **about)
