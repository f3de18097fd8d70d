"""What a Ray worker does with an attempt; kept light, because every worker imports it first."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.runs.ray_map import spread
from resources.enforcement.limits import Limits, keep
from resources.enforcement.peak import Peak
from resources.enforcement.turns import wait_at

Work = Callable[..., dict[str, Any]]


def perform(
    work: Work,
    document: Mapping[str, Any],
    seen: Mapping[str, str] | None = None,
    limits: Mapping[str, Any] | None = None,
    note: str = "",
    turns: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what `work` answers to the order `document`, with `Context.map` reaching the cluster.

    Args:
        work: Does the order.
        document: The order.
        seen: Variables that let it see the devices of which it has a share, and no others.
        limits: What it may take, as `resources.enforcement.limits` writes it; None: as much as it likes.
        note: File into which it writes for the watchdog that it has begun; empty where nobody watches.
        turns: Where its steps wait for their turns at a device, as `resources.enforcement.turns` writes it.
    """
    os.environ.update(seen or {})
    keep(Limits() if limits is None else Limits.of_document(limits))
    wait_at(turns)
    if not note:
        return _measured(work, document)
    from resources.enforcement.gauges import Gauges
    from resources.enforcement.watchdog import Begun

    Begun(os.getpid(), Gauges().memory(os.getpid())).write(Path(note))
    try:
        return _measured(work, document)
    finally:
        Path(note).unlink(missing_ok=True)


def _measured(work: Work, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what work answers, with the memory that it took at its most where it is done."""
    peak = Peak()
    answer = work(document, spread)
    if "done" in answer:
        answer["done"]["memory"] = peak.reached()
    return answer
