"""Runs beside each other: what was set differently, what came of it, how long it took."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.choices import several
from app.comparison import draw_differences, draw_metrics_beside
from app.previews import draw_table, moment, short, table_of
from app.session import workbench
from app.text import t

Run = Mapping[str, Any]
MOST = 5
"""Runs that are compared at most, the page's own among them."""
_OFFERED = 100


def draw_compare(run: Run) -> None:
    """Draw the choice of other runs, and the comparison with them."""
    offered = _offered(run)
    if not offered:
        st.caption(t("runs.no_other"))
        return
    labels = {one["id"]: f"{one['id']} · {one['pipeline']} · {moment(one['created'])}" for one in offered}
    others = several(t("runs.compare_with"), labels, "with", default=list(labels)[:1], most=MOST - 1)
    if not others:
        return
    found = workbench().runs.compare([run["id"], *others])
    names = {identity: identity for identity in (run["id"], *others)}
    draw_metrics_beside(found["metrics"], names, "compared_metrics")
    draw_differences(found["parameters"], names, "compared_parameters")
    st.markdown(f"**{t('runs.seconds')}**")
    rows = [
        (row["node"] or t("compare.whole"), *(short(row["values"].get(key)) for key in names))
        for row in found["seconds"]
    ]
    draw_table(table_of([t("runs.node"), *names], rows), "compared_seconds")


def _offered(run: Run) -> Sequence[Run]:
    """Return the runs to compare with: the earlier ones of the same pipeline first."""
    listed = [one for one in workbench().runs.list(_OFFERED) if one["id"] != run["id"]]
    own = [one for one in listed if one["pipeline"] == run["pipeline"]]
    before = [one for one in own if one["created"] < run["created"]]
    return [*before, *(one for one in own if one not in before), *(one for one in listed if one not in own)]
