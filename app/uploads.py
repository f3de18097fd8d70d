"""Files that come from a browser: kept under a name of ours, called by theirs."""

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from app.errors import name_upload
from app.session import workbench

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

TABLES = ("csv", "tsv", "txt", "parquet", "arrow", "feather", "json", "jsonl", "ndjson", "xlsx")


def kept(upload: "UploadedFile") -> Path:
    """Write an upload under a name that the browser has no part in, and return where it lies.

    It stays for jobs that read it; the engine removes it after a day.

    Raises:
        ReadOnlyError: This workbench only shows.
    """
    workspace = workbench().workspace
    workspace.require_writable()
    folder = workspace.jobs / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    suffix = Path(upload.name).suffix.lower().removeprefix(".")
    path = _path(str(folder), upload.file_id, suffix if suffix in TABLES else "bin")
    if not path.exists():
        path.write_bytes(upload.getbuffer())
    name_upload(path.name, upload.name)
    return path


@st.cache_resource(show_spinner=False, max_entries=1000)
def _path(folder: str, file_id: str, suffix: str) -> Path:  # noqa: ARG001 - the cache tells uploads apart by it
    """Return the one path of an upload, made up when it is first asked for."""
    return Path(folder) / f"{secrets.token_hex(16)}.{suffix}"


def name_from(label: str) -> str:
    """Return a name for a dataset that the label of a file suggests: letters, digits and `_`."""
    stem = Path(label.replace("\\", "/")).name.split(".")[0]
    return re.sub(r"\W+", "_", stem).strip("_")[:48].lower() or "data"
