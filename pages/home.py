"""What there is, what runs, what broke, and where to begin."""

import streamlit as st

from app.errors import shown
from app.home.health import draw_health
from app.home.lines import draw_alarms, draw_ill, draw_live, draw_runs
from app.home.recent import draw_recent
from app.home.samples import draw_samples
from app.session import workbench
from app.text import t

SHOWN = 6

st.caption(t("home.about"))
with shown():
    bench = workbench()
    draw_health(bench.resources())
    runs, services = bench.runs.list(SHOWN), bench.services.list()
    failed = bench.runs.list(SHOWN, statuses=("failed",))

if not runs and not bench.datasets.list():
    st.info(t("home.empty"), icon=":material/lightbulb:")
    draw_samples()
    st.stop()

with shown():
    draw_ill(services)
    draw_live()
    left, right = st.columns(2, gap="large")
    with left:
        draw_runs(t("home.recent"), runs)
    with right:
        draw_runs(t("home.failed"), failed[:3])
        if services:
            draw_alarms(bench.monitor.overview())
    draw_recent(bench.models.list(), services)
    draw_samples()
