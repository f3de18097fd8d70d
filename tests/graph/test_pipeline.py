"""A pipeline is immutable, says what was meant, and reads back what it wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import NotFoundError, PipelineError
from engine.graph.document import PipelineDocumentError, schema
from engine.graph.node import Link, Node
from engine.graph.pipeline import Pipeline
from operators.prepare.fill_missing import FillMissing

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_ -]{0,10}", fullmatch=True)
WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,10}", fullmatch=True)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
LINKS = st.builds(Link, NAMES, st.just("") | WORDS)
NODES = st.builds(
    Node,
    operator=WORDS,
    version=st.none() | st.integers(1, 99),
    parameters=st.dictionaries(TEXT, PLAIN, max_size=3),
    inputs=st.dictionaries(WORDS, LINKS, max_size=3),
    resources=st.fixed_dictionaries({}, optional={"cpu": st.floats(0.1, 8), "memory": st.just("4GiB")}),
    pin=st.booleans(),
)
PIPELINES = st.builds(
    Pipeline,
    name=TEXT.filter(bool),
    nodes=st.dictionaries(NAMES, NODES, max_size=5),
    parameters=st.dictionaries(WORDS, PLAIN, max_size=3),
    layout=st.dictionaries(NAMES, st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=3),
)


@given(PIPELINES)
def test_yaml_and_json_read_back_what_they_wrote(pipeline):
    assert Pipeline.from_text(pipeline.to_yaml()) == pipeline
    assert Pipeline.from_text(pipeline.to_json()) == pipeline


@given(PIPELINES)
def test_the_same_pipeline_gives_the_same_bytes(pipeline):
    again = Pipeline.from_text(pipeline.to_yaml())
    assert again.to_yaml() == pipeline.to_yaml()
    assert again.to_json() == pipeline.to_json()


def test_a_change_leaves_the_old_pipeline_alone():
    before = Pipeline("p").add("read", "read_dataset")
    after = before.set("read", dataset="people").add("fill", FillMissing(columns=["age"]), train="read")
    assert before.nodes["read"].parameters == {}
    assert list(after.nodes) == ["read", "fill"]


def test_only_what_was_set_is_written():
    node = Pipeline("p").add("fill", FillMissing(columns=["age"])).nodes["fill"]
    assert node.document() == {"operator": "fill_missing", "with": {"columns": ["age"]}}


def test_removing_a_node_takes_its_links_away():
    pipeline = Pipeline("p").add("a", "read_dataset").add("b", "sort_rows", table="a").remove("a")
    assert pipeline.nodes["b"].inputs == {}


@pytest.mark.parametrize("name", ["", "a.b", "../x", "-x", "x" * 65, "a\nb"])
def test_names_that_no_link_could_carry_are_refused(name):
    with pytest.raises(PipelineError, match="cannot name a node"):
        Pipeline("p").add(name, "read_dataset")


def test_a_name_stands_once():
    with pytest.raises(PipelineError, match="already"):
        Pipeline("p").add("a", "read_dataset").add("a", "read_dataset")


def test_an_unknown_node_is_answered_with_the_nearest():
    with pytest.raises(NotFoundError) as caught:
        Pipeline("p").add("split", "split_rows").set("splt", seed=1)
    assert "split" in caught.value.hint


def test_a_placeholder_alone_keeps_the_type_of_its_value():
    pipeline = Pipeline("p", parameters={"share": 0.2, "who": "Ann"})
    pipeline = pipeline.add("a", "x").set("a", one="${share}", two="hi ${who}", three=["${share}"], four="${none}")
    assert pipeline.resolved().nodes["a"].parameters == {
        "one": 0.2,
        "two": "hi Ann",
        "three": [0.2],
        "four": "${none}",
    }


@pytest.mark.parametrize(
    ("text", "node", "field"),
    [
        ("name: p\nnodes: {a: {operater: x}}", "a", ""),
        ("name: p\nnodes: {a: {operator: 'x y'}}", "a", "operator"),
        ("name: p\nnodes: {a: {operator: x, from: {t: 3}}}", "a", "from.t"),
        ("name: p\nnodes: {a: {operator: x, resources: {gpus: 1}}}", "a", "resources"),
        ("name: p\nnodes: {1: {operator: x}}", "", ""),
        ("nodes: {}", "", ""),
        ("[1, 2]", "", ""),
        ("just words", "", ""),
        ("name: p\nname: q\nnodes: {}", "", ""),
        ("name: &a p\nnodes: {b: *a}", "", ""),
        ("name: [", "", ""),
    ],
)
def test_a_document_that_is_no_pipeline_says_where(text, node, field):
    with pytest.raises(PipelineDocumentError) as caught:
        Pipeline.from_text(text)
    problem = caught.value.problems[0]
    assert (problem.node, problem.field) == (node, field)
    assert problem.sentence.endswith(".")


def test_every_fault_of_a_document_is_listed():
    with pytest.raises(PipelineDocumentError) as caught:
        Pipeline.from_text("nodes: {a: {operator: 1}, b: {operator: x, with: 3}}")
    assert len(caught.value.problems) == 3


def test_yaml_words_are_those_of_version_1_2():
    pipeline = Pipeline.from_text("name: p\nnodes: {a: {operator: x, with: {country: NO, day: 2020-01-02, on: true}}}")
    assert pipeline.nodes["a"].parameters == {"country": "NO", "day": "2020-01-02", "on": True}


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 5_000 + "}", "x" * (2**20 + 1), "a: " * 3000])
def test_hostile_text_is_a_sentence(text):
    with pytest.raises(PipelineDocumentError):
        Pipeline.from_text(text)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(PipelineError, match="cannot be read"):
        Pipeline.from_file(tmp_path / "none.yaml")


def test_the_published_schema_is_a_schema():
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(schema())
