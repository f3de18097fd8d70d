"""Changing an environment on its card."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.errors import shown
from app.machine.shares import WHOLE, pool_text
from app.pickers import pick
from app.session import read_only, workbench
from app.text import plain, t, word

Environment = Mapping[str, Any]
_KINDS = ("elastic", "mixed", "fixed")


def draw_change(environment: Environment) -> None:
    """Draw the button that opens the form of an environment; what it needs is looked up when it is open."""
    name = environment["name"]
    box = st.popover(
        t("resources.change"), icon=":material/tune:", disabled=read_only(), key=f"resources.{name}.change",
        on_change="rerun",
    )  # fmt: skip
    if box.open:
        with box, shown(stop=False):
            _draw_form(name, workbench().environments.show(name))


def _draw_form(name: str, found: Environment) -> None:
    key, quota = f"resources.{name}", found["quota"]
    with st.form(f"{key}.form", border=False):
        kinds = {one: word("policy", one) for one in _KINDS}
        policy = pick(t("resources.kind_of"), kinds, f"{key}.policy", first=found["policy"])
        ways = {one: f"{one}: {word('scheduling', one)}" for one in found["policies"]}
        scheduling = pick(t("resources.scheduling"), ways, f"{key}.scheduling", first=found["scheduling"])
        levels = list(dict.fromkeys([*found["levels"], found["level"]]))  # it may have been there when it was chosen
        firm = {one: word("level_of", one) for one in levels}
        level = pick(t("resources.firmness"), firm, f"{key}.level", first=found["level"])
        pools = found["pools"] if found["pool"] in found["pools"] else [*found["pools"], found["pool"]]
        by_text = {json.dumps(one, sort_keys=True): one for one in pools}
        called = {written: pool_text(one) for written, one in by_text.items()}
        written = pick(t("resources.pool"), called, f"{key}.pool", first=json.dumps(found["pool"], sort_keys=True))
        wanted = {
            unit: st.number_input(
                t(f"resources.{unit}s"), 0.0, value=quota.get(unit, 0) / WHOLE, step=0.1, format="%.4f",
                key=f"{key}.{unit}",
            )
            for unit in ("cpu", "gpu")
        }  # fmt: skip
        st.caption(t("resources.applies"))
        pressed = st.form_submit_button(t("resources.apply"), type="primary")
    if pressed:
        with shown(stop=False):
            given = {unit: f"{value:.4f}" for unit, value in wanted.items()}
            workbench().environments.change(
                name, policy=policy, scheduling=scheduling, level=level, quota=given, pool=by_text[str(written)]
            )
            st.toast(t("resources.changed", name=plain(name)), icon=":material/check:")
