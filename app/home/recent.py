"""What was changed lately: pipelines, datasets, models and services, each a link to its object."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.choices import page_link
from app.home.lines import ago
from app.session import workbench
from app.text import plain, t

MOST = 4


def draw_recent(models: Sequence[Mapping[str, Any]], services: Sequence[Mapping[str, Any]]) -> None:
    """Draw the newest of each, in columns.

    Args:
        models: Versions, newest first.
        services: All of them.
    """
    st.header(t("home.recent_objects"))
    columns = st.columns(4)
    for column, (page, items) in zip(columns, _items(models, services).items(), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{t(f'page.{page}')}**")
            for label, names, at in items[:MOST]:
                page_link(page, f"{plain(label)} · {ago(at)}" if at else plain(label), **names)
            if not items:
                st.caption(t("home.none"))


def _items(
    models: Sequence[Mapping[str, Any]], services: Sequence[Mapping[str, Any]]
) -> dict[str, list[tuple[str, dict[str, str], float | None]]]:
    bench = workbench()
    datasets = sorted(bench.datasets.list(), key=lambda one: -float(one.get("created") or 0))
    newest = sorted(services, key=lambda one: -one["updated"])
    return {
        "pipelines": [(one["name"], {"pipeline": one["name"]}, one["updated"]) for one in bench.pipelines.list()],
        "data": [(one["name"], {"dataset": one["name"]}, _moment(one)) for one in datasets],
        "models": [
            (f"{one['name']} {one['version']}", {"model": one["name"], "version": one["version"]}, one["created"])
            for one in models
        ],
        "services": [(one["name"], {"service": one["name"]}, one["updated"]) for one in newest],
    }


def _moment(dataset: Mapping[str, Any]) -> float | None:
    created = dataset.get("created")
    return float(created) if isinstance(created, int | float) else None
