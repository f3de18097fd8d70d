"""Bringing a file in: how it would be read, what may be changed about that, and then the import."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import work
from app.errors import KNOWN, draw_error
from app.samples import sample_job, sample_names
from app.session import workbench
from app.text import plain, t
from app.uploads import TABLES, kept, name_from

_WORK, _SAMPLE = "import", "sample"
_DELIMITERS = {",": ",", ";": ";", "\t": "Tab", "|": "|", " ": "␣", ":": ":"}
_ENCODINGS = ("utf-8", "gb18030", "gbk", "big5", "utf-16", "latin-1", "cp1252", "shift_jis")


def draw_import(*, expanded: bool) -> None:
    """Draw the file chooser, what was sniffed, and the button that imports."""
    with st.expander(t("data.add"), expanded=expanded, icon=":material/upload:"):
        upload = st.file_uploader(t("data.file"), type=list(TABLES), key="data.file")
        if upload is not None:
            _draw_sniffed(kept(upload), upload.name)
    work.followed(_WORK, t("data.loading"), _draw_imported)
    work.followed(_SAMPLE, t("data.loading"), _draw_imported)


def draw_sample_button() -> None:
    """Offer to load the first sample."""
    names = sample_names()
    if names and st.button(t("data.load_sample"), type="primary", key="data.sample", disabled=work.busy(_SAMPLE)):
        begin_sample(names[0])
        st.rerun()


def begin_sample(name: str) -> None:
    """Begin to import a sample."""
    work.begin(_SAMPLE, sample_job(name), name)


def _draw_sniffed(path: Any, label: str) -> None:
    try:
        found = workbench().datasets.sniff(path)
        options = _options(found, label)
        found = workbench().datasets.sniff(path, **options)
    except KNOWN as error:
        draw_error(error)
        return
    _draw_columns(found)
    name = st.text_input(t("data.name"), name_from(label), key=f"data.name.{path.name}")
    if st.button(t("data.import"), type="primary", key="data.import", disabled=not name or work.busy(_WORK)):
        work.begin(_WORK, {"name": name, "file": str(path), "label": label, "options": options}, name)
        st.rerun()


def _options(found: Mapping[str, Any], label: str) -> dict[str, Any]:
    """Draw what may be changed about a text file and return what was changed; other formats have nothing to change."""
    if found["format"] != "csv":
        return {}
    st.caption(t("data.sniffed"))
    columns = st.columns(3, vertical_alignment="bottom")
    encodings = list(dict.fromkeys([found["encoding"], *_ENCODINGS]))
    delimiters = list(dict.fromkeys([found["delimiter"], *_DELIMITERS]))
    chosen = {
        "encoding": columns[0].selectbox(t("data.encoding"), encodings, key=f"data.encoding.{label}"),
        "delimiter": columns[1].selectbox(
            t("data.delimiter"), delimiters, format_func=lambda d: _DELIMITERS.get(d, d), key=f"data.delimiter.{label}"
        ),
        "header": columns[2].toggle(t("data.header"), found["header"], key=f"data.header.{label}"),
    }
    return {name: value for name, value in chosen.items() if value != found[name]}


def _draw_columns(found: Mapping[str, Any]) -> None:
    names = found["columns"]
    if names:
        listed = ", ".join(plain(name) for name in names[:50])
        st.markdown(t("data.columns_found", count=len(names), names=listed))
    if found["format"] == "csv" and len(names) == 1:
        st.warning(t("data.one_column"), icon=":material/warning:")
    for finding in found["findings"]:
        st.caption(plain(finding["sentence"]))
    if found["lines"]:
        st.caption(t("data.first_lines"))
        st.code("\n".join(found["lines"]), language=None)


def _draw_imported(added: Any) -> None:
    counts = {key: f"{added[key]:,}" for key in ("rows", "rejected")}
    told = t("data.imported", name=plain(added["name"]), version=added["version"], **counts)
    st.success(told, icon=":material/check:")
