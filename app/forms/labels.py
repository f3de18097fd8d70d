"""What a form calls a field and its options, and how it explains them, in the language of the session."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.forms.field import Field, Missing, written
from app.languages import CHINESE_CODE
from app.session import language
from app.text import plain, t

_CAPITALS = {word.lower(): word for word in ("ID", "SQL", "URL", "CPU", "GPU", "CSV", "JSON", "L1", "L2", "ROC", "AUC")}
_UNITS = {"s": "seconds", "ms": "milliseconds", "mb": "MiB", "gb": "GiB"}
_LABEL = 120  # characters of a label
_SHORT = 8  # characters of a Chinese description that is short enough to be a label


def label_of(field: Field) -> str:
    """Return what a person calls a field: its label, its title, else its name in words; plain text."""
    texts = texts_of(field)
    label = texts.get("label")
    if isinstance(label, Mapping) and label.get(language()):
        return _short(label[language()], _LABEL)
    told = str(texts.get(language()) or "")
    if language() == CHINESE_CODE and told and len(told) <= _SHORT:
        return told
    title = _short(field.schema.get("title") or "", _LABEL)
    return (
        title
        if title and title != field.name.replace("_", " ").title()
        else humanised(_short(field.name, _LABEL)) or "–"
    )


def heading_of(field: Field) -> str:
    """Return a label as Markdown that shows it as it is; never empty, as Streamlit wants."""
    return plain(label_of(field)).strip() or "–"


def help_of(field: Field) -> str | None:
    """Return the description of a field as Markdown in which only code has a meaning."""
    told = str(texts_of(field).get(language()) or field.schema.get("description") or "")
    return described(_short(told, 1000)) or None


def described(text: str) -> str:
    """Return a docstring as Markdown: plain but for `code`."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        return plain(text)
    return "".join(f"`{part}`" if place % 2 and part.strip() else plain(part) for place, part in enumerate(parts))


def model_label(field: Field) -> str:
    """Return what a variant of a union is called."""
    model = field.schema.get("model")
    model = model if isinstance(model, Mapping) else {}
    label = model.get("label") or {}
    named = label.get(language()) if isinstance(label, Mapping) else ""
    if named or model.get("title"):
        return _short(named or humanised(_words(_short(model["title"], _LABEL))), _LABEL)
    constant = _short(written(field.schema["const"]), _LABEL) if "const" in field.schema else ""
    return constant or (t(f"forms.kind_{field.kind}") if field.kind in _KINDS else label_of(field))


def option_label(field: Field, option: Any) -> str:
    """Return the word for an option, itself where none is known."""
    words = texts_of(field).get("options")
    found = words.get(str(option)) if isinstance(words, Mapping) and isinstance(option, str) else None
    if isinstance(found, Mapping) and found.get(language()):
        return _short(found[language()], 200)
    return _short(option if isinstance(option, str) else value_label(option), 200)


def value_label(value: Any) -> str:
    """Return a value in a word or a line of JSON."""
    if value is None or isinstance(value, Missing):
        return t("forms.not_set")
    if isinstance(value, bool):
        return t("forms.yes") if value else t("forms.no")
    if isinstance(value, str):
        return _short(value, 60) if value else t("forms.empty_text")
    return _short(written(value), 60)


def texts_of(field: Field) -> Mapping[str, Any]:
    """Return the field's texts by language, with its labels and options."""
    found = field.schema.get("i18n") or field.schema.get("x-i18n")
    return found if isinstance(found, Mapping) else {}


def unique(labels: Sequence[str]) -> list[str]:
    """Return labels of which no two are the same."""
    found: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for label in labels:
        one = label or "–"
        while one in found:
            numbers[label] = numbers.get(label, 1) + 1
            one = f"{label} ({numbers[label]})"
        found[one] = None
    return [*found]


def humanised(name: str) -> str:
    """Return the name of a field in words: `timeout_s` as `Timeout (seconds)`."""
    words = [_CAPITALS.get(word, word) for word in name.split("_") if word]
    if len(words) > 1 and words[-1] in _UNITS:
        words = [*words[:-1], f"({_UNITS[words[-1]]})"]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() if name.isidentifier() else name


def _short(text: Any, most: int) -> str:
    told = str(text).encode("utf-8", "replace").decode("utf-8")
    return told if len(told) <= most else f"{told[: most - 1]}…"


_KINDS = frozenset(
    ("text", "integer", "number", "boolean", "date", "time", "moment", "list", "mapping", "record", "json", "choice")
)
