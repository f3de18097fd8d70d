"""Every string of the screens exists in both languages and is used."""

import ast
import re
import string
from pathlib import Path
from typing import get_args

import pytest

from app.text import AREAS, TABLES, plain, t
from operators.learners.clusters import ClusterAlgorithm

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = {ROOT / "app" / "cli", ROOT / "app" / "text"}
SOURCES = [
    *(path for path in (ROOT / "app").rglob("*.py") if not ELSEWHERE & set(path.parents)),
    *(ROOT / "pages").glob("*.py"),
]


def patterns():
    """Return the key patterns that the sources ask for: a text, or the texts around what is put in."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t":
                yield source.name, node.args[0]


def families():
    """Return the families of words that the sources ask for: the first part of their keys."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "word":
                yield ast.literal_eval(node.args[0])


def fits(argument, key):
    if isinstance(argument, ast.Constant):
        return argument.value == key
    return isinstance(argument, ast.JoinedStr) and key.startswith(argument.values[0].value)


def test_no_key_stands_in_two_areas():
    assert sum(len(area.TEXTS) for area in AREAS) == len(TABLES["en"])


def test_both_languages_put_the_same_values_in():
    def names(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key: names(text) for key, text in TABLES["en"].items()} == {
        key: names(text) for key, text in TABLES["zh"].items()
    }


COUNTS = {
    "after", "columns", "count", "days", "duplicates", "figure", "least", "loaded", "minutes", "most", "names",
    "needed", "numbers", "queued", "rejected", "requests", "rows", "seconds", "shown", "size", "texts",
    "total", "width",
}  # fmt: skip
"""What the values are called that are numbers of things."""
NO_PLURALS = {"has", "holds", "is", "process", "repeats", "stands", "this", "was"}


class WithOne(string.Formatter):
    """Puts 1 where a text has a number, and a name elsewhere."""

    def get_value(self, key, args, kwargs):
        return 1 if key in COUNTS else "name"

    def format_field(self, value, format_spec):
        one, between, _ = format_spec.partition("|")
        return one if between else str(value)


def test_one_thing_is_not_called_by_a_plural():
    names = ("features.why_", "reading.as_written")  # what they call columns are names
    texts = {key: text for key, text in TABLES["en"].items() if not key.startswith(names)}
    said = {key: WithOne().vformat(text, (), {}) for key, text in texts.items() if "{" in text}
    plural = {key: re.findall(r"(?<![\w.])1\*{0,2} (?:\w+ )?(\w+s)\b(?! of)", text) for key, text in said.items()}
    assert {key: said[key] for key, words in plural.items() if set(words) - NO_PLURALS} == {}


@pytest.mark.parametrize(("rows", "said"), [(1, "1 row"), ("1", "1 row"), (0, "0 rows"), ("1,001", "1,001 rows")])
def test_the_word_goes_with_the_number(rows, said):
    assert t("features.rows_now", rows=rows) == said


def test_a_text_may_leave_the_number_one_out():
    assert t("rows.more", rows=1) == "The first row; there are more."
    assert t("rows.more", rows=20) == "The first 20 rows; there are more."


def test_every_key_that_is_used_exists():
    missing = [
        (source, ast.unparse(argument))
        for source, argument in patterns()
        if not any(fits(argument, key) for key in TABLES["en"])
    ]
    assert missing == []


def test_every_key_is_used():
    arguments, known = [argument for _, argument in patterns()], set(families())
    unused = [
        key
        for key in TABLES["en"]
        if key.split(".")[0] not in known and not any(fits(argument, key) for argument in arguments)
    ]
    assert unused == []


def test_every_listed_column_has_a_label():
    """Tables build their keys as `t(f"family.{key}")`: each name in the tuple beside it must exist."""
    for source in SOURCES:
        tree = ast.parse(source.read_text("utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            names = [n for n in ast.walk(function) if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "keys"]
            families = [
                a.args[0].values[0].value
                for a in ast.walk(function)
                if isinstance(a, ast.Call) and ast.unparse(a.func) == "t" and isinstance(a.args[0], ast.JoinedStr)
            ]
            for assigned in names:
                if isinstance(assigned.value, ast.Tuple):
                    listed = [element.value for element in assigned.value.elts]
                    assert [
                        f"{families[0]}{name}" for name in listed if f"{families[0]}{name}" not in TABLES["en"]
                    ] == []


def test_chinese_is_chinese():
    same = {key for key, text in TABLES["zh"].items() if text == TABLES["en"][key]}
    assert same <= {"view.query", "services.cpu", "services.gpu"}


@pytest.mark.parametrize("text", ["![p](http://x/y.png)", "<b>x</b>", "$x$ :red[y]", "`code` **bold** _it_"])
def test_plain_text_has_no_meaning_in_markdown(text):
    shown = plain(text)
    assert "<" not in shown
    assert all(shown[i - 1] == "\\" for i, sign in enumerate(shown) if sign in "`*_[]()$:!")


@pytest.mark.parametrize("text", ["http://x.y/z", "a@b.c", "see www.x.y", ":material/home:", ":smile:"])
def test_plain_text_makes_no_links_and_icons(text):
    assert text not in plain(text).replace("\\", "")


def test_plain_text_does_not_turn_the_rest_of_a_sentence():
    assert plain("a\u202ebc") == "a\N{REPLACEMENT CHARACTER}bc"


def test_every_way_to_find_clusters_has_a_name_in_words():
    assert {name for name in get_args(ClusterAlgorithm) if f"algorithm.{name}" not in TABLES["en"]} == set()
