"""A field that takes a learner: by its name, with its default settings, or as its settings."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from operators.contract.learner import Learner
from operators.registry import current


@dataclass(frozen=True)
class LearnerField:
    """How pydantic reads such a field, whatever learners the registry knows.

    Args:
        auto: Whether it may be `auto`, for a search among several.
    """

    auto: bool = False

    def read(self, value: Any) -> Any:
        """Return settings built from a mapping, and names as they are, so that a fault names the very field."""
        if isinstance(value, Learner) or (self.auto and value == "auto"):
            return value
        if isinstance(value, dict):
            return current().learners[_known(value.get("kind"))](**value)
        return _known(value)

    def learners(self, value: Any) -> Sequence[Learner]:
        """Return the settings that a value means: those of one learner, or of each that `auto` chooses among."""
        return tried_by_auto() if self.auto and value == "auto" else [learner_of(value)]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return how a value is read; a learner is written as its own settings are."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the names and the settings of the learners that are known now."""
        known = current().learners
        names: Any = Literal[tuple(known)]
        settings: Any = Annotated[Union[tuple(known.values())], Field(discriminator="kind")]  # noqa: UP007
        arms: Any = (Literal["auto"], names, settings) if self.auto else (names, settings)
        adapter: TypeAdapter[Any] = TypeAdapter(Union[arms])  # noqa: UP007
        return handler(adapter.core_schema)


def _known(name: Any) -> str:
    known = current().learners
    if isinstance(name, str) and name in known:
        return name
    near = difflib.get_close_matches(str(name), known, n=1)
    raise PydanticCustomError(
        "algorithm",
        "there is no algorithm {name}; {advice}",
        {
            "name": repr(name),
            "advice": f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(known)}",
            "expected": ", ".join(known),
        },
    )


Algorithm = Annotated[str | Learner, LearnerField()]
"""An algorithm by name, with its default settings, or its settings (`kind` names it)."""

SearchAlgorithm = Annotated[str | Learner, LearnerField(auto=True)]
"""An algorithm, or `auto` for a search among several."""


def learners_in(operator: BaseModel) -> dict[str, Sequence[Learner]]:
    """Return the learners that the fields of an operator stand for, by field."""
    found = {}
    for name, info in type(operator).model_fields.items():
        for mark in info.metadata:
            if isinstance(mark, LearnerField):
                found[name] = mark.learners(getattr(operator, name))
    return found


def tried_by_auto() -> list[Learner]:
    """Return the learners that `auto` chooses among, with their default settings."""
    return [learner_of(name) for name, kind in current().learners.items() if kind.in_auto]


def learner_of(algorithm: str | Learner | Mapping[str, Any]) -> Learner:
    """Return the settings that `algorithm` means: a name, the settings, or the settings as JSON.

    Raises:
        KeyError: There is no such learner.
    """
    if isinstance(algorithm, Learner):
        return algorithm
    settings = {"kind": algorithm} if isinstance(algorithm, str) else algorithm
    return current().learners[settings["kind"]](**settings)
