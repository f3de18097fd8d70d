"""A pipeline as Python: running the text gives the same document, byte for byte."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.graph.node import Link, Node
from engine.graph.pipeline import Pipeline
from engine.graph.python_text import to_python, variable_of
from operators.registry import BUILTIN

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "app" / "templates").glob("*.yaml"))


def ran(text):
    """Run the text and return the pipeline it makes."""
    names = {}
    exec(text, names)
    return next(value for value in names.values() if isinstance(value, Pipeline))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_comes_back_from_its_python(template):
    pipeline = Pipeline.from_file(template)
    text = to_python(pipeline)
    assert ran(text).to_json() == pipeline.to_json()
    assert "from operators import" in text
    assert max(map(len, text.splitlines())) <= 120


def test_every_operator_is_written_with_its_class():
    for kind in BUILTIN.operators.values():
        for example in kind.examples():
            pipeline = Pipeline("p").add("node", example.operator)
            text = to_python(pipeline)
            assert f"{kind.__name__}(" in text
            assert ran(text).to_json() == pipeline.to_json()


PARAMETERS = st.dictionaries(
    st.text(max_size=6), st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=3)
)
NODES = st.builds(
    Node,
    operator=st.sampled_from(["fill_missing", "no_such"]),
    version=st.none() | st.just(2),
    parameters=PARAMETERS | st.fixed_dictionaries({"columns": st.lists(st.text(max_size=3), max_size=2)}),
    inputs=st.dictionaries(st.sampled_from(["train", "pin", "a b", "class"]), st.just(Link("a", "x")), max_size=2),
    resources=st.just({}) | st.just({"cpu": 2}),
    pin=st.booleans(),
)


@given(
    nodes=st.dictionaries(st.sampled_from(["a", "b c", "ä"]), NODES, max_size=3), name=st.text(min_size=1, max_size=200)
)
def test_whatever_was_written_comes_back_from_its_python(nodes, name):
    declared = {"seed": {"type": "integer"}, "month": {"description": name}}
    pipeline = Pipeline(name, nodes, {"seed": 7}, {"a": (0, 1.5)}, declarations=declared)
    assert ran(to_python(pipeline)).to_json() == pipeline.to_json()


@pytest.mark.parametrize("name", ["churn", "class", "1 a", "流失", "!!", "Pipeline", ""])
def test_a_variable_can_be_one(name):
    assert variable_of(name).isidentifier()
