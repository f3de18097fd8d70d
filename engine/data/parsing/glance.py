"""Tell plain numbers at a glance: where a table is wide and short, the rules of `deciding` cost more than the values.

What is told here is what these rules would say, and sooner; what is not told, they decide. A test compares the two.
"""

import re
from typing import Final

import polars as pl

from engine.data.formats import ReadOptions
from engine.data.parsing import readers
from engine.data.parsing.readers import Reader

SHORT: Final = 1000
"""Values up to which a look at each costs less than an expression over all."""
_WHOLE: Final = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,14})")
_BROKEN: Final = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")


def at_a_glance(values: pl.Series, marks: tuple[str, str | None], options: ReadOptions) -> Reader | None:
    """Return the reader of a column that holds plain numbers and gaps alone, or None where that cannot be told.

    Args:
        values: Its text, without the blanks around it; null where nothing is left.
        marks: The decimal mark and that between thousands.
        options: How the user wants the file to be read.
    """
    if len(values) > SHORT:
        return None
    present = [value for value in values.to_list() if value is not None]
    if not present or not {word.lower() for word in options.null_words}.isdisjoint(present):
        return None
    if all(map(_WHOLE.fullmatch, present)):
        return readers.integers(marks[1], marks[0])
    if marks == (".", None) and all(map(_BROKEN.fullmatch, present)):
        return readers.floats(*marks)
    return None
