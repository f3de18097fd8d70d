"""A pipeline file has a size, and its numbers a length, beyond which a sentence says so."""

import pytest

from engine.graph.document import PipelineDocumentError
from engine.graph.pipeline import Pipeline

YAML = "name: x\nnodes:\n  a:\n    operator: split_rows\n    with: {{seed: {}}}\n"
JSON = '{{"name": "x", "nodes": {{"a": {{"operator": "split_rows", "with": {{"seed": {}}}}}}}}}'
LONG = {
    "hex": "0x" + "f" * 500_000,
    "octal": "0o" + "7" * 5_000,
    "decimal": "9" * 500_000,
    "signed": "-" + "9" * 5_000,
    "fraction": "1" * 5_000 + ".5",
    "listed": "[1, " + "9" * 5_000 + "]",
    "tagged": "!!int " + "9" * 5_000,
    "float": "!!float 0x" + "f" * 5_000,
}


def refused(text):
    with pytest.raises(PipelineDocumentError) as caught:
        Pipeline.from_text(text)
    assert len(str(caught.value)) < 200
    return str(caught.value)


@pytest.mark.parametrize("number", LONG.values(), ids=LONG)
def test_a_number_of_many_digits_is_a_sentence_in_yaml(number):
    assert "characters; at most 400 are read" in refused(YAML.format(number))


@pytest.mark.parametrize("number", [LONG[name] for name in ("decimal", "signed", "fraction", "listed")])
def test_a_number_of_many_digits_is_a_sentence_in_json(number):
    assert "characters; at most 400 are read" in refused(JSON.format(number))


@pytest.mark.parametrize("number", ["0x" + "f" * 300, "9" * 300, "1" + "0" * 300 + ".0"])
def test_numbers_that_a_float_can_hold_are_read(number):
    assert Pipeline.from_text(YAML.format(number)).nodes["a"]


def test_a_file_of_more_than_the_limit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv("TANDEM_PIPELINE_FILE_KB", "1")
    path = tmp_path / "large.yaml"
    path.write_bytes(b"\xff" * 1025)  # no text: it is not read
    with pytest.raises(PipelineDocumentError, match="1,025 characters; at most 1,024 are read") as caught:
        Pipeline.from_file(path)
    assert "TANDEM_PIPELINE_FILE_KB" in caught.value.hint
    assert "at most 1,024" in refused(YAML.format(1) + "#" * 1024)
