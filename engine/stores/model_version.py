"""What is known of a model version: as it is registered, and as it is listed."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class ModelFacts(BaseModel):
    """What is known of a model when it is registered."""

    model_config = ConfigDict(frozen=True)

    run: str = Field(description="Run that trained it")
    node: str = Field(description="Its trainer's node in the pipeline")
    pipeline: str = Field("", description="Name of the pipeline")
    project: str = Field("default", description="Project it belongs to")
    actor: str = Field("local", description="Who registered it")
    task: str = Field(description="classification, regression or clustering")
    target: str = Field("", description="The column it predicts")
    algorithm: str = Field("", description="Name of the learner")
    signature: Mapping[str, Any] = Field(description="`inputs` and `outputs`, see engine.serving.signature")
    metrics: Mapping[str, Mapping[str, Any]] = Field({}, description="Test metrics by the node that scored it")
    replay: Mapping[str, Any] = Field(description="`rows` and `max_abs_difference` of batch against online")
    resolved: tuple[Mapping[str, Any], ...] = Field(
        (), description="The nodes it was made by with every parameter; empty where it was registered before 2026-11-29"
    )
    profile: Mapping[str, Any] = Field({}, description="Profile of the reference, see engine.data.profiling")


class ModelVersion(ModelFacts):
    """A registered model version."""

    name: str = Field(description="Name of the model")
    version: str = Field(description="Its number, counted from 1")
    aliases: tuple[str, ...] = Field((), description="champion, challenger or both")
    created: float = Field(description="When it was registered, in seconds since 1970")
    damage: str = Field("", description="Why its files cannot be read; empty where they can")

    @model_validator(mode="after")
    def _say_what_may_be_left_out(self) -> Self:
        """Complete signatures of before 2026-11-28: columns with gaps in the profile of training rows are optional."""
        columns = self.profile.get("columns", ())
        gaps = {column["name"] for column in columns if column["missing"]}
        inputs = [{"optional": field["name"] in gaps, **field} for field in self.signature.get("inputs", ())]
        if inputs and columns:
            object.__setattr__(self, "signature", {**self.signature, "inputs": inputs})
        return self

    @property
    def defaults(self) -> Literal["stored", "unknown"]:
        """Whether parameters that were not given are kept as they were: before 2026-11-29 they were not."""
        return "stored" if self.resolved else "unknown"

    def document(self) -> dict[str, Any]:
        """Return the version as the command line lists it."""
        return {**self.model_dump(mode="json", exclude={"profile", "resolved"}), "defaults": self.defaults}
