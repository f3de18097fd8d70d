"""Every string of the screens, in every language: `t("key")`."""

import re
import string
from typing import Any

from app.languages import CHINESE_CODE, ENGLISH_CODE
from app.session import language
from app.text import (
    common,
    data,
    deleting,
    explore,
    features,
    findings,
    forms,
    home,
    models,
    monitoring,
    operators,
    pipelines,
    reading,
    resources,
    runs,
    services,
    settings,
    words,
)

AREAS = (
    common, deleting, words, home, data, reading, findings, explore, features, pipelines, runs, models, services,
    monitoring, operators, resources, settings, forms,
)  # fmt: skip
_PAIRS: dict[str, tuple[str, str]] = {key: pair for area in AREAS for key, pair in area.TEXTS.items()}
TABLES = {
    code: {key: pair[position] for key, pair in _PAIRS.items()}
    for position, code in enumerate((ENGLISH_CODE, CHINESE_CODE))
}


class _Counted(string.Formatter):
    """Puts values in their places, and words that go with a number: `{rows} {rows:row|rows}`, for one and for others.

    The words may hold values themselves: `The {rows:first row|first {rows} rows}`.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        one, between, others = format_spec.partition("|")
        if not between:
            return str(format(value, format_spec))
        return one if str(value) == "1" else others


_COUNTED = _Counted()


def t(key: str, **values: Any) -> str:
    """Return the text of `key` in the language of this session, with `values` put in their places.

    `{rows:row|rows}` in a text is the first word where `rows` is 1, else the second (see `_Counted`).
    """
    text = TABLES[language()][key]
    if not values:
        return text
    return _COUNTED.vformat(text, (), values) if "|" in text else text.format(**values)


def known(key: str) -> bool:
    """Return whether there is a text of this key."""
    return key in _PAIRS


def word(family: str, value: Any) -> str:
    """Return a known word such as a status in the language of this session; others as they are."""
    return TABLES[language()].get(f"{family}.{value}", str(value))


def plain(value: Any) -> str:
    """Return text that Markdown shows as it is: no links, no images, no formulas, no colours, no icons.

    Addresses, `:icons:` and mail would be made of plain text, too, so a sign without width comes between; signs that
    turn the direction of what follows them are shown as `\N{REPLACEMENT CHARACTER}`.
    """
    told = "".join(f"\\{sign}" if sign in _SIGNS else _TURNING.get(sign, sign) for sign in str(value))
    told = told.replace(":", f":{_APART}").replace("@", f"@{_APART}")
    return _ADDRESS.sub(rf"\1{_APART}", told).replace("<", "&lt;").replace("\n", " ")


_SIGNS = frozenset("\\`*_{}[]()#+-.!|~$:>&")
_APART = "\N{WORD JOINER}"
_ADDRESS = re.compile(r"(www)(?=\\\.)", re.IGNORECASE)
_TURNING = dict.fromkeys(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))), "\N{REPLACEMENT CHARACTER}")
