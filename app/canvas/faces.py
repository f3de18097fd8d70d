"""How a node looks on the canvas: HTML in which everything that a user wrote is text and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from app.text import t, word
from operators.categories import CATEGORIES

MARKS: Final[Mapping[str, str]] = {
    "idle": "○", "stale": "◐", "waiting": "◔", "queued": "◔", "running": "▶", "done": "●", "reused": "↺",
    "failed": "✕", "skipped": "–", "cancelled": "–",
}  # fmt: skip
"""A sign for each state, so that colour is not the only difference."""
_OTHER: Final = "#5f6b7a"
_STATES: Final = {
    "light": {"done": "#2b8a3e", "reused": "#1971c2", "running": "#d9480f", "failed": "#c92a2a", "stale": "#9c6b08"},
    "dark": {"done": "#69db7c", "reused": "#74c0fc", "running": "#ffa94d", "failed": "#ff8787", "stale": "#ffd43b"},
}


@dataclass(frozen=True)
class Theme:
    """Colours of the canvas."""

    name: str
    paper: str
    card: str
    ink: str
    faint: str
    line: str
    chosen: str


LIGHT = Theme("light", "#f8f9fb", "#ffffff", "#1f2733", "#5f6b7a", "#aab4c2", "#1c64b0")
DARK = Theme("dark", "#1f1e1c", "#2b2a28", "#f2f1ee", "#b3b1ab", "#73716c", "#85b8f8")


def theme_of_page() -> Theme:
    """Return the colours that go with those of the page."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def face(node: str, about: Mapping[str, Any], theme: Theme) -> str:
    """Return what stands in a node: its title, its name, and how it fared with a mark.

    Args:
        node: Its name.
        about: `title`, `state`, `rows`, `seconds`, `problems` (how many), and whether one is `warned` of something.
        theme: Colours.
    """
    colours = _STATES[theme.name]
    mark = f"color:{colours.get(str(about['state']), theme.faint)}"
    told = f'<span style="{mark}">{MARKS.get(str(about["state"]), "○")}</span> {escaped(fared(about))}'
    if about.get("warned"):
        told += f' <span style="color:{colours["stale"]}">⚠</span>'
    if about["problems"]:
        told = f'<span style="color:{colours["failed"]}">⚠ {escaped(counted(about["problems"]))}</span>'
    return (
        f'<div style="{_LINE};font-weight:600;color:{theme.ink}">{escaped(about["title"])}</div>'
        f'<div style="{_LINE};font-size:12px;color:{theme.faint}">{escaped(node)}</div>'
        f'<div style="{_LINE};font-size:12px;color:{theme.faint}">{told}</div>'
    )


def fared(about: Mapping[str, Any]) -> str:
    """Return in a few words how a node fared: its rows and its seconds, and its state unless it finished."""
    figures = []
    if about.get("rows") is not None:
        figures.append(t("pipelines.rows", rows=f"{about['rows']:,}"))
    if about.get("seconds"):
        figures.append(f"{about['seconds']:.1f} s")
    finished = about["state"] in ("done", "reused") and figures  # the mark says that, and room is short
    return " · ".join([*([] if finished else [word("status", about["state"])]), *figures])


def counted(problems: int) -> str:
    """Return how many problems there are, in words."""
    return t("pipelines.one_problem") if problems == 1 else t("pipelines.problem_count", count=problems)


def colour_of(category: str) -> str:
    """Return the colour of a category of operators."""
    known = CATEGORIES.get(category)
    return known.colour if known else _OTHER


def escaped(text: Any) -> str:
    """Return text that is neither Markdown, HTML nor a formula wherever it stands: every sign as its number.

    The canvas reads its labels as Markdown with HTML in it, and makes links of bare addresses: signs that end or
    make up an address are parted by a joiner that is not seen.
    """
    return "".join(_sign(sign) for sign in str(text)[:200])


def _sign(sign: str) -> str:
    if sign.isalnum() or sign in " ·":
        return sign
    return f"&#{ord(sign)};" + ("&#8288;" if sign in ".:@/" else "")


_LINE: Final = "margin:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap"
