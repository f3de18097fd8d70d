"""The runs there are: which of them, as a table whose rows open one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from app.choices import choice
from app.errors import KNOWN
from app.picking import draw_pickable
from app.previews import moment, short, table_of
from app.session import choose, workbench
from app.states import run_state
from app.text import t, word

Run = Mapping[str, Any]
ALL = "all"
STATUSES = ("queued", "running", "succeeded", "failed", "cancelled")
SHOWN = 200
"""Runs that the list shows; a filter brings older ones up."""


def draw_filters() -> Sequence[Run]:
    """Draw the filters, and return the newest runs that pass them."""
    columns = st.columns([1, 2, 3], vertical_alignment="bottom")
    with columns[0]:
        status = choice(
            t("runs.status"),
            [ALL, *STATUSES],
            "runs_status",
            lambda name: t("runs.any_status") if name == ALL else word("status", name),
        )
    with columns[1]:
        names = list(workbench().runs.pipelines())
        pipeline = choice(
            t("runs.pipeline"),
            [ALL, *(f"={name}" for name in names)],
            "runs_of",
            lambda name: t("runs.any_pipeline") if name == ALL else name[1:],
        )
    return workbench().runs.list(
        SHOWN,
        pipeline=None if pipeline == ALL else pipeline[1:],
        statuses=() if status == ALL else (status,),
    )


def draw_list(runs: Sequence[Run]) -> None:
    """Draw runs as a table; the row that is clicked becomes the run of the page."""
    keys = ("run", "pipeline", "status", "main_metric", "started", "seconds", "engine", "environment")
    rows = [
        (
            run["id"], run["pipeline"], run_state(run), main_metric(run), moment(run["started"]), short(run["seconds"]),
            run["engine"], run["environment"],
        )
        for run in runs
    ]  # fmt: skip
    table = table_of([t(f"runs.{key}") for key in keys], rows)
    height = min(35 * (len(rows) + 1) + 3, 320)
    clicked = draw_pickable(table, [run["id"] for run in runs], "runs", height=height)
    if clicked:
        choose("run", clicked)
    if len(runs) == SHOWN:
        st.caption(t("runs.newest", count=SHOWN))


def main_metric(run: Run) -> str | None:
    """Return the main figure of merit of a run as text; None where nothing was scored."""
    found = run["metric"]
    return f"{word('metric', found['name'])} {short(found['value'])}" if found else None


def draw_chooser(runs: Sequence[Run]) -> str:
    """Draw the choice of one run, that of the link among them, and return its id."""
    known = {run["id"]: run for run in runs}
    asked = st.query_params.get("run")
    if asked and asked not in known:
        with suppress(*KNOWN):  # a link to a run that is gone opens another one
            known[asked] = workbench().runs.summary(asked)
    labels = {identity: f"{identity} · {run['pipeline']} · {moment(run['created'])}" for identity, run in known.items()}
    return choice(t("runs.run"), list(labels), "run", labels.__getitem__, of="")
