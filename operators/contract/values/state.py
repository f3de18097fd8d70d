"""What a fitted operator learnt."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class State(BaseModel):
    """What a fitted operator learnt, together with the operator that learnt it."""

    model_config = ConfigDict(frozen=True)

    operator: str = Field(description="Registry name of the fitted operator")
    version: int = Field(1, ge=1, description="Its version")
    parameters: Mapping[str, Any] = Field(default_factory=dict, description="Its parameters")
    values: Mapping[str, Any] = Field(default_factory=dict, description="What `fit` returned, as JSON")
