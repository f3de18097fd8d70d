"""Sentences of the engine in the language of the screen: by their code, else by their form."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.sentences import in_words
from app.text import known, plain, t

Told = Mapping[str, Any]


def say(told: Told | Sequence[Told] | None, sentence: str = "", *, markdown: bool = False) -> str:
    """Return what `told` says in the language of this session.

    Args:
        told: `{"code", "values"}`, several of them, or nothing; a value may be such a document itself.
        sentence: What the engine says in English; it stands for codes that have no text here.
        markdown: Keep what users named from being read as Markdown.
    """
    parts = [told] if isinstance(told, Mapping) else list(told or ())
    if not parts or not all(known(f"say.{part['code']}") for part in parts):
        return plain(in_words(sentence)) if markdown else in_words(sentence)
    return t("say.join").join(_said(part, markdown=markdown) for part in parts)


def _said(told: Told, *, markdown: bool) -> str:
    return t(f"say.{told['code']}", **{name: _value(value, markdown) for name, value in told["values"].items()})


def _value(value: Any, markdown: bool) -> Any:
    if isinstance(value, Mapping):
        return _said(value, markdown=markdown)
    return plain(value) if markdown and isinstance(value, str) else value
