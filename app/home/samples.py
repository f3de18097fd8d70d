"""The samples: each a card that goes from nothing to a trained model with one click."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from app import work
from app.choices import open_page, page_link
from app.samples import sample_names, training_job
from app.session import read_only, started
from app.text import t

_TRAIN = "train_sample"
_CARDS = 3


def draw_samples() -> None:
    """Draw a card for each sample, and follow what was asked for."""
    st.header(t("home.samples"))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(t("home.own_file"), width="stretch")
        page_link("data", t("home.use_own_file"), icon="upload", add="file")
    names = sample_names()
    columns = st.columns(_CARDS)
    for position, name in enumerate(names):
        with columns[position % _CARDS].container(border=True, height="stretch"):
            st.markdown(f"**{t(f'home.sample_{name}')}**")
            st.caption(t(f"home.about_{name}"))
            busy = work.busy(_TRAIN, name) or read_only()
            label, key = t("home.train"), f"home.train.{name}"
            kind: Any = "primary" if position == 0 else "secondary"
            if st.button(label, type=kind, key=key, icon=":material/model_training:", disabled=busy, width="stretch"):
                work.begin(_TRAIN, training_job(name), name)
                st.rerun()
    for name in names:
        work.followed(_TRAIN, t("home.training"), partial(_done, name), subject=name)


def _done(name: str, result: Mapping[str, Any]) -> None:
    """Open the run in the session that asked for it; others get a link."""
    if started(_TRAIN, name):
        work.forget(_TRAIN, name)
        open_page("runs", run=result["run"], run_view="result")
    st.success(t("home.trains"), icon=":material/check:")
    page_link("runs", t("home.open_run", run=result["run"]), run=result["run"], run_view="result")
