"""Finds entries of the catalogue by words that need not be spelt right, in either language."""

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]

_NEAR = 0.75  # likeness from which a misspelt word is taken for another
_TITLE, _NAME, _START, _INSIDE, _MISSPELT = 100, 90, 80, 60, 40
_DESCRIPTION = 0.3  # a word of the description counts less than one of the title


def found(entries: Sequence[Entry], text: str) -> list[Entry]:
    """Return the entries in which every word of `text` is found, the best first; all where there is no word.

    A word is found in the titles and the description of both languages and in the name: as it is, as the start or a
    part of a word, or misspelt.
    """
    words = _plain(text).split()
    scored = [(min((_score(entry, word) for word in words), default=1.0), entry) for entry in entries]
    return [entry for score, entry in sorted(scored, key=lambda one: -one[0]) if score > 0]


def _score(entry: Entry, word: str) -> float:
    titles = [_plain(title) for title in entry["titles"].values()]
    name = _plain(entry["name"])
    if word in titles or word == name:
        return _TITLE
    told = max(_in(word, text) for text in (*titles, name.replace("_", " "), name))
    return max(told, _DESCRIPTION * max((_in(word, _plain(text)) for text in entry["about"].values()), default=0))


def _in(word: str, text: str) -> float:
    parts = text.split()
    if word in parts:
        return _NAME
    if any(part.startswith(word) for part in parts):
        return _START
    if word in text:
        return _INSIDE
    long = len(word) > 3  # noqa: PLR2004 - short words are like too many others
    return _MISSPELT if long and difflib.get_close_matches(word, parts, n=1, cutoff=_NEAR) else 0


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", str(text)).casefold()
