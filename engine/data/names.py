"""Names of datasets, and references to one of their versions."""

import re
import unicodedata
from typing import Final

from engine.data.formats import Finding
from engine.errors import InvalidNameError

LONGEST: Final = 64
_ALLOWED = re.compile(r"\w[\w .-]*", re.UNICODE)
_RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL"} | {f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)}
)


def dataset_name(name: str, kind: str = "dataset") -> str:
    """Return `name` in its normal form (NFC) if a dataset, or another `kind` of thing, may be called so.

    Letters of any script, digits, `_`, `-`, `.` and inner spaces, at most 64 characters, the first a letter,
    digit or `_`. A name never becomes a path; the rule keeps it harmless in SQL, URLs and exports.

    Raises:
        InvalidNameError: Any other name.
    """
    normal = unicodedata.normalize("NFC", name)
    plain = _ALLOWED.fullmatch(normal) and not normal.endswith((" ", ".")) and ".." not in normal
    if not plain or len(normal) > LONGEST or normal.split(".")[0].upper() in _RESERVED:
        shown = f"{name[:40]}…" if len(name) > LONGEST else name
        raise InvalidNameError(
            f"A {kind} cannot be called {shown!r}.",
            hint=f"Use 1 to {LONGEST} letters, digits, '_', '-', '.' or spaces, beginning with a letter.",
        )
    return normal


def split_ref(ref: str) -> tuple[str, int | None]:
    """Return the name and the version of `name` (None: the newest) or `name@version`.

    Raises:
        InvalidNameError: The name is not allowed or the version is not a whole number from 1.
    """
    name, at, version = ref.partition("@")
    if not at:
        return dataset_name(name), None
    if not re.fullmatch(r"[1-9][0-9]{0,8}", version):
        raise InvalidNameError(
            f"{version[:40]!r} is not a version of dataset {name[:LONGEST]!r}.",
            hint="Versions count up from 1, as in 'customers@1'.",
        )
    return dataset_name(name), int(version)


def column_names(names: list[str]) -> tuple[tuple[str, ...], list[Finding]]:
    """Return `names` made unique, non-empty and free of control characters, and a finding per repair.

    Names keep their case, scripts and punctuation; only what would break SQL or a screen is changed.
    """
    taken: set[str] = set()
    fixed: list[str] = []
    repairs: list[Finding] = []
    for position, name in enumerate(names, start=1):
        plain = re.sub(r"[\x00-\x1f\x7f]+", " ", name).strip() or f"column_{position}"
        unique, number = plain, 1
        while unique in taken:
            number += 1
            unique = f"{plain}_{number}"
        if unique != name:
            sentence = f"The column called {name[:40]!r} at position {position} is stored as {unique[:40]!r}."
            values = {"name": name[:40], "position": position, "stored": unique[:40]}
            repairs.append(Finding(kind="renamed_column", sentence=sentence, values=values))
        taken.add(unique)
        fixed.append(unique)
    return tuple(fixed), repairs
