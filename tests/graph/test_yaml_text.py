"""YAML is read as its version 1.2 and JSON see values, and written so that every reader sees the same."""

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.cli.pipeline_files import load
from engine.errors import PipelineError
from engine.graph.pipeline import Pipeline
from engine.graph.yaml_text import read, write

FIRST = st.sampled_from(list("0123456789+-.~ynotNOYT=<!&*'\"#"))
LIKE_NUMBERS = st.text("0123456789:_.,+-eExXobnaifINF~ynYNT/Z= ", max_size=12)
TEXTS = st.builds(str.__add__, FIRST, LIKE_NUMBERS) | LIKE_NUMBERS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("012", 12), ("0123", 123), ("-007", -7), ("08", 8), ("+5", 5), ("0o17", 15), ("0x1F", 31), ("1e3", 1000.0),
        (".5", 0.5), ("-.5", -0.5), ("5.", 5.0), ("1.5E-3", 0.0015), ("012.5", 12.5), (".inf", math.inf),
        ("-.INF", -math.inf), ("~", None), ("null", None), ("", None), ("TRUE", True), ("false", False),
    ],
)  # fmt: skip
def test_words_of_the_core_schema_have_their_values(text, value):
    assert read(f"v: {text}") == {"v": value}
    assert type(read(f"v: {text}")["v"]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "12:30", "1:30:45", "12:30:45.5", "-1:30", "1_000", "1_000.5", "0b101", "-0o17", "0o8", "yes", "no", "on",
        "Off", "y", "n", "2024-01-05", "2024-01-05T10:00:00Z", "2024-01-05 10:00:00", "1.2.3", "1e", "e5",
        "inf", "nan", "=", "<<", "nUll", "+", ".", "0x", "1,5", "12 30",
    ],
)  # fmt: skip
def test_anything_else_is_text(text):
    assert read(f"v: {text}") == {"v": text}


@pytest.mark.parametrize("text", ["!!timestamp 2024-01-05", "!!binary aGk=", "!!int 12:30", "!!float 1_0", "!!set {a}"])
def test_a_tag_never_makes_what_json_cannot_say(text):
    with pytest.raises(yaml.YAMLError):
        read(f"v: {text}")


@given(TEXTS)
def test_text_that_looks_like_a_number_stays_text_for_readers_of_both_versions(text):
    written = write({"v": text, "list": [text], text: 1})
    assert read(written)["v"] == yaml.safe_load(written)["v"] == text
    assert read(written)["list"] == yaml.safe_load(written)["list"] == [text]


@given(st.floats(allow_nan=False) | st.integers())
def test_numbers_are_the_same_for_readers_of_both_versions(number):
    written = write({"v": number})
    assert read(written) == yaml.safe_load(written) == {"v": number}


@pytest.mark.parametrize("text", ["0o17", "1e3", "08", "0o7", ".5e3", "y", "N", "12:30", "0x1F", "1_000", "2024-01-05"])
def test_such_text_is_written_in_quotes(text):
    assert write({"v": text}) == f"v: '{text}'\n"


def test_a_clock_time_for_a_number_is_refused_and_leading_zeros_are_decimal():
    node = "nodes: {a: {operator: fill_missing, with: {columns: [v], statistic: constant, value: %s}}}"
    assert Pipeline.from_text(f"name: p\n{node % '12:30'}").nodes["a"].parameters["value"] == "12:30"
    assert Pipeline.from_text(f"name: p\n{node % '0123'}").nodes["a"].parameters["value"] == 123


@pytest.mark.parametrize("twice", ['"a": 1, "a": 2', '"a": {"b": 1, "b": 2}'])
def test_a_key_that_stands_twice_is_refused_in_json_too(twice):
    with pytest.raises(PipelineError, match="stands twice"):
        Pipeline.from_text(f'{{"name": "p", "nodes": {{}}, "parameters": {{{twice}}}}}')


@pytest.mark.parametrize(
    ("text", "value"), [("12:30", "12:30"), ("012", 12), ("2024-01-05", "2024-01-05"), ("1e3", 1e3)]
)
def test_a_setting_on_the_command_line_is_read_alike(tmp_path, text, value):
    path = tmp_path / "p.yaml"
    path.write_text("name: p\nnodes: {a: {operator: fill_missing}}")
    assert load(path, [f"a.value={text}"])[0].nodes["a"].parameters == {"value": value}
