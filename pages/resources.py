"""What there is to run on, who holds what of it, and what waits."""

import streamlit as st

from app.errors import shown
from app.live import watched
from app.machine.accounts import draw_accounts
from app.machine.asking import draw_what_if
from app.machine.devices import draw_devices
from app.machine.engine import draw_engine
from app.machine.environments import draw_environments
from app.machine.history import HOURS, draw_history
from app.machine.levels import draw_mechanisms
from app.machine.work import draw_decisions, draw_groups, draw_holding, draw_waiting
from app.pickers import pick
from app.session import workbench
from app.text import t


def _draw() -> None:
    with shown():
        resources = workbench().resources()
        draw_environments(resources["environments"])
        draw_mechanisms(resources["mechanisms"])
        draw_waiting(resources["waiting"])
        draw_what_if(resources["environments"])
        draw_holding(resources["holding"])
        draw_decisions(resources["decisions"])
        draw_groups(resources["groups"])
        draw_devices(resources["devices"])
        draw_engine(resources)


def _draw_history() -> None:
    st.header(t("resources.history"))
    labels = {one: t("resources.hours_of", count=one) for one in HOURS}
    hours = pick(t("resources.hours"), labels, "resources.hours", kind="segments", label_visibility="collapsed")
    with shown():
        quotas = {one["name"]: one["quota"] for one in workbench().environments.list()}
        draw_history(workbench().history(hours or HOURS[0]), quotas)
        draw_accounts(workbench().accounts())


st.caption(t("resources.about"))
watched(_draw, 3.0)
watched(_draw_history, 10.0)
