"""A pipeline as the text of its file, which can be edited, and as the Python that makes it."""

import streamlit as st

from app.pipelines.sight import Sight, edit
from app.sentences import in_words
from app.session import about, read_only, workbench
from app.text import plain, t

_TOLD = 10  # problems under the field


def draw_yaml(sight: Sight) -> None:
    """Draw the file of the pipeline: to take away, and to edit; what cannot be read stays in its field."""
    kept = workbench().pipelines.yaml(sight.name)
    _draw_taken(t("pipelines.file_help"), kept, f"{sight.name}.yaml", "application/yaml")
    text = _draw_field(sight, kept)
    if text == kept:
        return
    for problem in workbench().check(text)["problems"][:_TOLD]:
        place = f"{plain(problem['node'])}: " if problem["node"] else ""
        st.warning(
            f"{place}{plain(in_words(problem['sentence']))}  \n{plain(in_words(problem['hint']))}",
            icon=":material/warning:",
        )
    if st.button(
        t("pipelines.keep_text"), key=about("pipelines.keep_text", sight.made), type="primary", disabled=read_only()
    ):
        sight.held["file_sent"] = (text, sight.draft["revision"])
        edit(sight, {"op": "replace", "document": text})


def _draw_field(sight: Sight, kept: str) -> str:
    """Draw the field of the text and return it; where the pipeline changed, text that nobody touched follows."""
    held = sight.held
    sent, revision = held.pop("file_sent", ("", sight.draft["revision"]))
    if sight.draft["revision"] > revision:
        held["file_seed"] = sent  # it was kept, perhaps in other words
    seed = held.setdefault("file_seed", kept)
    if seed != kept and held.get("file_text", seed) == seed:
        seed, held["file_round"] = kept, held.get("file_round", 0) + 1
        held["file_seed"] = kept
    if seed != kept:
        st.info(t("pipelines.text_is_older"), icon=":material/history:")
        if st.button(t("pipelines.show_newest"), key=about("pipelines.newest_text", sight.made)):
            held["file_text"] = seed
            st.rerun()
    held["file_text"] = st.text_area(
        t("pipelines.text"),
        seed,
        height=420,
        key=f"monospace.pipelines.{sight.made}.{held.get('file_round', 0)}",
        persist_state="session",
        disabled=read_only(),
    )
    return str(held["file_text"])


def draw_python(sight: Sight) -> None:
    """Draw the Python that makes the pipeline."""
    python = workbench().pipelines.python(sight.name)
    _draw_taken(t("pipelines.python_help"), python, f"{sight.name}.py", "text/x-python")
    st.code(python, language="python")


def _draw_taken(told: str, text: str, file: str, mime: str) -> None:
    """Draw a line about a text, with the button that takes it away as a file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.caption(told, width="stretch")
        st.download_button(
            t("pipelines.download"),
            text,
            file_name=file,
            mime=mime,
            key=f"pipelines.take.{file.rpartition('.')[2]}",
            on_click="ignore",
            icon=":material/download:",
        )
