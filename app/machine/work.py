"""What runs where, what waits and why."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.choices import open_page
from app.machine.shares import amount, share_text
from app.picking import draw_pickable
from app.previews import draw_table, moment, table_of
from app.sayings import say
from app.sentences import in_words
from app.text import t, word

Claim = Mapping[str, Any]


def draw_holding(claims: Sequence[Claim]) -> None:
    """Draw who holds a share; the row that is clicked opens its run or its service."""
    st.header(t("resources.holding"))
    if not claims:
        st.caption(t("resources.nothing_runs"))
        return
    keys = ("what", "name", "run", "environment", "share", "devices_of", "since")
    rows = [
        (
            word("claim", one["kind"]), one["name"], one["run"], one["environment"], share_text(one["share"]),
            ", ".join(one["devices"]) or "CPU", moment(one["since"]),
        )
        for one in claims
    ]  # fmt: skip
    _pick(claims, table_of([t(f"resources.{key}") for key in keys], rows), "holding")


def draw_waiting(claims: Sequence[Claim]) -> None:
    """Draw what waits, and for what."""
    st.header(t("resources.waiting"))
    if not claims:
        st.caption(t("resources.nothing_waits"))
        return
    keys = ("what", "name", "run", "environment", "reason", "since")
    rows = [
        (
            word("claim", one["kind"]), one["name"], one["run"], one["environment"], say(one["reason"]),
            moment(one["since"]),
        )
        for one in claims
    ]  # fmt: skip
    _pick(claims, table_of([t(f"resources.{key}") for key in keys], rows), "waiting")


def draw_decisions(decisions: Sequence[Mapping[str, Any]]) -> None:
    """Draw what the scheduler has decided of late, and why."""
    if not decisions:
        return
    with st.expander(t("resources.decisions"), icon=":material/gavel:"):
        st.caption(t("resources.about_decisions"))
        keys = ("at", "decided", "name", "run", "environment", "devices_of", "waited", "policy", "why", "instead")
        rows = [
            (
                moment(one["at"]), word("decided", one["what"]), one["node"], one["run"], one["environment"],
                _where(one), f"{one['waited']:.1f} s", one["policy"], _why(one), _instead(one),
            )
            for one in decisions
        ]  # fmt: skip
        draw_table(table_of([t(f"resources.{key}") for key in keys], rows), "decisions")


def _where(decision: Mapping[str, Any]) -> str:
    names = ", ".join(decision["devices"]) or "CPU"
    return f"{amount('gpu', decision['share'])} × {names}" if decision["share"] else names


def _instead(decision: Mapping[str, Any]) -> str:
    """Return what else could have been."""
    return ", ".join(
        f"{one.get('device') or one['machine']}: "
        + (t("resources.would_cost", seconds=f"{one['cost_s']:.0f}") if "cost_s" in one
           else t("resources.had_free", free=amount("gpu", one["free"])))
        for one in decision["alternatives"]
    )  # fmt: skip


def _why(decision: Mapping[str, Any]) -> str:
    return t(f"why.{decision['why']}", whom=in_words(decision["whom"]))


def draw_groups(groups: Sequence[Mapping[str, Any]]) -> None:
    """Draw the placement groups that hold the shares in Ray."""
    if not groups:
        return
    with st.expander(t("resources.groups"), icon=":material/dashboard:"):
        st.caption(t("resources.about_groups"))
        keys = ("name", "environment", "held_for", "share")
        rows = [
            (one["name"], one["environment"], one["service"] or t("resources.reserve"), share_text(one["share"]))
            for one in groups
        ]
        draw_table(table_of([t(f"resources.{key}") for key in keys], rows), "groups")


def _pick(claims: Sequence[Claim], table: Any, name: str) -> None:
    named = [f"{position}" for position in range(len(claims))]
    clicked = draw_pickable(table, named, name)
    if clicked is None:
        return
    claim = claims[int(clicked)]
    if claim["run"]:
        open_page("runs", run=claim["run"])
    open_page("services", service=claim["name"])
