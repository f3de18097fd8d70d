"""What there is, what runs, what broke, and where to begin."""

import streamlit as st

from app.choices import empty, open_page, page_link
from app.errors import shown
from app.importing import begin_sample
from app.listings import draw_runs
from app.samples import sample_names
from app.session import workbench
from app.text import plain, t

LIVE = ("queued", "running")

st.caption(t("home.about"))
with shown():
    bench = workbench()
    datasets, runs, models, services = (
        bench.datasets.list(),
        bench.runs.list(),
        bench.models.list(),
        bench.services.list(),
    )

if not datasets:
    st.info(t("home.empty"), icon=":material/lightbulb:")
    if sample_names() and st.button(t("data.load_sample"), type="primary", key="home.sample"):
        begin_sample(sample_names()[0])
        open_page("data")
    st.stop()

counts = st.columns(4)
counts[0].metric(t("home.datasets"), len(datasets), border=True, height="stretch")
live = sum(run["status"] in LIVE for run in runs)
counts[1].metric(
    t("home.runs"), len(runs), t("home.live", count=live), delta_color="off", delta_arrow="off", border=True
)
counts[2].metric(t("home.models"), len(models), border=True, height="stretch")
healthy = sum(service["status"] == "healthy" for service in services)
told = t("home.healthy", count=healthy)
counts[3].metric(
    t("home.services"), len(services), told, delta_color="off", delta_arrow="off", border=True, height="stretch"
)

if not runs:
    empty(t("runs.empty"), t("home.next"), "pipelines")

failed = [run for run in runs[:50] if run["status"] == "failed"]
if failed:
    st.subheader(t("home.failed"))
    draw_runs(failed[:5], "failed_runs")
    page_link("runs", t("page.runs"), run=failed[0]["id"])

st.subheader(t("home.recent"))
draw_runs(runs[:8], "recent_runs")
page_link("pipelines", t("home.next"))

st.subheader(t("home.alarms"))
with shown():
    reports = [report for service in services for report in bench.monitor.history(service["name"], limit=1)]
alarms = [report for report in reports if report["action"] != "none"]
for report in alarms:
    st.warning(
        f"**{plain(report['service'])}** {plain(report['diagnosis']['sentence'])}", icon=":material/trending_up:"
    )
    page_link("monitoring", t("page.monitoring"), service=report["service"])
if not alarms:
    st.caption(t("home.calm"))
