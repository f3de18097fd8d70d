"""What is striking about a described table: rules over its descriptions, without the rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.data.formats import Finding
from operators.contract.tables import INTEGERS, NUMERIC

MOSTLY: Final = 0.5
ENOUGH_ROWS: Final = 20
MANY_VALUES: Final = 50
SKEWED: Final = 3.0
IMBALANCED: Final = 0.9
OUTLYING: Final = 0.01
THE_SAME: Final = 0.99
FEW_FAR: Final = 0.05
"""Share of the values beyond three quartile distances up to which the quartiles bound a column."""
_SEVERITIES: Final = ("error", "warning", "info")
_SHORT: Final = 60

Pair = Mapping[str, Any]


def findings_of(
    described: Sequence[Mapping[str, Any]], rows: int, duplicates: int, pairs: Sequence[Pair] = ()
) -> list[Finding]:
    """Return what a reader of the table should know, what matters most first and the table's own before its columns'.

    Args:
        described: Each column's description.
        rows: Of the table.
        duplicates: Rows that are equal to an earlier one.
        pairs: Columns that go together, as `associations` gives them.
    """
    found = list(_of_table(rows, duplicates, len(described)))
    for column in described:
        found += _of_column(column, rows)
    found += _of_pairs(pairs)
    return sorted(found, key=lambda finding: _SEVERITIES.index(finding.severity))


def clip(column: Mapping[str, Any], rows: int) -> dict[str, Any] | None:
    """Return the step that pulls far values in, or None where each would turn many different values into one.

    It is bounded by quartiles where little lies beyond these bounds, else by the 1 % and 99 % quantiles: of
    a column that is mostly 0, the quartiles are 0 and so would be every value.

    Args:
        column: Its description.
        rows: That have a value.
    """
    quantiles, far = column.get("quantiles") or {}, column.get("outliers")
    if not quantiles or far is None or not quantiles["0.05"] < quantiles["0.95"]:
        return None
    by_quartiles = quantiles["0.25"] < quantiles["0.75"] and far <= FEW_FAR * rows
    bounds: dict[str, Any] = {"factor": 3.0} if by_quartiles else {"method": "quantile"}
    return {"operator": "clip_outliers", "with": {"columns": [column["name"]], **bounds}}


def drop(column: str) -> dict[str, Any]:
    """Return the step that leaves a column out."""
    return {"operator": "select_columns", "with": {"columns": [column], "mode": "drop"}}


def _of_table(rows: int, duplicates: int, columns: int) -> Iterator[Finding]:
    if rows == 0:
        yield Finding(kind="no_rows", sentence="The table has no rows.")
    if columns == 1:
        yield Finding(kind="one_column_table", sentence="The table has only one column.")
    if duplicates:
        share = 100 * duplicates / rows
        yield Finding(
            kind="duplicate_rows",
            sentence=f"{duplicates} rows ({share:.1f} %) repeat an earlier row.",
            severity="warning" if share > 1 else "info",
            values={"count": duplicates, "share": f"{share:.1f}"},
            fix={"operator": "drop_duplicates", "with": {}},
        )


def _of_column(column: Mapping[str, Any], rows: int) -> Iterator[Finding]:
    name, missing, distinct = column["name"], column["missing"], column["distinct"]
    present = rows - missing
    if rows and not present:
        yield _finding("all_missing", name, "has no value at all.", fix=drop(name))
        return
    if rows and missing > MOSTLY * rows:
        share = f"{100 * missing / rows:.0f}"
        sentence = f"{share} % of column {name!r} is missing."
        yield Finding(kind="mostly_missing", column=name, sentence=sentence, values={"share": share}, fix=drop(name))
    elif missing:
        yield _some_missing(column, rows)
    if distinct == 1 and present > 1:
        value = _shown(column["top"][0][0])
        yield _finding("constant", name, f"is always {value!r}.", fix=drop(name), value=value)
        return
    if rows >= ENOUGH_ROWS:
        yield from _of_values(column, present)


def _some_missing(column: Mapping[str, Any], rows: int) -> Finding:
    name, share = column["name"], f"{100 * column['missing'] / rows:.1f}"
    statistic = {"string": "most_frequent", "boolean": "most_frequent"}.get(column["type"])
    statistic = "median" if column["type"] in NUMERIC else statistic
    mended = {"operator": "drop_missing", "with": {"columns": [name]}}
    if statistic:
        mended = {"operator": "fill_missing", "with": {"columns": [name], "statistic": statistic}}
    return Finding(
        kind="some_missing",
        column=name,
        sentence=f"{column['missing']} values ({share} %) of column {name!r} are missing.",
        severity="info",
        values={"count": column["missing"], "share": share},
        fix=mended,
    )


def _of_values(column: Mapping[str, Any], present: int) -> Iterator[Finding]:
    name, distinct, kind = column["name"], column["distinct"], column["type"]
    if distinct == present and (kind == "string" or kind in INTEGERS):
        sentence = "has another value in every row: it names rows rather than describes them."
        yield _finding("id_like", name, sentence, fix=drop(name))
    elif kind == "string" and distinct > max(MANY_VALUES, MOSTLY * present):
        sentence = f"has {distinct} different texts in {present} rows."
        encoded = {"operator": "encode_categories", "with": {"columns": [name], "method": "frequency"}}
        yield _finding("high_cardinality", name, sentence, fix=encoded, count=distinct, rows=present)
    if distinct < present:  # what names rows is no number, whatever it is written with
        yield from _of_text(column, present)
    yield from _of_numbers(column, present)
    top = column["top"][0] if column["top"] else None
    if top and 1 < distinct <= MANY_VALUES and top[1] > IMBALANCED * present:
        share, value = f"{100 * top[1] / present:.1f}", _shown(top[0])
        sentence = f"{share} % of column {name!r} is {value!r}."
        yield Finding(kind="imbalanced", column=name, sentence=sentence, values={"share": share, "value": value})


def _of_text(column: Mapping[str, Any], present: int) -> Iterator[Finding]:
    numbers = column.get("numbers")
    if numbers is not None and MOSTLY < numbers < 1:
        name, share = column["name"], f"{min(100 * numbers, 99):.0f}"
        sentence = f"holds numbers in about {share} % of {present} values, and other text in the rest."
        cast = {"operator": "cast_types", "with": {"types": {name: "float64"}, "on_error": "null"}}
        yield _finding("mixed_types", name, sentence, fix=cast, share=share)


def _of_numbers(column: Mapping[str, Any], present: int) -> Iterator[Finding]:
    name, skewness, far = column["name"], column.get("skewness"), column.get("outliers")
    if skewness is not None and abs(skewness) > SKEWED and column["distinct"] > MANY_VALUES:
        yield _finding(
            "skewed",
            name,
            f"is skewed ({skewness:.1f}): a few values are far from the others.",
            severity="info",
            fix=clip(column, present),
            skewness=f"{skewness:.1f}",
        )
    elif far and far > OUTLYING * present and column["distinct"] > MANY_VALUES:
        share = f"{100 * far / present:.1f}"
        sentence = f"has {far} values ({share} %) further from its quartiles than three times their distance."
        yield _finding("outliers", name, sentence, severity="info", fix=clip(column, present), count=far, share=share)


def _of_pairs(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Yield what says the same; of columns that all do, each is named once beside one of the others."""
    groups: dict[str, frozenset[str]] = {}
    for pair in pairs:
        a, b = pair["a"], pair["b"]
        if pair["value"] < THE_SAME or b in groups.get(a, frozenset()):
            continue
        joined = groups.get(a, frozenset({a})) | groups.get(b, frozenset({b}))
        groups |= dict.fromkeys(joined, joined)
        sentence = f"Columns {a!r} and {b!r} say the same ({pair['value']:.2f}): if one is to be predicted, "
        values = {"other": a, "value": f"{pair['value']:.2f}"}
        yield Finding(kind="leak", column=b, sentence=f"{sentence}the other gives it away.", values=values, fix=drop(b))


def _finding(kind: str, name: str, rest: str, **given: Any) -> Finding:
    """Return a finding of a column; what is no field of it is one of its values."""
    fields = {key: given.pop(key) for key in ("severity", "fix") if key in given}
    return Finding(kind=kind, column=name, sentence=f"Column {name!r} {rest}", values=given, **fields)


def _shown(value: Any) -> Any:
    return f"{value[:_SHORT]}…" if isinstance(value, str) and len(value) > _SHORT else value
