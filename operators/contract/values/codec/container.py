"""A zip of one JSON document and numbered parts, the same bytes for the same content."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

DOCUMENT = "model.json"
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell
_MODE = 0o600 << 16


class Container:
    """Parts that a document refers to by name."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self.libraries: dict[str, str] = {}
        """Versions of the libraries that are needed to read the parts, by the name they are installed under."""

    def add(self, payload: bytes, suffix: str) -> str:
        """Keep a part and return its name."""
        name = f"{len(self.parts)}.{suffix}"
        self.parts[name] = payload
        return name

    def written(self, document: Any) -> bytes:
        """Return everything as bytes, the document first."""
        text = json.dumps(document, allow_nan=False, separators=(",", ":"))
        return archived({DOCUMENT: text.encode(), **self.parts})

    @classmethod
    def read(cls, payload: bytes) -> tuple["Container", Any]:
        """Return what `written` wrote: the parts, and the document.

        Raises:
            ValueError: It is no zip of that kind.
        """
        found = cls()
        try:
            with zipfile.ZipFile(io.BytesIO(payload)) as archive:
                found.parts = {name: archive.read(name) for name in archive.namelist()}
            return found, json.loads(found.parts.pop(DOCUMENT))
        except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError) as error:
            raise ValueError(f"it is no model file: {error}") from error


def is_container(payload: bytes) -> bool:
    """Tell a container from a pickle, by how it begins."""
    return payload.startswith(b"PK\x03\x04")


def archived(parts: Mapping[str, bytes]) -> bytes:
    """Return files by name as a zip, stored plainly and without the time of day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, payload in parts.items():
            archive.writestr(_entry(name), payload)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.external_attr = _MODE
    entry.create_system = 3  # Unix, wherever it is written
    return entry
