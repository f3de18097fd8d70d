"""What a run will take, before it starts: its time and what it costs, by what its stages took in earlier runs."""

from collections.abc import Mapping
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
        `{"seconds", "cpu_hours", "gpu_hours", "stages": [{"stage", "seconds"}], "unknown"}`: `seconds` along the
        longest way through the pipeline, None where nothing is known; `unknown` counts the stages of which nothing is.
    """
    document = bound.pipeline.document()
    ends: dict[str, float] = {}
    told, cpu, gpu = [], 0.0, 0.0
    for stage in plan(bound).stages:
        seconds = expectations.expected(StageKind.of(document, stage.name, sources, engine))
        share = spec.request(stage.resources)
        ends[stage.name] = max((ends[one] for one in stage.after), default=0.0) + (seconds or 0.0)
        cpu += (seconds or 0.0) * share.cpu / WHOLE / HOUR_S
        gpu += (seconds or 0.0) * share.gpu / WHOLE / HOUR_S
        told.append({"stage": stage.name, "seconds": seconds})
    unknown = sum(one["seconds"] is None for one in told)
    whole = max(ends.values(), default=0.0) if unknown < len(told) else None
    return {"seconds": whole, "cpu_hours": cpu, "gpu_hours": gpu, "stages": told, "unknown": unknown}
