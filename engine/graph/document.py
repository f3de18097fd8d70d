"""Pipeline files: YAML and JSON hold the same document, checked against a published JSON Schema.

YAML is read by the core schema of its version 1.2 (`engine.graph.yaml_text`), as JSON and JSON Schema see values.
"""

import functools
import json
from importlib import resources
from typing import Any

import yaml

from engine.config import Settings
from engine.errors import PipelineError
from engine.graph.node import Problem
from engine.graph.yaml_text import LONGEST, read, write

LIMIT = 10 * 1024 * 1024
"""Bytes of an edit; a pipeline file has `TANDEM_PIPELINE_FILE_KB`."""


class PipelineDocumentError(PipelineError):
    """A document that is no pipeline; `problems` lists every fault."""

    def __init__(self, message: str = "", *, hint: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


@functools.cache
def schema() -> dict[str, Any]:
    """Return the published JSON Schema of a pipeline document."""
    text = resources.files("engine.graph").joinpath("pipeline.schema.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def require_size(count: int) -> None:
    """Do nothing where a pipeline file may have so many bytes, or characters.

    Raises:
        PipelineDocumentError: They are more than `TANDEM_PIPELINE_FILE_KB`.
    """
    most = Settings().pipeline_file_kb * 1024
    if count > most:
        hint = "Keep data in datasets; TANDEM_PIPELINE_FILE_KB is the limit."
        sentence = f"The pipeline file has {count:,} characters; at most {most:,} are read."
        raise PipelineDocumentError(sentence, hint=hint, problems=(Problem("", "", sentence, hint),))


def parse(text: str) -> Any:
    """Return the plain data in a YAML or JSON text.

    Words and numbers are YAML 1.2's: only `true` and `false` are booleans, dates and `12:30` stay text, `012` is 12.

    Raises:
        PipelineDocumentError: The text is neither, is longer than the settings allow, or uses aliases or a key
            twice, or a number of more than 400 characters.
    """
    require_size(len(text))
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_int=_whole, parse_float=_fraction)
    except ValueError:
        pass  # YAML holds JSON, and says in which line a key stands twice
    except RecursionError:
        raise _broken("The pipeline file is nested too deeply.") from None
    try:
        return read(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise _broken(f"The pipeline file is not YAML or JSON{where}: {what}.") from error
    except (RecursionError, ValueError) as error:
        raise _broken("The pipeline file cannot be read: it is nested too deeply or malformed.") from error


def check(document: Any) -> tuple[Problem, ...]:
    """Return every fault of `document` against the schema, in the order of the document."""
    import jsonschema

    wrong = _first_key_that_is_not_text(document)
    if wrong is not None:
        return (Problem("", "", f"The name {wrong!r} is not text.", 'Put it in quotes, as in "1".'),)
    faults = jsonschema.Draft202012Validator(schema()).iter_errors(document)
    return tuple(_problem(fault) for fault in sorted(faults, key=lambda fault: str(list(fault.absolute_path))))


def require_valid(document: Any) -> dict[str, Any]:
    """Return `document` if it is a pipeline.

    Raises:
        PipelineDocumentError: With every fault in `problems`.
    """
    problems = check(document)
    if problems:
        first = problems[0]
        raise PipelineDocumentError(first.sentence, hint=first.hint, problems=problems)
    return document  # type: ignore[no-any-return]


def to_json(document: dict[str, Any]) -> str:
    """Return the document as JSON text; equal documents give equal bytes."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_yaml(document: dict[str, Any]) -> str:
    """Return the document as YAML text; equal documents give equal bytes."""
    return write(document)


def _problem(fault: Any) -> Problem:
    path = [str(part) for part in fault.absolute_path]
    in_node = len(path) > 1 and path[0] == "nodes"
    node, field = (path[1], ".".join(path[2:])) if in_node else ("", ".".join(path))
    place = f"Node {node!r}" if node else "The pipeline"
    return Problem(node, field, f"{place}: {_sentence(fault)}", _hint(fault))


def _sentence(fault: Any) -> str:
    if fault.validator == "required":
        missing = [name for name in fault.validator_value if name not in fault.instance]
        return f"{missing[0]!r} is missing."
    if fault.validator == "additionalProperties":
        known = fault.schema.get("properties", {})
        extra = [name for name in fault.instance if name not in known]
        return f"{extra[0]!r} is not known here."
    if fault.validator == "type":
        return f"{fault.instance!r:.80} is not of type {fault.validator_value}."
    if fault.validator == "pattern":
        return f"{fault.instance!r:.80} is not a name that may be used here."
    return f"{fault.message:.200}."


def _hint(fault: Any) -> str:
    if fault.validator == "additionalProperties":
        return f"It may have {', '.join(fault.schema.get('properties', {}))}."
    if fault.validator == "pattern" and "operator" in fault.absolute_path:
        return "Write name or name@version."
    return "See the pipeline file in the documentation."


def _first_key_that_is_not_text(value: Any) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                return key
            if (found := _first_key_that_is_not_text(inner)) is not None:
                return found
    if isinstance(value, list):
        for inner in value:
            if (found := _first_key_that_is_not_text(inner)) is not None:
                return found
    return None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of `pairs`; `ValueError` if a key stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _whole(text: str) -> int:
    """Return a number, if it is no longer than one may be; `ValueError` otherwise, and YAML says where it stands."""
    if len(text) > LONGEST:
        raise ValueError
    return int(text)


def _fraction(text: str) -> float:
    if len(text) > LONGEST:
        raise ValueError
    return float(text)


def _broken(sentence: str) -> PipelineDocumentError:
    hint = "Check the file with an editor that knows YAML."
    return PipelineDocumentError(sentence, hint=hint, problems=(Problem("", "", sentence, hint),))
