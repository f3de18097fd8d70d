"""What the screen of operators says of one: its title, a line, its ports, what it means for a single row."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.forms.labels import described
from app.languages import ENGLISH_CODE
from app.sentences import in_words
from app.session import language
from app.text import plain, t
from operators.contract.card import ENGINES
from operators.contract.values.kinds import KINDS

Entry = Mapping[str, Any]

_ONLINE = ("row", "fitted", "skip", "refuse")


def about_of(entry: Entry) -> str:
    """Return the description in the language of the session, in English where there is none."""
    return str(entry["about"].get(language()) or entry["about"].get(ENGLISH_CODE, ""))


def line_of(entry: Entry) -> str:
    """Return the first sentence of the description, as Markdown."""
    paragraph = about_of(entry).strip().split("\n\n")[0].replace("\n", " ")
    sentence = re.split(r"(?<=[.。])(?:\s+|(?<=。))", paragraph, maxsplit=1)[0]
    return described(re.sub(r"\s+", " ", sentence))


def help_of(entry: Entry) -> str:
    """Return the whole description as Markdown."""
    paragraphs = re.split(r"\n\s*\n", about_of(entry).strip())
    return "\n\n".join(described(re.sub(r"\s+", " ", paragraph)) for paragraph in paragraphs)


def ports_of(ports: Sequence[Mapping[str, Any]]) -> str:
    """Return ports with their types, as Markdown; a word where there are none."""
    return " · ".join(_port(port) for port in ports) or t("operators.nothing")


def flow_of(entry: Entry) -> str:
    """Return what goes in and what comes out, as Markdown."""
    taken = f"{ports_of(entry['inputs'])} " if entry["inputs"] else ""
    return f"{taken}→ {ports_of(entry['outputs'])}"


def _port(port: Mapping[str, Any]) -> str:
    optional = t("operators.optional") if port.get("optional") else ""
    if port["name"] == str(port["type"]).lower():
        return f"{type_of(port)}{optional}"
    return f"`{port['name']}` {type_of(port)}{optional}"


def type_of(port: Mapping[str, Any]) -> str:
    """Return the word for the type of a port."""
    kind = port["type"]
    known = KINDS.get(kind)
    return known.title.get(language(), known.title["en"]) if known else plain(kind)


def online_of(entry: Entry) -> str:
    """Return what the operator means for one row at a service."""
    mode = entry["online"]
    told = t(f"operators.online_{mode}") if mode in _ONLINE else plain(mode)
    return f"{told}. {in_words(entry['alternative'])}" if entry.get("alternative") else told


def engines_of(entry: Entry) -> str:
    """Return the names of the engines it runs on."""
    return " · ".join(ENGINES[name].title if name in ENGINES else plain(name) for name in entry["engines"])
