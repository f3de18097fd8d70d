"""A table whose rows are clicked to choose what the page is about."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from app.previews import draw_download
from app.session import notes


def draw_pickable(table: pl.DataFrame, identities: Sequence[str], name: str, **options: Any) -> str | None:
    """Draw a table, offer it as a file, and return what the row that was clicked just now stands for.

    A click counts once: what is chosen otherwise afterwards is not overruled by a row that is still marked.

    Args:
        table: A row for each identity.
        identities: What the rows stand for, in order.
        name: Of the table among others on the page, and of its file.
        options: More for `st.dataframe`.
    """
    # With other rows it is another table: a mark on the third row would mean something else.
    key = f"pick.{name}.{hash(tuple(identities))}"
    event: Any = st.dataframe(
        table, hide_index=True, placeholder="–", key=key, on_select="rerun", selection_mode="single-row", **options
    )
    draw_download(table, name)
    marked = [identities[row] for row in event.selection.rows if row < len(identities)]
    seen, now = notes(f"pick.{name}"), marked[0] if marked else None
    clicked = now is not None and seen.get("row") != now
    seen["row"] = now
    return now if clicked else None
