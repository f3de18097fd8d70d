"""Algorithms: one file each, a pydantic model of its settings."""

import difflib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from operators.learners.base import Learner, Lesson, Supervised
from operators.learners.baseline import Baseline
from operators.learners.hist_gradient_boosting import HistGradientBoosting
from operators.learners.lightgbm import LightGBM
from operators.learners.linear import Linear
from operators.learners.random_forest import RandomForest

__all__ = [
    "LEARNERS",
    "Algorithm",
    "AlgorithmName",
    "Baseline",
    "HistGradientBoosting",
    "Learner",
    "Lesson",
    "LightGBM",
    "Linear",
    "RandomForest",
    "SearchAlgorithm",
    "Supervised",
    "learner_of",
]

AlgorithmName = Literal["baseline", "linear", "random_forest", "hist_gradient_boosting", "lightgbm"]
Settings = Annotated[Baseline | Linear | RandomForest | HistGradientBoosting | LightGBM, Field(discriminator="kind")]

LEARNERS: dict[str, type[Any]] = {
    kind.model_fields["kind"].default: kind for kind in (Baseline, Linear, RandomForest, HistGradientBoosting, LightGBM)
}


def _read(value: Any) -> Any:
    """Return settings built from a mapping, and names as they are, so that a fault names the very field."""
    if isinstance(value, str):
        return _known(value)
    if isinstance(value, dict):
        return LEARNERS[_known(value.get("kind"))](**value)
    return value


def _read_or_auto(value: Any) -> Any:
    return value if value == "auto" else _read(value)


def _known(name: Any) -> str:
    if name in LEARNERS:
        return str(name)
    near = difflib.get_close_matches(str(name), LEARNERS, n=1)
    raise PydanticCustomError(
        "algorithm",
        "there is no algorithm {name}; {advice}",
        {
            "name": repr(name),
            "advice": f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(LEARNERS)}",
            "expected": ", ".join(LEARNERS),
        },
    )


Algorithm = Annotated[AlgorithmName | Settings, BeforeValidator(_read)]
"""An algorithm by name, with its default settings, or its settings (`kind` names it)."""


SearchAlgorithm = Annotated[Literal["auto"] | AlgorithmName | Settings, BeforeValidator(_read_or_auto)]
"""An algorithm, or `auto` for a search among several."""


def learner_of(algorithm: str | Learner | Mapping[str, Any]) -> Learner:
    """Return the settings that `algorithm` means: a name, the settings, or the settings as JSON."""
    if isinstance(algorithm, Learner):
        return algorithm
    settings = {"kind": algorithm} if isinstance(algorithm, str) else algorithm
    found: Learner = LEARNERS[settings["kind"]](**settings)
    return found
