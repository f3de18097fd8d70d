"""Which pipeline: the list, a new one, another name, a copy, and deletion that can be taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.canvas import counted
from app.errors import shown
from app.pickers import chosen, pick, pick_linked
from app.pipelines.sight import adopt, seen, shown_before, tell
from app.previews import moment
from app.samples import templates
from app.sentences import in_words
from app.session import about, choose, linked, notes, once, read_only, release, workbench
from app.text import plain, t

Listed = Sequence[Mapping[str, Any]]
_SOURCES = ("template", "empty", "file", "run")
_CARDS = 3  # templates in a line


def draw_choice(line: DeltaGenerator) -> str:
    """Draw the list of pipelines with what can be done to them, and return the chosen one; without any, end the page.

    Where there is none, templates to begin with are drawn.

    Args:
        line: Where it is drawn, in a row with other tools.
    """
    with shown():
        listed = workbench().pipelines.list()
    if asked := notes("pipelines.list").pop("asked", None):
        choose("pipeline", asked)
    if not listed:
        _draw_templates()
        _draw_deleted()
        st.stop()
    _follow_name(listed)
    labels = {row["name"]: _told(row) for row in listed}
    with line:
        dress = {"label_visibility": "collapsed", "icon": ":material/account_tree:"}
        name = pick_linked(t("pipelines.pipeline"), labels, "pipeline", of="", **dress)
        with st.popover(t("pipelines.new"), icon=":material/add:"):
            _draw_new()
        with st.popover(t("pipelines.manage"), icon=":material/more_horiz:"):
            _draw_manage(next(row for row in listed if row["name"] == name))
    return name


def _follow_name(listed: Listed) -> None:
    """Show the pipeline that this tab shows under the name that somebody has given it meanwhile; say what became of it.

    One that has come under its old name is another pipeline.
    """
    before = shown_before()
    if before is None or linked("pipeline"):
        return
    name, created = before
    if any((row["name"], row["created"]) == before for row in listed):
        return
    renamed = next((row["name"] for row in listed if row["created"] == created), None)
    if renamed is not None and chosen("pipeline") == name:
        choose("pipeline", renamed)
        tell(t("pipelines.renamed_elsewhere", old=plain(name), new=plain(renamed)))
    elif chosen("pipeline") == name and any(row["name"] == name for row in listed):
        tell(t("pipelines.another_of_that_name", name=plain(name)))


def _told(row: Mapping[str, Any]) -> str:
    parts = [row["name"], t("pipelines.steps", count=row["nodes"])]
    if row["problems"]:
        parts.append(counted(row["problems"]))
    return " · ".join(parts)


def _draw_templates() -> None:
    st.info(t("pipelines.empty"), icon=":material/account_tree:")
    names = list(templates())
    for first in range(0, len(names), _CARDS):
        for place, name in zip(st.columns(_CARDS), names[first : first + _CARDS], strict=False):
            with place.container(border=True, height="stretch"):
                st.markdown(f"**{t(f'pipelines.template_{name}')}**")
                st.caption(t(f"pipelines.about_{name}"))
                if st.button(t("pipelines.use"), key=f"pipelines.use.{name}", disabled=read_only(), width="stretch"):
                    _create(name, templates()[name])
    with st.expander(t("pipelines.otherwise"), icon=":material/add:"):
        _draw_new()


def _draw_new() -> None:
    labels = {name: t(f"pipelines.source_{name}") for name in _SOURCES}
    source = pick(t("pipelines.begin_with"), labels, "pipelines.source", kind="radio", horizontal=True)
    wish, given = SOURCES[str(source)]()
    name = st.text_input(
        t("pipelines.name"), workbench().pipelines.free_name(wish), key=f"pipelines.name.{source}.{wish}", max_chars=64
    )
    if st.button(
        t("pipelines.create"),
        key="pipelines.create",
        type="primary",
        disabled=read_only() or (given is None and source != "empty"),
    ):
        _create(name, given)


def _from_template() -> tuple[str, Any]:
    name = pick(
        t("pipelines.template"), {one: t(f"pipelines.template_{one}") for one in templates()}, "pipelines.template"
    )
    st.caption(t(f"pipelines.about_{name}"))
    return str(name), templates()[str(name)]


def _from_nothing() -> tuple[str, Any]:
    return t("pipelines.untitled"), None


def _from_file() -> tuple[str, Any]:
    file = st.file_uploader(t("pipelines.file"), type=["yaml", "yml", "json"], key="pipelines.file")
    text = file.getvalue().decode("utf-8", errors="replace") if file else None
    if text is None:
        return t("pipelines.untitled"), None
    for problem in [one for one in workbench().check(text)["problems"] if not one["node"]][:3]:
        st.warning(
            f"{plain(in_words(problem['sentence']))}  \n{plain(in_words(problem['hint']))}", icon=":material/warning:"
        )
    wish = workbench().pipelines.name_in(text) or t("pipelines.untitled")
    free = workbench().pipelines.free_name(wish)
    if free != wish:
        st.caption(t("pipelines.name_taken", name=plain(wish), free=plain(free)))
    return wish, text


def _from_run() -> tuple[str, Any]:
    runs = {
        run["id"]: f"{run['pipeline']} · {moment(run['created'])} · {run['id']}" for run in workbench().runs.list(50)
    }
    if not runs:
        st.caption(t("pipelines.no_runs"))
        return t("pipelines.untitled"), None
    run = str(pick(t("pipelines.of_run"), runs, "pipelines.of_run"))
    pipeline = workbench().runs.pipeline(run)
    return pipeline.name, pipeline


SOURCES = dict(zip(_SOURCES, (_from_template, _from_nothing, _from_file, _from_run), strict=True))


def _create(name: str, given: Any) -> None:
    with shown(stop=False):
        _open(once(f"pipelines.create.{name}", lambda: _created(name, given)))


def _created(name: str, given: Any) -> str:
    desk = workbench().pipelines
    return str(desk.create(desk.free_name(name) if name in templates() else name, given)["name"])


def _draw_manage(row: Mapping[str, Any]) -> None:
    """Draw what can be done to a pipeline as a whole; it is done to the one that was drawn when it was pressed."""
    desk, off = workbench().pipelines, read_only()
    name, made = row["name"], row["created"]
    revision, _ = seen(name)
    new = st.text_input(t("pipelines.name"), name, key=f"pipelines.rename.{name}", max_chars=64)
    key = about("pipelines.rename", made)
    if st.button(t("pipelines.rename"), key=key, icon=":material/edit:", disabled=off, width="stretch"):
        with shown(stop=False):
            renamed = desk.rename(name, revision or row["revision"], new, created=made)
            adopt(renamed)
            _open(renamed["name"])
    key = about("pipelines.copy", made)
    if st.button(t("pipelines.duplicate"), key=key, icon=":material/content_copy:", disabled=off, width="stretch"):
        with shown(stop=False):
            _open(once(f"pipelines.copy.{made}.{revision}", lambda: _copied(name, revision, made)))
    key = about("pipelines.delete", made)
    if st.button(t("pipelines.delete"), key=key, icon=":material/delete:", disabled=off, width="stretch"):
        with shown(stop=False):
            desk.delete(name, revision, created=made)
            release("pipeline")
            st.toast(t("pipelines.deleted", name=plain(name)))
            st.rerun()
    _draw_deleted()


def _copied(name: str, revision: int | None, made: float) -> str:
    """Keep what this tab has drawn once more and return its name."""
    desk = workbench().pipelines
    return str(desk.duplicate(name, desk.free_name(name), revision, created=made)["name"])


def _draw_deleted() -> None:
    for row in workbench().pipelines.list(deleted=True)[:5]:
        if st.button(
            t("pipelines.take_back", name=plain(row["name"])),
            key=f"pipelines.back.{row['name']}",  # a deleted pipeline has its name for itself
            icon=":material/restore_from_trash:",
            type="tertiary",
            disabled=read_only(),
        ):
            with shown(stop=False):
                _open(workbench().pipelines.take_back(row["name"])["name"])


def _open(name: str) -> None:
    notes("pipelines.list")["asked"] = name
    st.rerun()
