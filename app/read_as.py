"""What each column of a file is read as: its type, and how its numbers are written."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.previews import clipped, few_columns, table_of
from app.text import t, word
from engine.data.formats import NUMBER_EXAMPLES

Found = Mapping[str, Any]

TYPES = ("string", "int64", "float64", "boolean", "date", "datetime")
_EDITED = 300


def suggested_numbers(findings: Sequence[Mapping[str, Any]], key: str) -> dict[str, str]:
    """Offer to read the numbers that are written in another way; return how, by column, if that is wanted."""
    likes = {finding["column"]: finding["values"]["like"] for finding in findings if "like" in finding["values"]}
    if not likes:
        return {}
    shown = ", ".join(f"{clipped(column, 40)} ({like})" for column, like in list(likes.items())[:4])
    wanted = st.toggle(t("reading.as_written", columns=shown), key=f"{key}.as_written", help=t("reading.numbers_help"))
    return likes if wanted else {}


def draw_columns(found: Found, key: str) -> dict[str, Any]:
    """Draw the columns of a file; return the `types` and the `numbers` that were chosen, each by name of the column."""
    columns = found["columns"][:_EDITED]
    with st.expander(t("reading.columns", count=f"{len(found['columns']):,}"), key=f"{key}.columns"):
        if badges := few_columns(len(found["columns"]), _EDITED):
            st.markdown(" ".join(badges))
        rows = [
            (clipped(column["name"]), word("type", column["type"]), _examples(found, place), None, None)
            for place, column in enumerate(columns)
        ]
        labels = [t(f"reading.{name}") for name in ("column", "type", "examples", "read_as", "numbers")]
        config = {
            labels[3]: st.column_config.SelectboxColumn(
                options=list(TYPES), format_func=lambda name: word("type", name), help=t("reading.read_as_help")
            ),
            labels[4]: st.column_config.SelectboxColumn(options=list(NUMBER_EXAMPLES), help=t("reading.numbers_help")),
        }
        edited = st.data_editor(
            table_of(labels, rows), hide_index=True, disabled=labels[:3], column_config=config,
            key=f"{key}.{_mark(columns)}.types",
        )  # fmt: skip
    return {
        name: {column["name"]: value for column, value in zip(columns, edited[label].to_list(), strict=True) if value}
        for name, label in zip(("types", "numbers"), labels[3:], strict=True)
    }


def _mark(columns: Sequence[Mapping[str, Any]]) -> str:
    """Return what tells these columns from others: what was chosen for one must not become another's."""
    names = "\n".join(column["name"] for column in columns)
    return hashlib.sha256(names.encode("utf-8", "replace")).hexdigest()[:8]


def _examples(found: Found, place: int) -> str:
    seen = dict.fromkeys(str(row[place]) for row in found["rows"][:30] if row[place] is not None)
    return clipped(", ".join(clipped(text, 40) for text in list(seen)[:4]))
