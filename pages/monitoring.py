"""Whether what services are asked still looks like what their models learnt from."""

import time

import streamlit as st

from app.choices import choice, empty
from app.deleting import Subject, draw_delete
from app.errors import shown
from app.monitoring.comparing import draw_compare
from app.monitoring.history import draw_history
from app.monitoring.lights import draw_lights, draw_stale
from app.monitoring.report import draw_report, window_of
from app.previews import moment
from app.session import as_drawn, workbench
from app.text import t

with shown():
    services = workbench().monitor.overview()

if not services:
    empty(t("drift.empty"), t("services.open_models"), "models")

draw_lights(services)
service = choice(t("drift.service"), [entry["service"] for entry in services], "service", of="")
draw_compare(service)
draw_stale(next(entry for entry in services if entry["service"] == service))
with shown():
    reports = workbench().monitor.history(service)

if not reports:
    st.info(t("drift.no_report"), icon=":material/lightbulb:")
    st.stop()

by_time = {str(report["at"]): report for report in reports}
labels = {key: f"{moment(report['at'])} · {window_of(report)}" for key, report in by_time.items()}
report = by_time[choice(t("drift.report"), list(by_time), "report", labels.__getitem__, of=service)]
draw_report(report)
draw_delete(Subject("report", service, (str(report["number"]),), pickers=("report",)), t("deleting.report"))
draw_history(reports)
until = as_drawn(f"monitoring.captures.{service}", time.time())
if any(one["service"] == service for one in workbench().monitor.captured_services()):
    draw_delete(Subject("captures", service, (repr(until),), whole=True), t("deleting.captures_of"))
