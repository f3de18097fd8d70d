"""What a worker is asked to do, as JSON: everything a stage needs, and nothing of the engine."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from engine.stores.outputs import OutputRef


class SourceRef(BaseModel):
    """Something outside the pipeline, pinned when the run was asked for.

    `runs.sources` in the records holds one of these, as JSON, for each `kind:ref`.
    """

    model_config = ConfigDict(frozen=True)

    hash: str = Field(description="SHA-256 of its content")
    table: OutputRef | None = Field(None, description="The stored table of a dataset version")
    path: str = Field("", description="Absolute path of a file; of a model version, below the workspace's models")
    label: str = Field("", description="What it is for people, as customers@3 or churn@2")


class WorkOrder(BaseModel):
    """One attempt at one stage."""

    model_config = ConfigDict(frozen=True)

    workspace: str = Field(description="Folder of the workspace")
    records_url: str = Field(description="Database of the workspace")
    run: str
    stage: str = Field(description="Name of the stage: its last node")
    nodes: tuple[str, ...] = Field(description="Nodes of the stage, each after what feeds it")
    pipeline: Mapping[str, Any] = Field(description="The stage's nodes and what is above them, resolved")
    outputs: Mapping[str, Mapping[str, OutputRef]] = Field(
        default_factory=dict, description="Kept outputs of earlier stages, by node and port"
    )
    sources: Mapping[str, "SourceRef"] = Field(
        default_factory=dict, description="What the pipeline reads from outside, by ref (`dataset:customers`)"
    )
    attempt: int = Field(ge=1)
    token: str = Field(description="Unique to this attempt; an answer without it is refused")
    seed: int = 0
    engine: str = "polars"
    environment: str = "train"
    resources: Mapping[str, Any] = Field(default_factory=dict, description="Shares: `cpu`, `gpu`, `memory`")
    priority: int = Field(0, description="Of its run: higher goes first, and others make room for it")
    project: str = Field("default", description="On whose account it runs")
    alone: bool = Field(False, description="Nobody else may use its devices while it runs, as a stress test needs it")


def mark_of(token: str) -> str:
    """Return how the names of everything begin that an attempt writes and that shall not stay."""
    return f"{token[:8]}-"


class Done(BaseModel):
    """A stage's answer: its outputs are kept already."""

    model_config = ConfigDict(frozen=True)

    outputs: Mapping[str, Mapping[str, OutputRef]] = Field(description="By node and port")
    seconds: float = Field(ge=0)
    memory: int | None = Field(None, ge=0, description="Bytes it took at its most; None where nobody knows")


class Failure(BaseModel):
    """A stage's answer when it failed: one sentence, and whether another try may help."""

    model_config = ConfigDict(frozen=True)

    sentence: str
    hint: str = ""
    field: str = ""
    node: str = ""
    retryable: bool = False
    details: str = Field("", description="For the log: where in the code it happened")
    seconds: float = Field(0.0, ge=0)
