"""Every string of the screens, in every language: `t("key")`."""

import re
from typing import Any

from app.languages import CHINESE_CODE, ENGLISH_CODE
from app.session import language
from app.text import (
    common,
    data,
    explore,
    features,
    forms,
    home,
    models,
    monitoring,
    operators,
    pipelines,
    resources,
    runs,
    services,
    settings,
    words,
)

AREAS = (
    common, words, home, data, explore, features, pipelines, runs, models, services, monitoring, operators, resources,
    settings, forms,
)  # fmt: skip
_PAIRS: dict[str, tuple[str, str]] = {key: pair for area in AREAS for key, pair in area.TEXTS.items()}
TABLES = {
    code: {key: pair[position] for key, pair in _PAIRS.items()}
    for position, code in enumerate((ENGLISH_CODE, CHINESE_CODE))
}


def t(key: str, **values: Any) -> str:
    """Return the text of `key` in the language of this session, with `values` put in their places."""
    text = TABLES[language()][key]
    return text.format(**values) if values else text


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
