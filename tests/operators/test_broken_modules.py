"""A file of operators that cannot be imported is told, and costs no other operator."""

import sys

import pytest

import operators
from operators.registry import BUILTIN, BrokenOperatorError, Registry, UnknownOperatorError

GOOD = """
from typing import ClassVar

from operators.contract.card import Card
from operators.contract.operator import Operator
from operators.contract.tables import LazyTable

class Good(Operator):
    card = Card(title={"en": "Good", "zh": "好"}, category="transform")

    def run(self, table: LazyTable) -> LazyTable:
        return table
"""
BROKEN = {
    "import no_such_library": "ModuleNotFoundError: No module named 'no_such_library'",
    "from math import no_such_thing": "ImportError: cannot import name 'no_such_thing'",
    "def broken(:": "SyntaxError: invalid syntax",
    "raise SystemExit(3)": "SystemExit: 3",
    "raise OSError('first\\nsecond')": "OSError: first second",
    "raise RuntimeError": "RuntimeError",
    GOOD.replace('{"en": "Good", "zh": "好"}', "{}"): "KeyError: 'en'",
    GOOD.replace("    card =", "    card: ClassVar[None]  #"): "AttributeError",
    GOOD.replace("table: LazyTable", "table: NoSuchType"): "NameError: name 'NoSuchType' is not defined",
}


@pytest.fixture
def plugged(tmp_path, monkeypatch):
    """A function that gives a registry of files `{name: text}` of one package."""
    monkeypatch.setattr(operators, "__path__", [*operators.__path__, str(tmp_path)])

    def write(**files):
        (tmp_path / "plugged").mkdir()
        for name, text in files.items():
            (tmp_path / "plugged" / f"{name}.py").write_text(text, "utf-8")
        return Registry(("plugged",))

    yield write
    for name in [name for name in sys.modules if name.startswith("operators.plugged")]:
        del sys.modules[name]


@pytest.mark.parametrize(("text", "reason"), BROKEN.items(), ids=BROKEN.values())
def test_a_broken_file_is_left_out_with_what_python_said(plugged, text, reason):
    registry = plugged(__init__="", bad=text, good=GOOD)
    assert list(registry.operators) == ["good"]
    assert list(registry.broken) == ["bad"]
    assert registry.broken["bad"].reason.startswith(reason)


def test_a_package_that_is_broken_as_a_whole_is_told(plugged):
    registry = plugged(__init__="import no_such_library", good=GOOD)
    assert registry.operators == {}
    assert "no_such_library" in registry.broken["good"].reason


def test_whoever_asks_for_a_broken_operator_is_told_why(plugged):
    registry = plugged(__init__="", bad="import no_such_library", good=GOOD)
    with pytest.raises(BrokenOperatorError, match=r"'bad' cannot be loaded: .*no_such_library") as caught:
        registry.find("bad", 3)
    assert "Other operators work" in caught.value.hint
    with pytest.raises(UnknownOperatorError, match="No operator 'worse'"):
        registry.find("worse")


def test_every_file_is_called_as_its_operator_is():
    assert [kind.__module__.rpartition(".")[2] for kind in BUILTIN.operators.values()] == list(BUILTIN.operators)


def test_a_broken_earlier_version_is_not_passed_over(monkeypatch):
    registry = Registry()
    monkeypatch.setitem(sys.modules, "operators.earlier.expressions", None)
    with pytest.raises(BrokenOperatorError, match="filter_rows@1"):
        registry.find("filter_rows", 1)
    assert registry.find("filter_rows").card.name == "filter_rows"
    assert registry.find("cast_types", 1) is not registry.find("cast_types")
    assert list(registry.broken) == ["earlier/expressions"]


def test_a_broken_learner_is_left_out_and_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "operators.learners.lightgbm", None)
    registry = Registry()
    assert "lightgbm" not in registry.learners
    assert "random_forest" in registry.learners
    assert list(registry.broken) == ["learners/lightgbm"]
