"""Below the canvas: the node that is shown, everything that is wrong, the pipeline as text and as Python, versions."""

from collections.abc import Callable, Mapping

import streamlit as st

from app.choices import view
from app.errors import shown
from app.pipelines.link import draw_link
from app.pipelines.sight import Sight, change
from app.pipelines.step import draw_step
from app.pipelines.texts import draw_python, draw_yaml
from app.previews import draw_table, moment, table_of
from app.sentences import in_words
from app.session import note, read_only, workbench
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
        label = st.text_input(t("pipelines.label"), key=f"pipelines.label.{sight.name}", max_chars=200)
        if st.button(t("pipelines.keep_version"), key="pipelines.keep_version", disabled=off or not label.strip()):
            with shown(stop=False):
                desk.name_version(sight.name, label)
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
            if st.button(t("pipelines.restore"), key=f"pipelines.restore.{version['number']}", disabled=off):
                change(_restoring(sight.name, version["number"]))


def _restoring(name: str, number: int) -> Callable[[int], Mapping[str, object]]:
    return lambda revision: workbench().pipelines.restore(name, number, revision)


def draw_views(sight: Sight) -> None:
    """Draw the choice of what is shown below the canvas, and that; the step can be chosen here as well as there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = view(t("pipelines.view"), list(VIEWS), "pipeline_view")
        if sight.nodes:
            st.selectbox(
                t("pipelines.step"),
                list(sight.nodes),
                key="node",
                format_func=lambda node: f"{node} · {sight.title_of(node)}",
                label_visibility="collapsed",
                icon=":material/ads_click:",
                width=340,
            )
            note("node", str(sight.selected))
    VIEWS[chosen](sight)


VIEWS: dict[str, Callable[[Sight], None]] = {
    "step": _step, "problems": _problems, "file": draw_yaml, "python": draw_python, "versions": _versions,
}  # fmt: skip
