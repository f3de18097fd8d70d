"""Deleting on a screen: a button, what uses the thing, and for half a minute a line with the way back."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.errors import shown
from app.live import watched
from app.previews import clipped, moment, size_text
from app.session import about, notes, once, read_only, release, workbench
from app.text import plain, t, word

_NAMED = 5  # users of each sort
_TICK = 1.0
_LISTED = 3  # deletions that can be taken back on a page
UNDO_S = 30.0
"""Seconds for which a page offers the way back."""


@dataclass(frozen=True)
class Subject:
    """What a button deletes: what the page shows, whatever is newest by then.

    Args:
        kind: As the engine calls it.
        name: Of the thing.
        parts: Versions or numbers that are shown; None where it has none.
        revision: At which it is shown, where it changes.
        pickers: Widgets that hold its name, which goes away.
        whole: Whether the parts are all that there were when they were shown: those that come later stay.
    """

    kind: str
    name: str
    parts: Sequence[str] | None = None
    revision: float | None = None
    pickers: Sequence[str] = ()
    whole: bool = False

    @property
    def identity(self) -> str:
        """Tells it from everything else that a page may show, also when more parts have come."""
        return "/".join((self.kind, self.name, *(("all",) if self.whole else self.parts or ())))


def draw_delete(subject: Subject, label: str, line: DeltaGenerator | None = None) -> None:
    """Draw the button that deletes a thing; once it is pressed, what uses the thing and the question.

    Args:
        subject: What is deleted.
        label: Of the button, a key of the texts, or a text that was made.
        line: Where the button stands; the question is drawn here.
    """
    asked = notes("deleting")
    with line if line is not None else st.container():
        key = about("deleting.ask", subject.identity)
        if st.button(label, key=key, icon=":material/delete:", type="tertiary", disabled=read_only()):
            asked["asked"] = subject
    held = asked.get("asked")
    if isinstance(held, Subject) and held.identity == subject.identity:
        with st.container(border=True), shown(stop=False):
            _draw_question(held)


def _draw_question(subject: Subject) -> None:
    told = workbench().deletions.look(subject.kind, subject.name, subject.parts)
    st.markdown(t("deleting.asks", kind=_kind(subject.kind), name=_name(told), size=size_text(told["bytes"])))
    beside = [f"{count} {_kind(kind)}" for kind, count in told["with"].items()]
    if beside:
        st.markdown(t("deleting.with", what=", ".join(beside)))
    for how in ("now", "breaks", "history"):
        users = [user for user in told["users"] if user["how"] == how]
        if users:
            st.markdown(t(f"deleting.{how}", users=_named(users)))
    if not told["users"]:
        st.caption(t("deleting.unused"))
    breaks = any(user["how"] == "breaks" for user in told["users"])
    with st.container(horizontal=True):
        if told["refused"]:
            st.caption(t("deleting.first"))
        else:
            label, key = t("deleting.anyway") if breaks else t("deleting.yes"), about("deleting.yes", subject.identity)
            if st.button(label, key=key, type="primary", disabled=read_only()):
                _delete(subject, anyway=breaks)
        if st.button(t("deleting.no"), key=about("deleting.no", subject.identity)):
            notes("deleting").pop("asked", None)
            st.rerun()


def _delete(subject: Subject, *, anyway: bool) -> None:
    """Delete what the question was about, once, and draw the page without it."""

    def delete() -> str:
        desk, revision = workbench().deletions, subject.revision
        return str(desk.delete(subject.kind, subject.name, subject.parts, revision=revision, anyway=anyway)["id"])

    once(f"deleting.{subject.identity}", delete)
    notes("deleting").pop("asked", None)
    for picker in subject.pickers:
        release(picker)
    st.rerun()


def draw_undo() -> None:
    """Draw a line for what was deleted within half a minute, with the way back."""
    with shown(stop=False):
        watched(_draw_lines, _TICK if _recent() else None)


def _draw_lines() -> bool:
    for one in _recent()[:_LISTED]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"deleted.{one['id']}"):
            st.markdown(t("deleting.done", kind=_kind(one["kind"]), name=_name(one)))
            left = max(0, round(one["created"] + UNDO_S - time.time()))
            label, key = t("deleting.undo", seconds=left), about("deleting.undo", one["id"])
            if st.button(label, key=key, icon=":material/undo:", disabled=read_only()):
                with shown(stop=False):
                    once(f"deleting.undo.{one['id']}", _undoing(one["id"]))
                    st.rerun()
    return False


def _undoing(deletion: str) -> Callable[[], str]:
    return lambda: str(workbench().deletions.undo(deletion)["id"])


def _recent() -> list[Mapping[str, Any]]:
    return [one for one in workbench().deletions.list() if time.time() < one["created"] + UNDO_S]


def _kind(kind: str) -> str:
    return word("deleted", kind)


def _name(told: Mapping[str, Any]) -> str:
    name = plain(clipped(told["name"]))
    if told["kind"] in {"dataset", "model", "report"} and told["parts"]:
        return f"{name} ({', '.join(map(plain, told['parts'][:_NAMED]))}{', …' if len(told['parts']) > _NAMED else ''})"
    if told["kind"] == "captures":
        return f"{name} ({t('deleting.until', at=moment(float(told['parts'][0])))})"
    return name


def _named(users: Sequence[Mapping[str, Any]]) -> str:
    names = [f"{_kind(user['kind'])} {plain(clipped(user['name']))}" for user in users[:_NAMED]]
    more = [t("deleting.more", count=len(users) - _NAMED)] if len(users) > _NAMED else []
    return ", ".join([*names, *more])
