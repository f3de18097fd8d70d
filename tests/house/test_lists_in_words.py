"""No sentence for people shows a list as Python writes it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = {"list", "sorted", "tuple", "set", "dict"}
ROOMS = ("engine", "operators", "resources", "app")
FOR_PROGRAMMERS = {"operators/testing", "app/services/calling.py"}
"""What is told to authors of operators, and Python that is shown to be copied."""


def raw(path):
    """Yield the lines with a text in which a list, or something made into one, stands as it is."""
    for text in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)):
        for part in (part for part in text.values if isinstance(part, ast.FormattedValue)):
            value = part.value.value if isinstance(part.value, ast.Subscript) else part.value
            if is_a_list(value):
                yield f"{path.relative_to(ROOT)}:{text.lineno}: {ast.unparse(part.value)}"


def is_for_programmers(path):
    return any(path.is_relative_to(ROOT / place) for place in FOR_PROGRAMMERS)


def is_a_list(value):
    called = getattr(value.func, "id", "") if isinstance(value, ast.Call) else ""
    return called in LISTS or isinstance(value, ast.List | ast.ListComp | ast.Dict | ast.DictComp | ast.Set)


@pytest.mark.parametrize("room", ROOMS)
def test_a_list_is_written_with_commas(room):
    files = [path for path in (ROOT / room).rglob("*.py") if not is_for_programmers(path)]
    assert [line for path in files for line in raw(path)] == []
