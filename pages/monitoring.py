"""Whether what a service is asked still looks like what its model learnt from."""

import streamlit as st

from app.choices import choice, empty
from app.drift import draw_history, draw_report
from app.errors import shown
from app.monitoring import draw_compare
from app.previews import moment
from app.session import workbench
from app.text import t

with shown():
    services = workbench().services.list()

if not services:
    empty(t("drift.empty"), t("services.open_models"), "models")

service = choice(t("drift.service"), [entry["name"] for entry in services], "service")
draw_compare(service)
with shown():
    reports = workbench().monitor.history(service)

if not reports:
    st.info(t("drift.no_report"), icon=":material/lightbulb:")
    st.stop()

by_time = {str(report["at"]): report for report in reports}
labels = {key: f"{moment(report['at'])} · {report['window']}" for key, report in by_time.items()}
draw_report(by_time[choice(t("drift.report"), list(by_time), "report", labels.__getitem__)])
st.subheader(t("drift.history"))
draw_history(reports)
