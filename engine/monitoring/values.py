"""What a drift report is made of: frozen values that are JSON."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Kind = Literal["number", "date", "duration", "time", "category", "text", "identifier", "other"]
TestName = Literal["ks", "chi2", "missing", "none"]
Verdict = Literal["stable", "later", "negligible", "drift", "untested"]
Severity = Literal["info", "warning", "error"]
Stage = Literal["none", "data", "schema", "model"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Told(_Value):
    """A sentence as a code and what it speaks of, so that a screen can say it in any language.

    A value may be another `Told`, for a part of the sentence.
    """

    code: str = Field(description="Which sentence it is")
    values: Mapping[str, Any] = Field({}, description="What stands in its places, as JSON")


class Comparison(_Value):
    """One test of one column: what it found, before and after all tests of the report are weighed together.

    `effect` is always a difference of shares in [0, 1], so effects of different tests can be ranked.
    """

    test: TestName = Field(description="ks, chi2, missing, or none where nothing could be tested")
    statistic: float | None = Field(None, description="The test's own statistic")
    p: float | None = Field(None, ge=0, le=1, description="Probability of such a statistic without drift")
    p_adjusted: float | None = Field(None, ge=0, le=1, description="The same under false-discovery control")
    effect: float = Field(0.0, ge=0, le=1, description="Largest difference of shares, in [0, 1]")
    verdict: Verdict = Field("untested", description="stable, later, negligible, drift, untested")


class Histogram(_Value):
    """Shares of the same bins in the reference and in the current rows."""

    labels: tuple[str, ...] = Field(description="Lower edge of each bin, or the category")
    reference: tuple[float, ...] = Field(description="Share of the reference's values in each bin, in [0, 1]")
    current: tuple[float, ...] = Field(description="Share of the current values in each bin, in [0, 1]")


class ColumnReport(Comparison):
    """A column with the comparison that decided about it, and all others beside."""

    name: str = Field(description="Name of the column")
    role: Literal["feature", "prediction"] = Field("feature", description="Given to the model, or answered by it")
    kind: Kind = Field("other", description="How its values were compared")
    drifted: bool = Field(False, description="Whether the drift is certain enough and large enough to matter")
    sentence: str = Field("", description="The finding in words")
    told: Told | None = Field(None, description="The sentence, for other languages")
    tests: tuple[Comparison, ...] = Field((), description="Every test that was made of this column")
    histogram: Histogram | None = Field(None, description="The data of its chart")


class Finding(_Value):
    """A fault of the rows themselves, which is not drift."""

    kind: str = Field(description="missing_column, type_change, all_null, ...")
    column: str | None = Field(None, description="The column at fault; none for the table as a whole")
    severity: Severity = Field("warning", description="info asks for nothing; warning and error notify")
    sentence: str = Field(description="The fault in words")
    told: Told | None = Field(None, description="The sentence, for other languages")


class Diagnosis(_Value):
    """Where the trouble lies."""

    stage: Stage = Field(description="none, data, schema or model")
    node: str | None = Field(None, description="The node of the pipeline that meets it first, where known")
    sentence: str = Field(description="The reason in words")
    told: tuple[Told, ...] = Field((), description="Its sentences, for other languages")


class Window(_Value):
    """Which of the rows that a service was asked are to be compared.

    With nothing chosen: the day up to the newest row, and as many days more as it takes until there are enough.
    """

    hours: float | None = Field(None, gt=0, le=876_000, description="Only the last so many hours")
    rows: int | None = Field(None, ge=1, description="Only the newest so many rows")
    since: AwareDatetime | None = Field(None, description="Only rows from this moment on")
    until: AwareDatetime | None = Field(None, description="Only rows up to this moment")


class Selection(_Value):
    """Which rows were compared: what was chosen, what that held, and what was left out."""

    source: Literal["captures", "file"] = Field(description="What the service was asked, or a file")
    window: Window = Field(Window(), description="What was chosen")
    model: str | None = Field(None, description="Model whose reference it was")
    version: str | None = Field(None, description="Version of the model")
    first: float | None = Field(None, description="When the first row was asked, seconds since 1970")
    last: float | None = Field(None, description="When the last row was asked, seconds since 1970")
    of_rows: int = Field(0, ge=0, description="Rows of the window; a sample of them was compared if these are more")
    other_rows: int = Field(0, ge=0, description="Rows in that time that another model answered; left out")
    days: int | None = Field(None, description="Days that were looked at until there were enough, without a choice")


class DriftReport(_Value):
    """How current rows compare with the reference a model was made from."""

    service: str = Field(description="The service whose rows these are")
    window: str = Field(description="Which rows were compared, in words or as an interval")
    selection: Selection | None = Field(None, description="How these were chosen; not in reports of before")
    rows: int = Field(ge=0, description="Current rows")
    reference_rows: int = Field(ge=0, description="Rows of the reference")
    drifted: bool = Field(description="Whether any column drifted")
    columns: tuple[ColumnReport, ...] = Field(description="Drifted columns first, the largest effect leading")
    quality: tuple[Finding, ...] = Field(description="Faults of the rows, the gravest first")
    diagnosis: Diagnosis = Field(description="Where the trouble lies")
    action: Literal["none", "notify"] = Field(description="What to do")
    alpha: float = Field(description="Share of reports that may alarm where nothing drifted")

    def document(self) -> Mapping[str, Any]:
        """Return the JSON document of `tandem monitor`."""
        return self.model_dump(mode="json")
