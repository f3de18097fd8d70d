"""Work of a second or more: a job in the engine that a page asks for and only watches.

Everything is in the records. A session remembers at most which job it watches; a page that is opened anew finds
the newest job of the same kind and subject.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app.errors import draw_error, shown
from app.live import watched
from app.session import dismiss, dismissed, gesture, read_only, started, watch, workbench
from app.text import t, word
from engine.errors import EngineError, NotFoundError

Done = Callable[[dict[str, Any]], None]
Job = Mapping[str, Any]

LIVE = ("queued", "running")
RECENT = 300.0
"""Seconds for which a page that is opened anew still shows how a job ended."""


def begin(kind: str, arguments: Mapping[str, Any], subject: str = "") -> None:
    """Ask for a job, once for each gesture, unless one of that kind and subject goes on; an error is drawn.

    Call it where a button was pressed, then `st.rerun()`.

    Args:
        kind: A kind of job, see engine.workbench.tasks.
        arguments: JSON that the kind takes.
        subject: What the job is about, by which pages find it: the name of a dataset, a run, a service.
    """
    with shown():
        if not busy(kind, subject):
            jobs = workbench().jobs
            identity = jobs.begin(kind, arguments, subject=subject, key=gesture(f"{kind}.{subject}"))
            watch(kind, identity, subject)


def busy(kind: str, subject: str = "") -> bool:
    """Return whether a job of this kind goes on: of this subject, or of any where none is given."""
    newest = workbench().jobs.list(kind, subject or None, limit=1)
    return bool(newest) and newest[0]["status"] in LIVE


def followed(kind: str, sentence: str, done: Done, *, subject: str = "") -> None:
    """Draw the newest job of a kind: `sentence` and how far it is, then what came of it.

    Args:
        kind: A kind of job.
        sentence: What is being done, for the reader.
        done: Draws the result, a JSON document; an error is drawn as its sentence. Both stay for some minutes, or
            until `forget`.
        subject: Only jobs about this; about anything where it is empty.
    """
    with shown(stop=False):
        job = _watched(kind, subject)
        if job is None:
            return
        if job["status"] in LIVE:
            watched(_waiting, 0.5, job["id"], sentence)
        elif job["status"] == "failed":
            draw_error(EngineError(job["error"]["sentence"], hint=job["error"]["hint"]))
        elif job["status"] == "cancelled":
            st.info(t("work.cancelled"), icon=":material/cancel:")
        else:
            done(job["result"])


def forget(kind: str, subject: str = "") -> None:
    """Draw nothing more of the last job of this kind and subject, in this session."""
    job = _watched(kind, subject)
    if job is not None and job["status"] not in LIVE:
        dismiss(kind, job["id"], subject)
        watch(kind, None, subject)


def _watched(kind: str, subject: str) -> Job | None:
    """Return the job that this session watches; else the newest, if it goes on or ended a short while ago."""
    jobs, mine = workbench().jobs, started(kind, subject)
    try:
        if mine is not None:
            return jobs.show(mine)
    except NotFoundError:  # of another workspace, or forgotten since
        watch(kind, None, subject)
    for job in jobs.list(kind, subject or None, limit=1):
        recent = job["status"] in LIVE or time.time() - (job["ended"] or 0.0) < RECENT
        if recent and job["id"] != dismissed(kind, subject):
            return jobs.show(job["id"])
    return None


def _waiting(identity: str, sentence: str) -> bool:
    """Draw a job that goes on; return whether it is over."""
    with shown():
        job = workbench().jobs.show(identity)
        _draw(job, sentence)
    return job["status"] not in LIVE


def _draw(job: Job, sentence: str) -> None:
    line, button = st.columns([5, 1], vertical_alignment="center")
    share, told = job["progress"].get("share"), f"{sentence} · {job['seconds']:.0f} s"
    if share is None:
        line.status(told, state="running")
    else:
        line.progress(min(1.0, max(0.0, float(share))), text=told)
    stopping = job["cancelling"] or read_only()
    if button.button(t("work.cancel"), key=f"work.cancel.{job['id']}", disabled=stopping, width="stretch"):
        workbench().jobs.cancel(job["id"])
    st.caption(_explained(job))


def _explained(job: Job) -> str:
    if job["cancelling"]:
        return t("work.cancelling")
    if not workbench().engine.status()["running"]:
        return t("work.engine_down")
    if job["status"] == "queued":
        return t("work.queued")
    step = job["progress"].get("step")
    return t("work.step", step=word("step", step)) if step else t("work.goes_on")
