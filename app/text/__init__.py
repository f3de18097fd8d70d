"""Every string of the screens, in every language: `t("key")`."""

from typing import Any

from app.languages import CHINESE_CODE, ENGLISH_CODE
from app.session import language
from app.text.english import TEXTS as ENGLISH
from app.text.simplified_chinese import TEXTS as CHINESE

TABLES = {ENGLISH_CODE: ENGLISH, CHINESE_CODE: CHINESE}


def t(key: str, **values: Any) -> str:
    """Return the text of `key` in the language of this session, with `values` put in their places."""
    text = TABLES[language()].get(key) or ENGLISH[key]
    return text.format(**values) if values else text


def word(family: str, value: Any) -> str:
    """Return a known word such as a status in the language of this session; others as they are."""
    table = TABLES[language()]
    return table.get(f"{family}.{value}", str(value))


def plain(value: Any) -> str:
    """Return text that Markdown shows as it is: no links, no images, no formulas, no colours."""
    escaped = "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in str(value))
    return escaped.replace("<", "&lt;").replace("\n", " ")


_SIGNS = frozenset("\\`*_{}[]()#+-.!|~$:>&")
