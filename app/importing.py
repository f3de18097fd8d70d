"""Bringing files in: each is shown as it would be read, and then they are imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from app import work
from app.choices import page_link
from app.errors import KNOWN, draw_error
from app.previews import badge, clipped
from app.reading import Looked, draw_reading, state_of
from app.samples import sample_job, sample_names
from app.session import choose, notes, read_only, started, workbench
from app.text import plain, t
from app.uploads import TABLES, kept, name_from

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


@dataclass(frozen=True)
class Ready:
    """A file that can be imported: the dataset's name, its columns, and the arguments of the job."""

    name: str
    columns: list[str]
    arguments: Mapping[str, Any]


_WORK, _SAMPLE = "import", "sample"
_MOST = 20


def draw_import(*, expanded: bool) -> None:
    """Draw the file chooser, how each file would be read, and the button that imports them."""
    names: list[str] = []
    with st.expander(t("data.add"), expanded=expanded, icon=":material/upload:", key="data.add"):
        uploads = st.file_uploader(
            t("data.files"), type=list(TABLES), accept_multiple_files=True, key="data.file", disabled=read_only()
        )
        if len(uploads) > _MOST:
            st.warning(t("data.too_many", count=_MOST), icon=":material/warning:")
        ready = [one for upload in uploads[:_MOST] if (one := _draw_upload(upload, open_all=len(uploads) <= 2))]  # noqa: PLR2004
        if uploads:
            jobs = _jobs(ready)
            names = list(jobs)
            _draw_button(jobs, len(ready), len(uploads[:_MOST]) - len(ready))
    for name in names or [""]:
        work.followed(_WORK, t("data.loading"), _draw_imported, subject=name)
    work.followed(_SAMPLE, t("data.loading"), _draw_imported)


def draw_samples(*, expanded: bool) -> None:
    """Draw a card for each sample that comes with Tandem."""
    names = sample_names()
    if not names:
        return
    with st.expander(t("data.samples"), expanded=expanded, icon=":material/auto_awesome:", key="data.samples"):
        for place, name in zip(st.columns(len(names)), names, strict=True):
            with place.container(border=True, height="stretch"):
                st.markdown(f"**{t(f'sample.{name}')}**  \n{t(f'sample.{name}_about')}")
                pressed = st.button(
                    t("data.load_sample"),
                    key=f"data.sample.{name}",
                    type="primary" if expanded and name == names[0] else "secondary",
                    disabled=read_only() or work.busy(_SAMPLE),
                )
                if pressed:
                    begin_sample(name)
                    st.rerun()


def begin_sample(name: str) -> None:
    """Begin to import a sample."""
    work.begin(_SAMPLE, sample_job(name), name)


def _draw_upload(upload: "UploadedFile", *, open_all: bool) -> Ready | None:
    """Draw one file and return what an import of it needs, or None where it cannot be read as it is."""
    label = f":material/description: **{plain(clipped(upload.name))}**"
    try:
        path = kept(upload)
    except KNOWN as error:
        draw_error(error)
        return None
    key = f"file.{path.stem}"
    head = st.empty()
    head.markdown(f"{label} {badge(t('reading.looking'), 'gray')}")
    looked, ready = None, None
    with st.expander(t("reading.open"), expanded=open_all, key=key):
        try:
            looked = draw_reading(path, key)
            ready = _draw_name(upload.name, path, looked, key)
        except KNOWN as error:
            draw_error(error)
    head.markdown(f"{label} {state_of(looked)}")
    return ready


def _draw_name(label: str, path: Path, looked: Looked, key: str) -> Ready | None:
    """Draw what the dataset is called, and return what an import needs; None where the file cannot be read."""
    name = st.text_input(t("data.name"), name_from(label), key=f"{key}.name", max_chars=64)
    _say_version(name)
    told = {"file": str(path), "label": label, "options": looked.options}
    return Ready(name, looked.columns, told) if looked.columns and name else None


def _say_version(name: str) -> None:
    known = {entry["name"]: entry["version"] for entry in workbench().datasets.list()}
    if name in known:
        st.caption(f":material/history: {t('data.becomes', name=plain(name), version=known[name] + 1)}")


def _jobs(ready: Sequence[Ready]) -> dict[str, Mapping[str, Any]]:
    """Return the arguments of each import by the name of its dataset; files of the same columns may become one."""
    alike = len(ready) > 1 and all(one.columns == ready[0].columns for one in ready)
    if alike and st.toggle(t("data.together", count=len(ready), name=plain(ready[0].name)), key="data.together"):
        return {ready[0].name: {"name": ready[0].name, "files": [one.arguments for one in ready]}}
    return {one.name: {"name": one.name, **one.arguments} for one in ready}


def _draw_button(jobs: Mapping[str, Mapping[str, Any]], files: int, left_out: int) -> None:
    if left_out and files:
        st.caption(f":material/warning: {t('data.left_out', count=left_out)}")
    twice = sum(len(job.get("files", [0])) for job in jobs.values()) < files
    if twice:
        st.warning(t("data.same_name"), icon=":material/warning:")
    busy = any(work.busy(_WORK, name) for name in jobs)
    label = t("data.import") if files <= 1 else t("data.import_all", count=files)
    pressed = st.button(label, type="primary", key="data.import", disabled=not jobs or twice or busy or read_only())
    if pressed:
        for name, arguments in jobs.items():
            work.begin(_WORK, arguments, name)
        st.rerun()


def _draw_imported(added: Mapping[str, Any]) -> None:
    name, ref = added["name"], f"{added['name']}@{added['version']}"
    _show_once(name, ref)
    counts = {key: f"{added[key]:,}" for key in ("rows", "rejected")}
    told = t("data.imported", name=plain(name), version=added["version"], **counts)
    if added["rejected"]:
        st.warning(told, icon=":material/warning:")
    else:
        st.success(told, icon=":material/check:")
    with st.container(horizontal=True):
        page_link("explore", t("data.explore"), dataset=name, version=ref)
        if added["rejected"]:
            page_link("data", t("data.see_rejects"), dataset=name, version=ref, data_view="rejects")
        page_link("pipelines", t("page.pipelines"))


def _show_once(name: str, ref: str) -> None:
    """Choose what this session has just imported, as soon as it is there; a link that is opened keeps its choice."""
    mine = started(_WORK, name) or started(_SAMPLE)
    seen = notes("data.imported").setdefault("jobs", [])
    if mine and mine not in seen:
        seen.append(mine)
        choose("dataset", name)
        choose("version", ref)
