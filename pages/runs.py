"""Every run, newest first, one of them closely, and runs beside each other."""

import streamlit as st

from app.choices import empty, view
from app.errors import shown
from app.runs.listing import draw_chooser, draw_filters, draw_list
from app.runs.view import VIEWS, draw_run
from app.session import workbench
from app.text import t

with st.container(), shown():  # what comes and goes leaves what is below in its place
    if not workbench().runs.list(1):
        empty(t("runs.empty"), t("runs.open_pipelines"), "pipelines")
    runs = draw_filters()

if runs:
    with st.container():
        draw_list(runs)
else:
    st.caption(t("runs.none_like_this"))
    st.stop()
identity = draw_chooser(runs)
draw_run(identity, view(t("runs.view"), list(VIEWS), "run_view"))
