"""What a chart shows of a table; JSON both ways."""

from typing import Any, Final, Literal

from pydantic import ConfigDict, Field, ValidationError, model_validator

from engine.data.formats import Frozen
from engine.errors import ConfigError

Kind = Literal["histogram", "bar", "box", "scatter", "line", "correlation", "missing"]
Aggregate = Literal["count", "mean", "median", "sum", "min", "max"]

_NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "histogram": ("x",), "bar": ("x",), "box": ("y",), "scatter": ("x", "y"), "line": ("x",),
    "correlation": (), "missing": (),
}  # fmt: skip


class ChartSpec(Frozen):
    """A chart by its kind and the columns it shows.

    `histogram`: numbers or times of `x`. `bar`: `aggregate` of `y` (or the rows) by category `x`. `box`: quartiles of
    `y` by category `x`, or of all rows. `scatter`: `y` against `x`. `line`: `aggregate` of `y` (or the rows) over the
    times or numbers of `x`. `correlation`: how every two numbers go together. `missing`: where gaps are. `colour`
    divides each of the first five by a category.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    x: str | None = Field(None, description="Column along the chart")
    y: str | None = Field(None, description="Column up the chart")
    colour: str | None = Field(None, description="Category that divides the chart")
    aggregate: Aggregate = Field("count", description="What is drawn of `y`; `count` counts rows")

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "ChartSpec":
        lacking = [name for name in _NEEDS[self.kind] if getattr(self, name) is None]
        if self.kind in ("bar", "line") and self.aggregate != "count" and self.y is None:
            lacking.append("y")
        if lacking:
            raise ValueError(f"a {self.kind} needs {' and '.join(lacking)}")
        return self


def chart_spec(document: Any) -> ChartSpec:
    """Return a chart from its JSON.

    Raises:
        ConfigError: It is none.
    """
    try:
        return ChartSpec.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        said = str(first["msg"]).removeprefix("Value error, ")
        raise ConfigError(f"The chart cannot be drawn: {said}.", hint="Choose its columns.") from error
