"""What a run will take, before it starts: its time and what it costs, by what its stages took in earlier runs."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.graph.binding import BoundPipeline
from engine.graph.plan import plan
from engine.runs.expectations import Expectations, StageKind
from resources.environments import EnvironmentSpec
from resources.shares import WHOLE

HOUR_S = 3600.0


def forecast(
    bound: BoundPipeline,
    sources: Mapping[str, Any],
    engine: str,
    spec: EnvironmentSpec,
    expectations: Expectations,
) -> dict[str, Any]:
    """Return what a run of a pipeline that has no problems is expected to take.

    Nothing is said of stages whose like has never ended; waiting and what would be reused are not counted.

    Args:
        bound: The pipeline with its operators.
        sources: What it reads, as `SourceRef` documents by ref.
        engine: Of its tables.
        spec: The environment it would run in.
        expectations: What earlier stages took.

    Returns:
        `{"seconds", "cpu_hours", "gpu_hours", "memory", "stages": [{"stage", "seconds", "memory", "share"}], "unknown",
        "tight": [stage]}`: `seconds` along the longest way through the pipeline, `memory` in bytes of all stages that
        would work at the same time, None where nothing is known; `unknown` counts the stages of which nothing is.
        `share` is the memory that a stage asks for, 0 for none; those that are `tight` would take more, and be stopped.
    """
    document = bound.pipeline.document()
    ends: dict[str, float] = {}
    told: list[dict[str, Any]] = []
    cpu, gpu = 0.0, 0.0
    spans: list[tuple[float, float, int]] = []
    tight: list[str] = []
    for stage in plan(bound).stages:
        kind = StageKind.of(document, stage.name, sources, engine)
        seconds, memory = expectations.expected(kind), expectations.memory(kind)
        share = spec.request(stage.resources)
        ends[stage.name] = max((ends[one] for one in stage.after), default=0.0) + (seconds or 0.0)
        cpu += (seconds or 0.0) * share.cpu / WHOLE / HOUR_S
        gpu += (seconds or 0.0) * share.gpu / WHOLE / HOUR_S
        told.append({"stage": stage.name, "seconds": seconds, "memory": memory, "share": share.memory})
        if share.memory and share.memory < (memory or 0):
            tight.append(stage.name)
        if memory is not None:
            spans.append((ends[stage.name] - (seconds or 0.0), ends[stage.name], memory))
    unknown = sum(one["seconds"] is None for one in told)
    whole = max(ends.values(), default=0.0) if unknown < len(told) else None
    return {
        "seconds": whole,
        "cpu_hours": cpu,
        "gpu_hours": gpu,
        "memory": _together(spans),
        "stages": told,
        "unknown": unknown,
        "tight": tight,
    }


def _together(spans: Sequence[tuple[float, float, int]]) -> int | None:
    """Return the most of `(begin, end, bytes)` that overlap; None of none."""
    at_once = (sum(size for begin, end, size in spans if begin <= at < end or begin == at) for at, _, _ in spans)
    return max(at_once, default=None)
