"""Running a pipeline from the designer: where and how, the whole of it or up to one node."""

import streamlit as st

from app.errors import KNOWN, shown
from app.pickers import pick
from app.pipelines.given import draw_given, is_wrong, waits_for
from app.pipelines.sight import Sight
from app.preferences import preferred
from app.session import about, gesture, once, read_only, workbench
from app.text import plain, t
from operators.contract.card import ALL_ENGINES

LIVE = ("queued", "running")


def draw_run(sight: Sight) -> None:
    """Draw what a run of a pipeline is given and how it is run, and the button that runs it."""
    draw_given(sight)
    with st.popover(t("pipelines.how"), icon=":material/tune:"):
        with shown():
            found = workbench().resources()["environments"]
        names = [one["name"] for one in found if one.get("policy") != "fixed"] or [one["name"] for one in found]
        wanted = {name: preferred(name) for name in ("environment", "engine", "seed")}
        sight.held["how"] = {
            "environment": pick(
                t("pipelines.environment"),
                {name: name for name in names},
                f"pipelines.environment.{wanted['environment']}",
                first=wanted["environment"] if wanted["environment"] in names else names[0],
                persist_state="session",
            ),
            "engine": pick(
                t("pipelines.engine"),
                {name: name for name in ALL_ENGINES},
                f"pipelines.engine.{wanted['engine']}",
                first=wanted["engine"],
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
            "parameters": sight.held["given"],
        }
    if st.button(
        t("pipelines.run"),
        key=about("pipelines.run", sight.made),
        type="primary",
        icon=":material/play_arrow:",
        shortcut="Ctrl+Enter",
        disabled=read_only() or stopped(sight),
        help=_why_not(sight),
    ):
        sight.held["run_asked"] = True


def run_asked(sight: Sight) -> None:
    """Run the pipeline if that was asked for: call it when the forms are drawn and what they say is kept.

    Ctrl+Enter in a text brings the new text and the press at once, and the press is seen first.
    """
    if sight.held.pop("run_asked", False):
        if stopped(sight):
            st.toast(_why_not(sight) or "", icon=":material/error:")
        else:
            run(sight)


def stopped(sight: Sight) -> bool:
    """Return whether something is wrong that must be mended, or missing, before the pipeline can run."""
    return is_wrong(sight) or bool(waits_for(sight))


def _why_not(sight: Sight) -> str | None:
    if is_wrong(sight):
        return t("pipelines.mend_first")
    wanted = waits_for(sight)
    return t("pipelines.give_first", names=plain(", ".join(wanted))) if wanted else None


def run(sight: Sight, node: str | None = None) -> None:
    """Ask for a run of the pipeline, or of what leads to `node`, once for each gesture; the canvas then follows it."""
    name, revision, pressed = sight.name, sight.draft["revision"], f"pipelines.run.{sight.name}.{node}"

    def ask() -> str:
        how = {"node": node, "created": sight.made, "key": gesture(pressed), **sight.held["how"]}
        return str(workbench().pipelines.run(name, revision, **how))

    try:
        once(f"{pressed}.{revision}", ask)
    except KNOWN as error:
        sight.held["refused"] = error
    st.rerun()
