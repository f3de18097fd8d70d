"""A chart as data: what there is to see, not how it is drawn.

Screens draw it in their own colours and language; a report writes its numbers out. All of it is JSON.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Words = Mapping[str, str]
"""A text by language: `en` and `zh`."""
Point = float | str

MOST_POINTS = 20_000


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Axis(_Part):
    """What is measured along one side."""

    label: Words = Field(description="What it measures, with its unit")
    kind: Literal["number", "category"] = Field("number", description="Numbers, or categories in their order")
    low: float | None = Field(None, description="Where it begins; by the data when None")
    high: float | None = Field(None, description="Where it ends; by the data when None")
    categories: tuple[str, ...] = Field((), description="All categories in order, where it has categories")


class Series(_Part):
    """Points that belong together, in order."""

    kind: Literal["line", "step", "points", "bars", "cells"] = Field(
        description="Joined by lines, by steps (the value holds until the next x), dots, bars, or a table of cells"
    )
    name: Words = Field(description="What they are, for a legend")
    x: tuple[Point, ...] = Field(max_length=MOST_POINTS, description="Position along x of each point")
    y: tuple[Point, ...] = Field(max_length=MOST_POINTS, description="Position along y of each point")
    value: tuple[float | None, ...] = Field((), description="A number at each point: of a cell, or how heavy a dot is")
    value_label: Words = Field(default_factory=dict, description="What `value` counts, with its unit")

    @model_validator(mode="after")
    def _as_many(self) -> Self:
        if len(self.x) != len(self.y) or len(self.value) not in {0, len(self.x)}:
            raise ValueError(f"{len(self.x)} x, {len(self.y)} y and {len(self.value)} values are no points")
        if not all(math.isfinite(point) for point in (*self.x, *self.y) if isinstance(point, float)):
            raise ValueError("a point lies at a finite place")
        return self


class Reference(_Part):
    """A straight line to compare with, from one end to the other."""

    name: Words = Field(description="What it stands for")
    x: tuple[float, float] = Field(description="Where it begins and ends along x")
    y: tuple[float, float] = Field(description="Where it begins and ends along y")


class Figure(_Part):
    """One pair of axes, and what is to be seen between them."""

    title: Words = Field(description="What it shows")
    x: Axis
    y: Axis
    series: tuple[Series, ...] = Field((), description="What is drawn, the first in front")
    references: tuple[Reference, ...] = Field((), description="Lines to compare with, behind")
    facts: Mapping[str, float | None] = Field(default_factory=dict, description="Figures that belong to it, by name")
    note: Words = Field(default_factory=dict, description="One sentence on how to read it")

    @field_validator("facts", mode="before")
    @classmethod
    def _finite(cls, facts: Mapping[str, Any]) -> dict[str, float | None]:
        return {name: None if value is None or not math.isfinite(value) else value for name, value in facts.items()}


def words(en: str, zh: str) -> Words:
    """Return a text in both languages."""
    return {"en": en, "zh": zh}


def same(text: Any) -> Words:
    """Return what reads alike in every language: a name out of the data, a number."""
    return {"en": str(text), "zh": str(text)}


def thinned(xs: Sequence[float], ys: Sequence[float], most: int = 500) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return at most `most` points of a curve, both ends among them, spread evenly along its length."""
    count = len(xs)
    if count <= most:
        return tuple(map(float, xs)), tuple(map(float, ys))
    walked = [0.0]
    for place in range(1, count):
        walked.append(walked[-1] + abs(xs[place] - xs[place - 1]) + abs(ys[place] - ys[place - 1]))
    kept, wanted = [0], walked[-1] / (most - 1)
    for place in range(1, count - 1):
        if walked[place] >= wanted * len(kept) and len(kept) < most - 1:
            kept.append(place)
    kept.append(count - 1)
    return tuple(float(xs[place]) for place in kept), tuple(float(ys[place]) for place in kept)
