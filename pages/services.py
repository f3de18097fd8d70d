"""Services: whether they are well, how to call them, and a form to try one."""

import streamlit as st

from app.choices import choice, empty, page_link
from app.errors import shown
from app.listings import draw_services
from app.services import draw_call, draw_state, draw_stop, draw_try
from app.session import workbench
from app.text import t

with shown():
    services = workbench().services.list()

if not services:
    empty(t("services.empty"), t("services.open_models"), "models")

draw_services(services)
name = choice(t("services.service"), [service["name"] for service in services], "service")
service = next(service for service in services if service["name"] == name)
draw_state(service)
page_link("monitoring", t("services.watch"), service=name)

st.subheader(t("services.try"))
with shown(stop=False):
    signature = draw_try(service)
    st.subheader(t("services.call"))
    draw_call(service, signature)
draw_stop(service)
