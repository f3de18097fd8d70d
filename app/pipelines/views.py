"""Below the canvas: the node that is shown, everything that is wrong, the pipeline as text and as Python, versions."""

from collections.abc import Callable, Mapping

import streamlit as st

from app.choices import view
from app.errors import shown
from app.pickers import pick
from app.pipelines.link import draw_link
from app.pipelines.sight import Sight, change
from app.pipelines.step import draw_step
from app.pipelines.texts import draw_python, draw_yaml
from app.previews import draw_table, moment, table_of
from app.sentences import in_words
from app.session import about, note, read_only, workbench
from app.text import plain, t


def _step(sight: Sight) -> None:
    if not sight.nodes or draw_link(sight):
        return
    draw_step(sight)


def _problems(sight: Sight) -> None:
    problems = sight.findings["problems"]
    if not problems:
        st.success(t("pipelines.fine"), icon=":material/check_circle:")
        return
    keys = ("node", "field", "sentence", "hint")
    rows = [(one["node"], one["field"], in_words(one["sentence"]), in_words(one["hint"])) for one in problems]
    draw_table(table_of([t(f"pipelines.{key}") for key in keys], rows), "problems")


def _versions(sight: Sight) -> None:
    desk, off = workbench().pipelines, read_only()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.text_input(t("pipelines.label"), key=about("pipelines.label", sight.made), max_chars=200)
        keep = about("pipelines.keep_version", sight.made)
        if st.button(t("pipelines.keep_version"), key=keep, disabled=off or not label.strip()):
            with shown(stop=False):
                desk.name_version(sight.name, label, sight.draft["revision"], created=sight.made)
    with shown(stop=False):
        versions = desk.versions(sight.name)
    if not versions:
        st.caption(t("pipelines.no_versions"))
    for version in versions:
        with st.container(horizontal=True, vertical_alignment="center"):
            told = (moment(version["created"]), plain(version["actor"]), t("pipelines.steps", count=version["nodes"]))
            st.markdown(
                f"**{version['number']} · {plain(version['label'])}** · {' · '.join(map(str, told))}", width="stretch"
            )
            restore = about(f"pipelines.restore.{version['number']}", sight.made)
            if st.button(t("pipelines.restore"), key=restore, disabled=off):
                change(sight, _restoring(sight, version["number"]))


def _restoring(sight: Sight, number: int) -> Callable[[int], Mapping[str, object]]:
    return lambda revision: workbench().pipelines.restore(sight.name, number, revision, created=sight.made)


def draw_views(sight: Sight) -> None:
    """Draw the choice of what is shown below the canvas, and that; the step can be chosen here as well as there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = view(t("pipelines.view"), list(VIEWS), "pipeline_view")
        if sight.nodes:
            pick(
                t("pipelines.step"),
                {node: f"{node} · {sight.title_of(node)}" for node in sight.nodes},
                "node",
                first=sight.selected,
                clearable=False,
                label_visibility="collapsed",
                icon=":material/ads_click:",
                width=340,
            )
            note("node", str(sight.selected))
    VIEWS[chosen](sight)


VIEWS: dict[str, Callable[[Sight], None]] = {
    "step": _step, "problems": _problems, "file": draw_yaml, "python": draw_python, "versions": _versions,
}  # fmt: skip
