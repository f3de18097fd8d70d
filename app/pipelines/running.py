"""Running a pipeline from the designer: where and how, the whole of it or up to one node."""

import streamlit as st

from app.errors import KNOWN, shown
from app.pipelines.sight import Sight
from app.preferences import preferred
from app.session import gesture, once, read_only, workbench
from app.text import t

LIVE = ("queued", "running")
_ENGINES = ("polars", "duckdb", "spark")


def draw_run(sight: Sight) -> None:
    """Draw how a pipeline is run, and the button that runs it."""
    with st.popover(t("pipelines.how"), icon=":material/tune:"):
        with shown():
            found = workbench().resources()["environments"]
        names = [one["name"] for one in found if one.get("policy") != "fixed"] or [one["name"] for one in found]
        wanted = {name: preferred(name) for name in ("environment", "engine", "seed")}
        sight.held["how"] = {
            "environment": st.selectbox(
                t("pipelines.environment"),
                names,
                names.index(wanted["environment"]) if wanted["environment"] in names else 0,
                key=f"pipelines.environment.{wanted['environment']}",
                persist_state="session",
            ),
            "engine": st.selectbox(
                t("pipelines.engine"),
                _ENGINES,
                _ENGINES.index(wanted["engine"]),
                key=f"pipelines.engine.{wanted['engine']}",
                persist_state="session",
            ),
            "seed": int(
                st.number_input(
                    t("pipelines.seed"),
                    0,
                    value=wanted["seed"],
                    step=1,
                    key=f"pipelines.seed.{wanted['seed']}",
                    persist_state="session",
                )
            ),
        }
    if st.button(
        t("pipelines.run"),
        key="pipelines.run",
        type="primary",
        icon=":material/play_arrow:",
        shortcut="Ctrl+Enter",
        disabled=read_only() or stopped(sight),
        help=t("pipelines.mend_first") if stopped(sight) else None,
    ):
        sight.held["run_asked"] = True


def run_asked(sight: Sight) -> None:
    """Run the pipeline if that was asked for: call it when the forms are drawn and what they say is kept.

    Ctrl+Enter in a text brings the new text and the press at once, and the press is seen first.
    """
    if sight.held.pop("run_asked", False):
        if stopped(sight):
            st.toast(t("pipelines.mend_first"), icon=":material/error:")
        else:
            run(sight)


def stopped(sight: Sight) -> bool:
    """Return whether something is wrong that must be mended before the pipeline can run."""
    return any(problem["severity"] == "error" for problem in sight.findings["problems"])


def run(sight: Sight, node: str | None = None) -> None:
    """Ask for a run of the pipeline, or of what leads to `node`, once for each gesture; the canvas then follows it."""
    name, revision, pressed = sight.name, sight.draft["revision"], f"pipelines.run.{sight.name}.{node}"

    def ask() -> str:
        return str(workbench().pipelines.run(name, revision, node=node, key=gesture(pressed), **sight.held["how"]))

    try:
        once(f"{pressed}.{revision}", ask)
    except KNOWN as error:
        sight.held["refused"] = error
    st.rerun()
