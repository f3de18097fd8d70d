"""The one figure of merit by which a list tells runs apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.records import Records, events
from engine.runs.merit import HEADLINES

Headline = dict[str, Any]


def headline(metrics: Mapping[str, Mapping[str, Any]]) -> Headline | None:
    """Return the main figure of a run: `{"node", "name", "value"}`; None where nothing was scored.

    The first of `HEADLINES` that any node has, else the first number there is; of several nodes, that of the last.

    Args:
        metrics: Figures by node, in the order in which the nodes ended.
    """
    found: dict[str, Headline] = {}
    for node, figures in metrics.items():
        for name, value in figures.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                found[name] = {"node": node, "name": name, "value": float(value)}
    return next((found[name] for name in (*HEADLINES, *found) if name in found), None)


def headlines(records: Records, runs: Sequence[str]) -> dict[str, Headline | None]:
    """Return the main figure of each of these runs."""
    metrics: dict[str, dict[str, Mapping[str, Any]]] = {run: {} for run in runs}
    with records.read() as connection:
        for event in events.of_several(connection, runs, ("succeeded", "reused")):
            if event.node is not None and event.payload.get("metrics"):
                metrics[event.run][event.node] = event.payload["metrics"]
    return {run: headline(found) for run, found in metrics.items()}
