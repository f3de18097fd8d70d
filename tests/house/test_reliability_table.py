"""What RELIABILITY.md says of the tests is so."""

import ast
import functools
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TABLE = (TESTS.parent / "RELIABILITY.md").read_text()
CHECKS = {"R": 19, "D": 12, "C": 8, "V": 10, "M": 7, "A": 6, "P": 10, "S": 14}
STATES = ("tested", "in part", "not yet", "does not apply yet")
NAMED = re.compile(r"`([\w/]+\.py::test_\w+)`( \(slow\))?")


def marks_of(node, module_marks):
    """Return the marks that hold for a whole test: of its file and of its own decorators, not of single parameters."""
    decorators = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
    own = {ast.unparse(one).removeprefix("pytest.mark.") for one in decorators}
    return own | module_marks


def marked(path):
    """Return `{name: marks}` of the tests of a file, read and not run."""
    tree = ast.parse(path.read_text())
    marks = {
        found
        for line in tree.body
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "pytestmark"
        for found in re.findall(r"pytest\.mark\.(\w+)", ast.unparse(line.value))
    }
    found = [line for line in tree.body if isinstance(line, ast.FunctionDef) and line.name.startswith("test_")]
    return {line.name: marks_of(line, marks) for line in found}


@functools.cache
def all_tests():
    """Return `{file::name: marks}` of every test there is."""
    return {
        f"{path.relative_to(TESTS)}::{name}": marks
        for path in TESTS.rglob("test_*.py")
        for name, marks in marked(path).items()
    }


def rows_of(table):
    """Return `[(id, state, {test: said to be slow})]` of the rows of a table."""
    lines = re.findall(r"^\| ([A-Z]\d+) \| [^|]+ \| \*\*([^*]+)\*\*[^|]* \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE)
    return [(check, state, {name: bool(slow) for name, slow in NAMED.findall(tests)}) for check, state, tests in lines]


def faults_of(table):
    """Return in words what a table says that is not so."""
    rows = rows_of(table)
    wanted = [f"{family}{number}" for family, count in CHECKS.items() for number in range(1, count + 1)]
    faults = [] if [check for check, *_ in rows] == wanted else ["The checks are not each there once, in order."]
    known = all_tests()
    for check, state, tests in rows:
        faults += [f"{check}: {state!r} is no state."] if state not in STATES else []
        faults += [f"{check}: {name} does not exist." for name in tests if name not in known]
        faults += [
            f"{check}: {n} is {'not ' * s}slow." for n, s in tests.items() if n in known and s != ("slow" in known[n])
        ]
        run = [name for name in tests if name in known and not known[name] & {"skip"}]
        faults += [f"{check}: no test of it runs."] if state == "tested" and not run else []
    return faults


def test_the_table_says_of_each_check_what_is_so():
    assert faults_of(TABLE) == []


def test_every_named_test_is_read_as_one():
    assert TABLE.count(".py::") == sum(len(tests) for _, _, tests in rows_of(TABLE))


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("| R2 |", "| R1 |", "not each there once"),
        ("| S14 |", "| S15 |", "not each there once"),
        ("::test_a_second_engine_refuses`", "::test_a_second_engine_rests`", "does not exist"),
        ("::test_a_second_engine_refuses`", "::test_a_second_engine_refuses` (slow)", "R14: .* is not slow"),
        ("_at_fifty_points` (slow)", "_at_fifty_points`", "R1: .* is slow"),
        ("| **not yet**", "| **maybe**", "is no state"),
        ("**does not apply yet**: there is no login", "**tested**", "S9: no test of it runs"),
    ],
)
def test_a_table_that_is_wrong_is_found(before, after, fault):
    assert TABLE.count(before) >= 1
    assert re.search(fault, " ".join(faults_of(TABLE.replace(before, after, 1))))
