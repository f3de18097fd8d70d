"""What would start at once if an environment had more."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.errors import shown
from app.pickers import pick
from app.session import workbench
from app.text import plain, t


def draw_what_if(environments: Sequence[Mapping[str, Any]]) -> None:
    """Draw the question, and the scheduler's answer."""
    names = [one["name"] for one in environments if one["policy"] != "fixed"]
    if not names:
        return
    box = st.popover(t("resources.what_if"), icon=":material/help:", key="resources.if_open", on_change="rerun")
    if box.open:  # the scheduler is asked each time the page looks anew
        with box, shown(stop=False):
            _draw_answer(names)


def _draw_answer(names: Sequence[str]) -> None:
    st.caption(t("resources.about_what_if"))
    name = str(pick(t("resources.environment"), {one: one for one in names}, "resources.if"))
    gpu = st.number_input(t("resources.gpus"), 0.0, 64.0, 1.0, step=0.5, key="resources.if.gpu")
    cpu = st.number_input(t("resources.cpus"), 0.0, 512.0, 0.0, step=1.0, key="resources.if.cpu")
    found = workbench().what_if(name, gpu=gpu, cpu=cpu)
    if not found["starts"] and not found["waits"]:
        st.info(t("resources.if_nothing"))
    for key in ("starts", "waits"):
        if found[key]:
            st.markdown(t(f"resources.if_{key}", count=len(found[key])))
            st.markdown("\n".join(f"- {plain(one)}" for one in found[key][:20]))
