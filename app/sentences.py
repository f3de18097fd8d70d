"""Sentences of the engine in Chinese: found by their form, with what stands in their places put into ours.

The engine says its errors and hints in English only, as the command line shows them. A sentence that has no form here
is shown as it is.
"""

import ast
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from app.languages import CHINESE_CODE
from app.session import language
from app.text import TABLES
from app.text.sentences import CHECKS, NAMES, SENTENCES

_DEEP = 4  # sentences within sentences
_LONGEST = 1000  # characters; longer ones are no sentences of ours
_OF_FIELD = re.compile(r"(?:(?P<field>[\w.]+): )?(?P<fault>.+?)(?: \(given (?P<given>.+)\))?\.", re.DOTALL)
_LISTED = re.compile(r", | or | and ")
_BETWEEN = re.compile(r"(?<=[.?!]) (?=[A-Z])")

Form = tuple[re.Pattern[str], str]


def in_words(sentence: str) -> str:
    """Return a sentence or hint of the engine in the language of this session."""
    return in_chinese(sentence) if language() == CHINESE_CODE else sentence


@lru_cache(maxsize=4096)
def in_chinese(sentence: str) -> str:
    """Return a sentence, or several, in Chinese as far as their forms are known."""
    return (_found(sentence, 0) or sentence) if len(sentence) <= _LONGEST else sentence


def _found(sentence: str, depth: int) -> str | None:
    if depth > _DEEP or not sentence.strip():
        return None
    return _whole(sentence, depth) or _of_field(sentence, depth) or _parts(sentence, depth)


def _whole(sentence: str, depth: int, of_values: bool = False) -> str | None:
    for pattern, chinese in _forms(of_values):
        match = pattern.fullmatch(sentence)
        if match:
            return chinese.format(*(_value(value, depth) for value in match.groups()))
    return None


def _of_field(sentence: str, depth: int) -> str | None:
    """Return what is said of one field, as in `rows: Input should be greater than 0 (given -3).`, or nothing."""
    match = _OF_FIELD.fullmatch(sentence)
    fault = match and _whole(match["fault"], depth, of_values=True)
    if not match or not fault:
        return None
    field = f"{match['field']}：" if match["field"] else ""
    given = f"（现为 {match['given']}）" if match["given"] else ""
    return f"{field}{fault}{given}。"


def _parts(sentence: str, depth: int) -> str | None:
    """Return several sentences one after the other, where one of them at least has a form."""
    parts = _BETWEEN.split(sentence)
    found = [_found(part, depth + 1) for part in parts] if len(parts) > 1 else []
    if not any(found):
        return None
    return "".join(ours or f" {theirs} " for ours, theirs in zip(found, parts, strict=True)).strip()


def _value(value: str, depth: int) -> str:
    """Return what stands in a place: a word of ours, names between quotes, a sentence, or as it is."""
    return _named(value) or _quoted(value) or _found(value, depth + 1) or value


def _named(value: str) -> str | None:
    """Return a word, a type, or several types of which one is meant, in Chinese."""
    words = [NAMES.get(one) or TABLES[CHINESE_CODE].get(f"type.{one}") for one in _LISTED.split(value)]
    return "、".join(dict.fromkeys(word for word in words if word)) if all(words) else None


def _quoted(value: str) -> str | None:
    """Return the text or texts that Python wrote with quotes, between ours."""
    if value[:1] not in "'\"[" or value[-1:] not in "'\"]":
        return None
    try:
        read = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    names = read if isinstance(read, list) else [read]
    return "、".join(f"“{name}”" for name in names) if names else None


@cache
def _forms(of_values: bool) -> tuple[Form, ...]:
    """Return the forms, those that say most of themselves first."""
    faults = {english: chinese for english, chinese in SENTENCES.items() if english[-1] not in ".?!"}
    table: Mapping[str, str] = {**faults, **CHECKS} if of_values else SENTENCES
    said = {english: len(re.sub(r"\{\w*\}", "", english)) for english in table}
    return tuple((_pattern(english), table[english]) for english in sorted(table, key=lambda one: -said[one]))


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{(?:\w+)?\}", english)
    return re.compile("(.*?)".join(map(re.escape, parts)), re.DOTALL)
