"""What a class does its work with: words change nothing, code does, also that of modules it imports."""

import sys
from importlib import invalidate_caches

import pytest

from operators import identity
from operators.identity import code_of_modules

BASE = '''
"""A module."""
from made.helper import twice  # a comment
class Kind:
    """A class."""
    size: int = Field(3, description="Rows", json_schema_extra=hint("行数", "columns"))
    title = {"en": "Kind"}
    def run(self, rows):
        """Do it."""
        return twice(rows)
'''
HELPER = "import polars\ndef twice(rows):\n    return rows * 2\n"


@pytest.fixture
def code(tmp_path, monkeypatch):
    """The hash of `made.kind` after its files were written anew."""
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "made").mkdir()

    def write(kind=BASE, helper=HELPER):
        for name, text in (("__init__", ""), ("kind", kind), ("helper", helper)):
            (tmp_path / "made" / f"{name}.py").write_text(text, "utf-8")
        forget()
        return code_of_modules(["made.kind"], "made")

    yield write
    assert "made" not in sys.modules  # nothing was imported to be looked at
    forget()


def forget():
    """Have the files looked at anew."""
    invalidate_caches()
    for cached in (identity._code, identity._closure, identity._file, identity._folders):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""A class."""', '"""Another text."""'),
        ('"""Do it."""', ""),
        ("  # a comment", ""),
        ('description="Rows"', 'description="How many"'),
        ('hint("行数"', 'hint("多少行"'),
        ('title = {"en": "Kind"}', 'title = {"en": "Sort"}'),
        ("    def run", "\n\n    def run"),
    ],
)
def test_words_change_nothing(code, before, after):
    assert before in BASE
    assert code(BASE) == code(BASE.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [("Field(3,", "Field(4,"), ("twice(rows)\n", "twice(rows[1:])\n"), ('"columns"', '"column"'), ("run(", "walk(")],
)
def test_code_changes_it(code, before, after):
    assert before in BASE
    assert code(BASE) != code(BASE.replace(before, after))


def test_the_code_of_what_is_imported_changes_it(code):
    assert code(BASE) != code(BASE, HELPER.replace("* 2", "* 3"))
    assert code(BASE) == code(BASE, HELPER.replace("import polars\n", "import polars  # tables\n"))


def test_what_a_type_checker_alone_imports_does_not_count(code):
    hidden = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from made.helper import twice\n"
    assert code(hidden) == code(hidden, HELPER.replace("* 2", "* 3"))
