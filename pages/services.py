"""Services: whether they are well, how fast they answer, how to call them, and forms to try one."""

import streamlit as st

from app.choices import choice, empty, view
from app.errors import shown
from app.services.calling import draw_call
from app.services.captured import draw_captured
from app.services.head import draw_head
from app.services.listing import draw_services
from app.services.traffic import draw_traffic
from app.services.trying import draw_try
from app.session import workbench
from app.text import t

with shown():
    services = workbench().services.list()

if not services:
    empty(t("services.empty"), t("services.open_models"), "models")

with st.container():  # what comes and goes leaves what is below in its place
    draw_services(services)
name = choice(t("services.service"), [service["name"] for service in services], "service", of="")
service = next(service for service in services if service["name"] == name)
draw_head(name)
chosen = view(t("services.view"), ["try", "traffic", "call", "captured"], "service_view")
with shown(stop=False):
    if chosen == "try":
        draw_try(service)
    elif chosen == "traffic":
        draw_traffic(name)
    elif chosen == "call":
        draw_call(service)
    else:
        draw_captured(name)
