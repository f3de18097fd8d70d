"""The values that travel between the parser, the store and the screens; all frozen, all JSON."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from operators.contract.tables import TYPES

Format = Literal["csv", "parquet", "arrow", "jsonl", "xlsx"]
Severity = Literal["info", "warning", "error"]
Thousands = Literal[",", ".", " ", "'"]
CELL_ERRORS = (
    "#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!",
    "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!",
)  # fmt: skip
"""What a cell of a workbook holds instead of a value that could not be computed."""
NULL_WORDS = ("NA", "N/A", "NaN", "null", "none", "-", "?", *CELL_ERRORS)
"""Words that mean "missing" in a column of numbers, dates or booleans, in any case; text columns keep them."""
_SAME_MARKS = dict.fromkeys("\u00a0\u202f\u2009", " ") | dict.fromkeys("\u2019\u02bc", "'")


NUMBER_EXAMPLES: Mapping[str, tuple[str, str | None]] = {
    "1,234.5": (".", ","), "1.234,5": (",", "."), "1 234,5": (",", " "), "1 234.5": (".", " "),
    "1'234.5": (".", "'"), "1'234,5": (",", "'"), "1234,5": (",", None), "1234.5": (".", None),
}  # fmt: skip
"""The ways in which numbers are written, with their decimal mark and their mark between thousands."""


class Frozen(BaseModel):
    """A value that does not change and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(Frozen):
    """Something a reader of the table should know."""

    kind: str = Field(description="Stable name, such as `constant` or `leading_zeros`")
    column: str | None = Field(None, description="The column it is about; None for the table")
    sentence: str = Field(description="What was seen, with the value")
    severity: Severity = Field("warning", description="How much it matters")
    values: Mapping[str, Any] = Field(default_factory=dict, description="The sentence's values, for other languages")
    fix: Mapping[str, Any] | None = Field(None, description='A step that mends it: {"operator", "with"}, or None')


class ColumnType(Frozen):
    """A column's name and the name of its type (`operators.contract.tables.TYPES`, or `unknown`)."""

    name: str
    type: str


class NumberMarks(Frozen):
    """How numbers are written: 1,234.5 has the decimal mark `.` and the mark `,` between thousands.

    A space stands for every space that is written there (U+00A0, U+202F, U+2009 too), `'` for ’ too. One of
    `NUMBER_EXAMPLES` may stand for the marks.
    """

    decimal: Literal[".", ","] = Field(".", description="Decimal mark of numbers")
    thousands: Thousands | None = Field(None, description="Mark between thousands, where there is one")

    @model_validator(mode="before")
    @classmethod
    def _of_example(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        plain = "".join(_SAME_MARKS.get(character, character) for character in value)
        if plain not in NUMBER_EXAMPLES:
            raise ValueError(f"numbers are written like one of {', '.join(NUMBER_EXAMPLES)}, not {value!r}")
        decimal, thousands = NUMBER_EXAMPLES[plain]
        return {"decimal": decimal, "thousands": thousands}

    @field_validator("thousands", mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return _SAME_MARKS.get(value, value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _two_marks(self) -> Self:
        if self.thousands == self.decimal:
            raise ValueError(f"{self.decimal!r} cannot be both the decimal mark and the mark between thousands")
        return self


class ReadOptions(NumberMarks):
    """How to read a file; what is unset is sniffed."""

    format: Format | None = Field(None, description="Kind of file; from its content when unset")
    encoding: str | None = Field(None, description="Text encoding, as Python names it")
    delimiter: str | None = Field(None, description="The character between fields; `\\t` for a tab")
    quote: str | None = Field(None, max_length=1, description="Character around fields; empty for none")
    header: bool | None = Field(None, description="Whether the first row holds the names")
    header_row: int | None = Field(
        None, ge=1, description="The line that holds the names, from 1; those above are left out"
    )
    skip_rows: int | None = Field(None, ge=0, description="Lines left out at the top; told from the file when unset")
    skip_last: int = Field(0, ge=0, description="Rows left out at the end, such as totals")
    numbers: Mapping[str, NumberMarks] = Field(
        default_factory=dict, description="How numbers are written in columns that differ from the others, by name"
    )
    day_first: bool | None = Field(None, description="Whether 03/04/2024 is in April; text where that cannot be told")
    null_words: tuple[str, ...] = Field(NULL_WORDS, description="What else means missing in typed columns")
    types: Mapping[str, str] = Field(default_factory=dict, description="Types that columns must have, by name")
    sheet: str | None = Field(None, description="Sheet of a workbook; the first when unset")

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        value = {"\\t": "\t", "tab": "\t"}.get(value, value) if value else value
        if value is not None and (len(value) != 1 or not value.isascii() or value in '"\r\n\0'):
            raise ValueError(f"a delimiter is one ASCII character, not {value!r}")
        return value

    @model_validator(mode="after")
    def _one_header(self) -> Self:
        if self.header_row is not None and (self.header is False or (self.skip_rows or 0) >= self.header_row):
            raise ValueError(f"line {self.header_row} cannot hold the names and be left out")
        return self

    @property
    def top(self) -> int | None:
        """How many lines stand above the table, where the user says so."""
        return self.skip_rows if self.header_row is None else self.header_row - 1

    def marks(self, column: str) -> tuple[str, str | None]:
        """Return the decimal mark and the mark between thousands of a column."""
        own = self.numbers.get(column, self)
        return own.decimal, own.thousands

    @field_validator("types")
    @classmethod
    def _known_types(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        allowed = ("string", "int64", "float64", "boolean", "date", "datetime")
        for column, name in value.items():
            if name not in allowed or name not in TYPES:
                raise ValueError(f"column {column!r} cannot be {name!r}, only one of {', '.join(allowed)}")
        return value


class Sniffed(Frozen):
    """What a file seems to be; shown to the user, who may override each part with `ReadOptions`."""

    format: Format
    encoding: str | None = Field(None, description="Encoding of a text file")
    delimiter: str | None = Field(None, description="Field delimiter of a CSV file")
    quote: str | None = Field(None, description="Quote character of a CSV file; empty for none")
    escape: str | None = Field(None, description="A backslash where it escapes quotes, else None")
    newline: Literal["\n", "\r\n", "\r"] | None = Field(None, description="How lines end")
    header: bool | None = Field(None, description="Whether the first row holds the names")
    skipped_lines: int = Field(0, ge=0, description="Lines above the header that are not part of the table")
    columns: tuple[str, ...] = Field((), description="Column names as they will be stored, where known")
    sheet: str | None = Field(None, description="The sheet that is read")
    sheets: tuple[str, ...] = Field((), description="All sheets of the workbook")
    findings: tuple[Finding, ...] = Field((), description="Guesses and repairs worth knowing")


class Parsed(Frozen):
    """What the parser's child process says of the Parquet file it wrote."""

    sniffed: Sniffed
    columns: tuple[ColumnType, ...]
    rows: int = Field(ge=0)
    rejected: int = Field(0, ge=0, description="Lines that are in no row; kept in the rejects file")
    blank_lines: int = Field(0, ge=0, description="Empty lines, which are neither rows nor rejected")
    findings: tuple[Finding, ...] = ()
