"""Lists of runs, models and services as tables."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from app.previews import draw_table, moment, short, shown, table_of
from app.text import t, word

Document = Mapping[str, Any]


def draw_runs(runs: Iterable[Document], name: str = "runs") -> None:
    """Draw runs as a table."""
    rows = [
        (run["id"], run["pipeline"], word("status", run["status"]), moment(run["started"]), short(run["seconds"]))
        for run in runs
    ]
    draw_table(table_of([t(f"runs.{key}") for key in ("run", "pipeline", "status", "started", "seconds")], rows), name)


def draw_models(versions: Iterable[Document]) -> None:
    """Draw model versions as a table."""
    keys = ("model", "version", "aliases", "algorithm", "target", "created", "metrics")
    rows = [
        (
            model["name"], model["version"], shown(model["aliases"]), model["algorithm"], model["target"],
            moment(model["created"]), _headline(model["metrics"]),
        )
        for model in versions
    ]  # fmt: skip
    draw_table(table_of([t(f"models.{key}") for key in keys], rows), "models")


def draw_services(services: Iterable[Document]) -> None:
    """Draw services as a table."""
    keys = ("service", "status", "model", "version", "environment", "cpu", "gpu", "url")
    rows = [
        (
            service["name"], word("status", service["status"]), service["model"], service["version"],
            service["environment"], service["share"]["cpu"] / 10_000, service["share"]["gpu"] / 10_000, service["url"],
        )
        for service in services
    ]  # fmt: skip
    draw_table(table_of([t(f"services.{key}") for key in keys], rows), "services")


def draw_nodes(nodes: Mapping[str, Document]) -> None:
    """Draw the nodes of a run as a table."""
    keys = ("node", "status", "seconds", "rows", "attempts", "reused_from", "reason")
    rows = [
        (
            name, word("status", node["status"]), short(node["seconds"]), node["rows"], node["attempts"],
            node["reused_from"], node["reason"],
        )
        for name, node in nodes.items()
    ]  # fmt: skip
    draw_table(table_of([t(f"runs.{key}") for key in keys], rows), "nodes")


def draw_metrics(metrics: Mapping[str, Document]) -> None:
    """Draw the figures of merit of each node that scored something."""
    rows = [(node, name, shown(value)) for node, figures in metrics.items() for name, value in figures.items()]
    if not rows:
        st.caption(t("runs.no_metrics"))
        return
    names = [t("runs.node"), t("runs.metric"), t("runs.value")]
    numbers = [(node, name, value if isinstance(value, int | float) else str(value)) for node, name, value in rows]
    draw_table(table_of(names, [(n, m, str(short(v))) for n, m, v in numbers]), "metrics")


_HEADLINES = ("roc_auc", "accuracy", "f1", "r2", "rmse")


def _headline(metrics: Mapping[str, Document]) -> str:
    figures = {name: value for node in metrics.values() for name, value in node.items()}
    return ", ".join(f"{name} {short(figures[name])}" for name in _HEADLINES if figures.get(name) is not None)
