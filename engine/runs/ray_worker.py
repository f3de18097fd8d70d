"""What a Ray worker does with an attempt; kept light, because every worker imports it first."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.runs.ray_map import spread

Work = Callable[..., dict[str, Any]]


VISIBLE = "CUDA_VISIBLE_DEVICES"


def perform(work: Work, document: Mapping[str, Any], devices: Sequence[int] = ()) -> dict[str, Any]:
    """Return what `work` answers to the order `document`, with `Context.map` reaching the cluster.

    Args:
        work: Does the order.
        document: The order.
        devices: Numbers of the GPUs that it has a share of; it sees no others.
    """
    os.environ[VISIBLE] = ",".join(map(str, devices))
    return work(document, spread)
