"""The environments: what each is for, what of its quota is taken, and what a share is worth."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.machine.changing import draw_change
from app.machine.shares import UNITS, amount, pool_text
from app.text import plain, t, word

Environment = Mapping[str, Any]


def draw_environments(environments: Sequence[Environment]) -> None:
    """Draw a card for each environment, with a bar for each resource of its quota."""
    st.header(t("resources.environments"))
    st.info(t("resources.level"), icon=":material/info:")
    columns = st.columns(max(1, min(3, len(environments))))
    for position, environment in enumerate(environments):
        with columns[position % len(columns)].container(border=True, height="stretch"):
            _draw(environment)


def _draw(environment: Environment) -> None:
    policy, level = word("policy", environment["policy"]), word("level_of", environment["level"])
    pool = f" :violet-badge[{plain(pool_text(environment['pool']))}]" if environment["pool"] else ""
    st.markdown(f"**{plain(environment['name'])}** :blue-badge[{policy}] :gray-badge[{level}]{pool}")
    st.caption(t(f"resources.about_{environment['policy']}"))
    for name in UNITS:
        quota = environment["quota"].get(name, 0)
        if not quota:
            continue
        taken = min(environment["taken"][name], quota)
        told = {
            "taken": amount(name, taken),
            "quota": amount(name, quota),
            "free": amount(name, environment["free"][name]),
        }
        st.progress(taken / quota, text=t(f"resources.bar_{name}", **told))
    st.caption(t("resources.busy", running=environment["running"], queued=environment["queued"]))
    st.caption(t("resources.order", order=word("scheduling", environment["scheduling"])))
    draw_change(environment)
