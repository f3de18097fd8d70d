"""The head of a run: how it stands, how far it is, and what can be done with it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.choices import open_page, page_link
from app.deleting import Subject, draw_delete
from app.errors import draw_error, shown
from app.forms.labels import value_label
from app.runs.register import trainers_of
from app.sentences import in_words
from app.session import about, gesture, once, read_only, workbench
from app.states import run_state
from app.text import plain, t
from engine.errors import EngineError

Run = Mapping[str, Any]
LIVE = ("queued", "running")
FINISHED = ("done", "reused")
COLOURS = {"succeeded": "green", "failed": "red", "cancelled": "gray", "running": "orange", "queued": "blue"}


def draw_head(run: Run, view: str) -> None:
    """Draw the status of a run, its progress while it lives, its error, and its buttons.

    Args:
        run: As `bench.runs.show` gives it.
        view: Of the run that is drawn below.
    """
    status = f":{COLOURS.get(run['status'], 'gray')}-badge[{run_state(run)}]"
    seconds = "" if run["seconds"] is None else f" · {run['seconds']:.1f} s"
    done = sum(node["status"] in FINISHED for node in run["nodes"].values())
    nodes = t("runs.nodes_done", done=done, total=len(run["nodes"]))
    where = f"{run['engine']} · {plain(run['environment'])} · {t('runs.seed')} {run['seed']}"
    st.markdown(f"{status} **{plain(run['pipeline'])}** · {nodes}{seconds} · {where}")
    if run["parameters"]:
        given = " · ".join(f"{plain(name)} = {plain(value_label(value))}" for name, value in run["parameters"].items())
        st.caption(f"{t('runs.parameters')}: {given}")
    for ref, label in run["sources"].items():
        if ref.startswith("model:"):
            st.caption(t("runs.loaded", ref=plain(ref.partition(":")[2]), version=plain(label.rpartition("@")[2])))
    if run["status"] in LIVE:
        st.progress(done / max(1, len(run["nodes"])))
    if run["error"]:
        place = f"{t('runs.node')} {run['error']['node']}: " if run["error"].get("node") else ""
        draw_error(EngineError(f"{place}{in_words(run['error']['sentence'])}", hint=run["error"].get("hint") or ""))
    line = st.container(horizontal=True, vertical_alignment="center")
    with line:
        _draw_buttons(run, view)
    if run["status"] not in LIVE:
        draw_delete(Subject("run", run["id"], pickers=("run",)), t("deleting.delete"), line)


def _draw_buttons(run: Run, view: str) -> None:
    if run["status"] in LIVE and _button(run, "cancel", "cancel"):
        with shown(stop=False):
            workbench().runs.cancel(run["id"])
            st.toast(t("runs.cancelling"))
    if run["status"] in ("failed", "cancelled") and _button(run, "resume", "play_arrow", kind="primary"):
        with shown():
            workbench().runs.resume(run["id"])
        st.rerun()
    if run["status"] not in LIVE and _button(run, "again", "replay"):
        with shown():
            again = once(f"runs.again.{run['id']}", lambda: _again(run))
        open_page("runs", run=again)
    if _button(run, "open", "account_tree"):
        with shown():
            name = once(f"runs.open.{run['id']}", lambda: _opened(run))
        open_page("pipelines", pipeline=name)
    if view != "register" and run["status"] == "succeeded" and trainers_of(run):
        page_link("runs", t("runs.register"), run=run["id"], run_view="register")


def _again(run: Run) -> str:
    """Return the id of a new run of the same pipeline, in the same way."""
    pipeline, key = workbench().runs.pipeline(run["id"]), gesture(f"runs.again.{run['id']}")
    asked = {name: run[name] for name in ("environment", "engine", "seed")}
    return workbench().run(pipeline, key=key, **asked).id


def _opened(run: Run) -> str:
    """Return the name of a new pipeline that is the run's."""
    pipelines = workbench().pipelines
    document = workbench().runs.pipeline(run["id"]).document()
    return str(pipelines.create(pipelines.free_name(run["pipeline"]), document)["name"])


def _button(run: Run, name: str, icon: str, kind: Any = "secondary") -> bool:
    label, key = t(f"runs.{name}"), about(f"runs.{name}", run["id"])
    return st.button(label, key=key, icon=f":material/{icon}:", type=kind, disabled=read_only())
