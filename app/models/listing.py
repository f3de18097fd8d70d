"""Every version of every model as a table, with a column for each figure of merit."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.picking import draw_pickable
from app.previews import moment, table_of
from app.session import choose
from app.text import t, word
from app.titles import algorithm_title
from engine.runs.merit import HEADLINES

Version = Mapping[str, Any]


def draw_versions(versions: Sequence[Version]) -> None:
    """Draw versions as a table to sort; the row that is clicked becomes the version of the page."""
    figures = [figures_of(version) for version in versions]
    shown = [name for name in HEADLINES if any(name in known for known in figures)]
    keys = ("model", "version", "aliases", "algorithm", "target", "created")
    rows = [
        (
            version["name"], int(version["version"]), aliases_of(version), algorithm_title(version["algorithm"]),
            version["target"],
            moment(version["created"]), *(known.get(name) for name in shown),
        )
        for version, known in zip(versions, figures, strict=True)
    ]  # fmt: skip
    table = table_of([*(t(f"models.{key}") for key in keys), *(word("metric", name) for name in shown)], rows)
    config = {word("metric", name): st.column_config.NumberColumn(format="%.4f") for name in shown}
    named = [f"{version['name']}/{version['version']}" for version in versions]
    clicked = draw_pickable(table, named, "models", column_config=config)
    if clicked:
        name, _, number = clicked.rpartition("/")
        choose("model", name)
        choose("version", number)


def figures_of(version: Version) -> dict[str, float]:
    """Return the figures of merit of a version by name; of several nodes, those of the last."""
    return {
        name: float(value)
        for figures in version["metrics"].values()
        for name, value in figures.items()
        if isinstance(value, int | float)
    }


def aliases_of(version: Version) -> str:
    """Return the aliases of a version in words."""
    return ", ".join(word("alias", alias) for alias in version["aliases"])
