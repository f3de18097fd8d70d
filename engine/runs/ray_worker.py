"""What a Ray worker does with an attempt; kept light, because every worker imports it first."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.runs.ray_map import spread

Work = Callable[..., dict[str, Any]]


def perform(work: Work, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `work` answers to the order `document`, with `Context.map` reaching the cluster."""
    return work(document, spread)
