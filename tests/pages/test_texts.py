"""Every string of the screens exists in both languages and is used."""

import ast
import string
from pathlib import Path
from typing import get_args

import pytest

from app.text import AREAS, TABLES, plain
from operators.learners import LEARNERS
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


def test_every_algorithm_has_a_name_in_words():
    named = {*LEARNERS, *get_args(ClusterAlgorithm)}
    assert {name for name in named if f"algorithm.{name}" not in TABLES["en"]} == set()
