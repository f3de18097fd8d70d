"""Findings that readers of several formats have in common."""

from engine.data.formats import Finding, Severity


def gaps(name: str, count: int) -> Finding:
    """Return that NaN became missing in a column."""
    sentence = f"{count} values of column {name!r} such as 'NaN' are stored as missing."
    return _counted("missing_words", name, sentence, count, example="NaN")


def nested_gaps(name: str, count: int) -> Finding:
    """Return that NaN or infinities inside objects and lists became null."""
    sentence = f"Objects or lists of column {name!r} hold NaN or an infinity, stored as null: {count}."
    return _counted("nested_gaps", name, sentence, count)


def zero_characters(name: str, count: int) -> Finding:
    """Return that texts hold the character U+0000."""
    sentence = f"Texts of column {name!r} hold NUL characters, which many programs refuse: {count}."
    return _counted("zero_characters", name, sentence, count, "warning")


def rounded(name: str, example: str) -> Finding:
    """Return that decimals were rounded."""
    sentence = f"Numbers of column {name!r} such as {example!r} have more digits than fit, and are rounded."
    return Finding(kind="rounded", column=name, sentence=sentence, values={"example": example})


def long_numbers(name: str, example: str) -> Finding:
    """Return that numbers stay text, which keeps all of their digits."""
    sentence = f"Column {name!r} is kept as text: {example!r} cannot be held exactly as a number."
    return Finding(kind="long_numbers", column=name, sentence=sentence, values={"example": example})


def stored_as_text(name: str, *, is_date: bool) -> Finding:
    """Return that a file says a column to be text whose values look like something else."""
    kind, what = ("stored_text_dates", "dates or times") if is_date else ("stored_text_booleans", "true and false")
    sentence = f"Column {name!r} is text in the file, and stays so: its values look like {what}."
    return Finding(kind=kind, column=name, sentence=sentence, severity="info")


def cut_times(name: str, count: int) -> Finding:
    """Return that times or durations were cut to whole microseconds."""
    sentence = f"{count} values of column {name!r} are finer than microseconds, and are cut."
    return _counted("cut_times", name, sentence, count, "warning")


def far_times(name: str, count: int) -> Finding:
    """Return that times or durations became missing."""
    sentence = f"{count} values of column {name!r} are outside of the years 1 to 9999, and are stored as missing."
    return _counted("far_times", name, sentence, count, "warning")


def converted(name: str, was: str, told: str) -> Finding:
    """Return that a column has another type than in its file."""
    sentence = f"Column {name!r} of type {was} is stored as {told}."
    values = {"type": was[:60], "told": told}
    return Finding(kind="converted_type", column=name, sentence=sentence, severity="info", values=values)


def _counted(kind: str, name: str, sentence: str, count: int, severity: Severity = "info", **values: str) -> Finding:
    return Finding(kind=kind, column=name, sentence=sentence, severity=severity, values={"count": count, **values})
