"""JSON as it is written: numbers keep their digits, and what readers of JSON disagree about is noticed.

A name that stands twice in an object has its last value, as Python, pandas and our services read it. NaN is no
JSON, but Python and pandas write it: it is read as missing. Half of a surrogate pair is no text, so its row is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any

DEEPEST = 100
"""Levels of objects and lists in a row."""
UNPAIRED = "a text with half of a character (an unpaired surrogate)"


class Digits(str):
    """A number with a fraction or an exponent, or an infinity, as it is written."""

    __slots__ = ()


class Gap:
    """NaN, which stands for a number that is missing."""

    __slots__ = ()


GAP = Gap()
_CONSTANTS: Mapping[str, Any] = {
    "NaN": GAP,
    "Infinity": Digits("Infinity"),
    "-Infinity": Digits("-Infinity"),
}


@dataclass
class Scanner:
    """Reads JSON texts.

    Args:
        repeated: Objects so far in which a name stands twice.
        example: Such a name.
    """

    repeated: int = 0
    example: str = ""
    _here: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._decoder = json.JSONDecoder(
            parse_float=Digits, parse_constant=_CONSTANTS.__getitem__, object_pairs_hook=self._object
        )

    def value(self, text: str) -> Any:
        """Return the value of a whole JSON text.

        Raises:
            ValueError: It is no JSON; or nested too deeply, or a number of thousands of digits.
        """
        self._here.clear()
        try:
            return self._decoder.decode(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    def keep(self) -> None:
        """Count the names that stood twice in the value read last: it became rows."""
        if self._here:
            self.repeated += len(self._here)
            self.example = self.example or self._here[0]
            self._here.clear()

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            self._here.append(next(name for name in names if names.count(name) > 1))
        return found


def fault(value: Any, text: str) -> str:
    """Return why a value is no row; empty where it is one. `text` is the JSON it stands in, alone or with others."""
    if not isinstance(value, dict):
        return f"JSON, but a {_kind(value)} and no object"
    if text.count("[") + text.count("{") > DEEPEST and is_deep(value):
        return f"JSON, but nested more than {DEEPEST} levels deep"
    return UNPAIRED if ("\\ud" in text or "\\uD" in text) and is_unpaired(value) else ""


def is_deep(value: Any) -> bool:
    """Return whether objects and lists stand in each other more than `DEEPEST` levels deep."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def is_unpaired(value: Any) -> bool:
    """Return whether a text in `value`, a name or a value at any depth, cannot be written as UTF-8."""
    try:
        encoded(value).encode()
    except UnicodeEncodeError:
        return True
    return False


def encoded(value: Any) -> str:
    """Return a value as JSON text with the digits that it had; NaN and infinities, which JSON lacks, are null."""
    if isinstance(value, Digits):
        return "null" if value.endswith("y") else str(value)
    if isinstance(value, Gap):
        return "null"
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quoted(name)}:{encoded(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encoded, value)) + "]"
    return str(value) if type(value) is int else _quoted(value)


def holds_gap(value: Any) -> bool:
    """Return whether NaN or an infinity stands in a nested value."""
    if isinstance(value, dict):
        return any(map(holds_gap, value.values()))
    if isinstance(value, list):
        return any(map(holds_gap, value))
    return isinstance(value, Gap) or (isinstance(value, Digits) and value.endswith("y"))


def _quoted(value: Any) -> str:
    """Return a text, a whole number, a boolean or null as JSON; no text is escaped that need not be."""
    return encode_basestring(value) if isinstance(value, str) else json.dumps(value)


def _kind(value: Any) -> str:
    return {Digits: "float", Gap: "float"}.get(type(value), type(value).__name__)
