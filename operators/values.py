"""What flows between operators besides tables: states, metrics, figures and reports.

All of them are JSON, so that they can be stored, hashed and shown without unpickling.
`operators.model.Model` is the one value that is not.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from operators.figure import Figure

__all__ = ["Figure", "Metrics", "Report", "Samples", "State", "Vectors"]


class State(BaseModel):
    """What a fitted operator learnt, together with the operator that learnt it."""

    model_config = ConfigDict(frozen=True)

    operator: str = Field(description="Registry name of the fitted operator")
    version: int = Field(1, ge=1, description="Its version")
    parameters: Mapping[str, Any] = Field(default_factory=dict, description="Its parameters")
    values: Mapping[str, Any] = Field(default_factory=dict, description="What `fit` returned, as JSON")


class Metrics(dict[str, Any]):
    """Figures of merit by name: finite floats, or None where one is not defined for the data."""


class Report(dict[str, Any]):
    """Findings as JSON: whatever the operator's docstring says."""


class Samples(dict[str, Any]):
    """Images or texts with labels: references to stored samples."""


class Vectors(dict[str, Any]):
    """Embeddings: references to a stored collection."""
