"""One service on a screen: its state, how to call it, a form that asks it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.errors import shown
from app.forms import row_form
from app.previews import draw_table, table_of
from app.session import workbench
from app.text import plain, t

Service = Mapping[str, Any]


def draw_state(service: Service) -> None:
    """Draw what the engine says about a service that is not well."""
    if service["message"]:
        st.warning(plain(service["message"]), icon=":material/warning:")


def draw_try(service: Service) -> Sequence[Mapping[str, Any]]:
    """Draw a form for one row, ask the service about it, and return what its signature asks for."""
    versions = workbench().models.show(service["model"])
    version = next((v for v in versions if v["version"] == str(service["version"])), versions[0])
    inputs: Sequence[Mapping[str, Any]] = version["signature"]["inputs"]
    with st.form("try", border=True):
        row = row_form(inputs, service["name"])
        asked = st.form_submit_button(t("services.ask"), type="primary")
    if asked:
        with shown(stop=False):
            _draw_answer(workbench().services.predict(service["name"], [row]))
    return inputs


def draw_call(service: Service, inputs: Sequence[Mapping[str, Any]]) -> None:
    """Draw how to call a service from a shell and from Python."""
    row = {field["name"]: next(iter(field["top"] or field["examples"]), None) for field in inputs}
    body = json.dumps({"rows": [row]}, ensure_ascii=False)
    url = f"{service['url'] or 'http://127.0.0.1'}/predict"
    quoted = body.replace("'", "'\\''")
    st.code(f"curl {url} -H 'content-type: application/json' -d '{quoted}'", language="shell", wrap_lines=True)
    lines = ["from engine import Workbench", "", f"bench = Workbench.open({str(workbench().workspace.root)!r})"]
    st.code("\n".join([*lines, f"bench.services.predict({service['name']!r}, {[row]!r})"]), language="python")


def draw_stop(service: Service) -> None:
    """Offer to stop a service."""
    if service["wanted"] == "stopped":
        st.caption(t("services.stopping"))
    elif st.button(t("services.stop"), key="services.stop", icon=":material/stop_circle:"):
        with shown():
            workbench().services.stop(service["name"])
        st.rerun()


def _draw_answer(answer: Any) -> None:
    st.caption(t("services.answer"))
    flat = [
        {"prediction": one["prediction"], **(one.get("probabilities") or {})}
        if isinstance(one, dict)
        else {"prediction": one}
        for one in answer["predictions"]
    ]
    names = list(flat[0]) if flat else []
    draw_table(table_of(names, [[row.get(name) for name in names] for row in flat]), "answer")
