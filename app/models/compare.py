"""Versions beside each other: figures, what was set differently, what they ask and answer differently."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.choices import several
from app.comparison import draw_differences, draw_metrics_beside
from app.models.listing import aliases_of
from app.previews import draw_table, table_of
from app.session import workbench
from app.text import t, word

Version = Mapping[str, Any]
MOST = 5


def draw_compare(versions: Sequence[Version], chosen: Version) -> None:
    """Draw the choice of versions, this one and the champion to begin with, and the comparison.

    Args:
        versions: All of them, newest first.
        chosen: The version of the page.
    """
    labels = {_key(one): _label(one) for one in versions}
    rivals = [_key(one) for one in versions if one["name"] == chosen["name"] and _key(one) != _key(chosen)]
    champions = [_key(one) for one in versions if one["name"] == chosen["name"] and "champion" in one["aliases"]]
    default = list(dict.fromkeys([_key(chosen), *champions, *rivals]))[:2]
    picked = several(t("models.compare_which"), labels, "beside", default=default, most=MOST)
    if len(picked) < 2:  # noqa: PLR2004 # one has nothing beside it
        st.caption(t("models.compare_two"))
        return
    found = workbench().models.compare([(key.rpartition("/")[0], key.rpartition("/")[2]) for key in picked])
    names = {key: key for key in picked}
    draw_metrics_beside(found["metrics"], names, "versions_metrics")
    draw_differences(found["parameters"], names, "versions_parameters")
    st.markdown(f"**{t('models.signature_differs')}**")
    if not found["signature"]:
        st.caption(t("models.signature_same"))
        return
    head = [t("models.name"), t("models.side"), *names]
    rows = [
        (row["column"], t(f"models.{row['side']}"), *(_type(row["values"].get(key)) for key in names))
        for row in found["signature"]
    ]
    draw_table(table_of(head, rows), "versions_signature")


def _type(kind: str | None) -> str | None:
    return None if kind is None else word("type", kind)


def _key(version: Version) -> str:
    return f"{version['name']}/{version['version']}"


def _label(version: Version) -> str:
    aliases = aliases_of(version)
    return f"{_key(version)} · {aliases}" if aliases else _key(version)
