"""What is striking about a described table: rules over its descriptions, without the rows."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from engine.data.formats import Finding
from operators.tables import INTEGERS

MOSTLY: Final = 0.5
ENOUGH_ROWS: Final = 20
MANY_VALUES: Final = 50
SKEWED: Final = 3.0
IMBALANCED: Final = 0.9


def findings_of(described: Sequence[tuple[dict[str, Any], float | None]], rows: int, duplicates: int) -> list[Finding]:
    """Return what a reader of the table should know, the table's own first.

    Args:
        described: Each column's description with its skewness, None where it has none.
        rows: Of the table.
        duplicates: Rows that are equal to an earlier one.
    """
    found = list(_of_table(rows, duplicates, len(described)))
    for column, skewness in described:
        found += _of_column(column, skewness, rows)
    return found


def _of_table(rows: int, duplicates: int, columns: int) -> Iterator[Finding]:
    if rows == 0:
        yield Finding(kind="no_rows", sentence="The table has no rows.")
    if columns == 1:
        yield Finding(kind="one_column", sentence="The table has only one column.")
    if duplicates:
        share = 100 * duplicates / rows
        sentence = f"{duplicates} rows ({share:.1f} %) repeat an earlier row."
        yield Finding(kind="duplicate_rows", sentence=sentence, severity="warning" if share > 1 else "info")


def _of_column(column: dict[str, Any], skewness: float | None, rows: int) -> Iterator[Finding]:
    name, missing, distinct = column["name"], column["missing"], column["distinct"]
    present = rows - missing
    if rows and not present:
        yield Finding(kind="all_missing", column=name, sentence=f"Column {name!r} has no value at all.")
        return
    if rows and missing > MOSTLY * rows:
        sentence = f"{100 * missing / rows:.0f} % of column {name!r} is missing."
        yield Finding(kind="mostly_missing", column=name, sentence=sentence)
    if distinct == 1 and present > 1:
        value = column["top"][0][0]
        yield Finding(kind="constant", column=name, sentence=f"Column {name!r} is always {value!r}.")
        return
    if rows >= ENOUGH_ROWS:
        yield from _of_values(column, skewness, present)


def _of_values(column: dict[str, Any], skewness: float | None, present: int) -> Iterator[Finding]:
    name, distinct, kind = column["name"], column["distinct"], column["type"]
    if distinct == present and (kind == "string" or kind in INTEGERS):
        sentence = f"Column {name!r} has another value in every row: it names rows rather than describes them."
        yield Finding(kind="id_like", column=name, sentence=sentence)
    elif kind == "string" and distinct > max(MANY_VALUES, MOSTLY * present):
        sentence = f"Column {name!r} has {distinct} different texts in {present} rows."
        yield Finding(kind="high_cardinality", column=name, sentence=sentence)
    if skewness is not None and abs(skewness) > SKEWED and distinct > MANY_VALUES:
        sentence = f"Column {name!r} is skewed ({skewness:.1f}): a few values are far from the others."
        yield Finding(kind="skewed", column=name, sentence=sentence, severity="info")
    top = column["top"][0] if column["top"] else None
    if top and 1 < distinct <= MANY_VALUES and top[1] > IMBALANCED * present:
        sentence = f"{100 * top[1] / present:.1f} % of column {name!r} is {top[0]!r}."
        yield Finding(kind="imbalanced", column=name, sentence=sentence)
